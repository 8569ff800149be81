"""The program of the printing process: it reads contents from one pipe and writes PDFs to another.

It runs beside a server process, because a layout cannot be broken off otherwise: a server process that waits too long
ends it (`printer.py`). It has no access to the database, and no setting of the service is in its environment.
"""

from __future__ import annotations

import os
import resource
import select
import signal
from contextlib import suppress
from pathlib import Path
from typing import IO

from infra.reads.objects.pdf.frames import read_frame, write_frame
from infra.reads.objects.pdf.layout import LayoutFailed, lay_out, prepare

LONGEST_SECONDS = 15
"""The process ends itself after so long a layout, if nobody else does: its server process may have been killed."""
IDLE_SECONDS = 300
"""How long the process stays without a document."""
MAX_DOCUMENTS = 1000
"""After how many documents the process ends: another one begins with the next document, with fresh memory."""
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
"""How much address space the process may take. A layout that needs more fails."""
MOST_RESIDENT_BYTES = 384 * 1024 * 1024
"""After a document with which the process has taken more memory than this, it ends."""
OK, FAILED, READY = b"+", b"-", b"!"
"""The first byte of an answer; and the message that says that the first content can be read."""


def main() -> None:
    """Serve until the input ends, or until the process is idle for long."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    with os.fdopen(0, "rb") as source, os.fdopen(1, "wb") as target:
        prepare()
        write_frame(target, READY)
        serve(source, target)


def serve(source: IO[bytes], target: IO[bytes]) -> None:
    """Answer each frame of `source`, a content as JSON, with a frame in `target`."""
    for _ in range(MAX_DOCUMENTS):
        if not select.select([source], [], [], IDLE_SECONDS)[0]:
            return
        content = read_frame(source)
        if content is None:
            return
        signal.alarm(LONGEST_SECONDS)
        try:
            answer = OK + lay_out(content)
        except LayoutFailed as error:
            answer = FAILED + str(error).encode()
        signal.alarm(0)
        write_frame(target, answer)
        if _peak_bytes() > MOST_RESIDENT_BYTES:
            return


def _peak_bytes() -> int:
    """Return the most memory that this program has had so far.

    `getrusage` also counts the process from which this one was started, which may be large: it is asked only where the
    system says nothing else.
    """
    with suppress(OSError), Path("/proc/self/status").open(encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
    os._exit(0)  # without the end of the interpreter, which takes longer than a document
