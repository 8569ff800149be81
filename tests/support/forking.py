"""The process that forks processes of `smartdhandha`: see fork_server.py. Its argument is its socket."""

from __future__ import annotations

import atexit
import io
import json
import mimetypes
import os
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

# Imported here, so that the forked processes need not do it.
import infra.cli.audit
import infra.cli.projections
import infra.cli.serve
import infra.cli.worker  # noqa: F401 -- for the forked processes
from api.pages.factory import compile_templates
from infra.assets import reference_script
from infra.postgres.schema.files import list_migrations
from tests.support.cheap_hashes import make_hashing_cheap

_MAX_MESSAGE = 256 * 1024


def wait_for_orders(orders: socket.socket) -> str:
    """Fork a process for each order. In these processes, return the code of the order.

    This process ends when there will be no more orders.
    """
    while True:
        order, streams, _, _ = socket.recv_fds(orders, _MAX_MESSAGE, 3)
        if not order:
            os._exit(0)
        reader, writer = os.pipe()
        middle = os.fork()
        if middle == 0:
            os.close(reader)
            if _is_forked_again(writer):
                orders.close()
                return _become(order, streams)
        for each in (*streams, writer):
            os.close(each)
        # When the process in the middle has ended, the tests' process is the parent of the new one.
        os.waitpid(middle, 0)
        orders.send(os.read(reader, 100))
        os.close(reader)


def _is_forked_again(writer: int) -> bool:
    """Fork once more. Return True in the new process; end this process after writing the id of the new one."""
    forked = os.fork()
    if forked:
        os.write(writer, str(forked).encode())
        os._exit(0)
    os.close(writer)
    return True


def _become(order: bytes, streams: Sequence[int]) -> str:
    """Take on the arguments, the environment, the folder and the streams of the order, in a session of its own.

    Return the code of the order.
    """
    (code, *arguments), env, folder = json.loads(order)
    os.setsid()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for stream in streams:
        if stream > 2:
            os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = _stream(0, "r"), _stream(1, "w"), _stream(2, "w")
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]
    sys.argv = ["-c", *arguments]
    # Code that `python -c` runs is of no module and no file. multiprocessing would run them, and click name them.
    main = sys.modules["__main__"]
    main.__spec__ = main.__file__ = main.__package__ = None
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    return str(code)


def _stream(number: int, mode: str) -> io.TextIOWrapper:
    """Return a standard stream as Python opens it at its start."""
    raw = open(number, f"{mode}b", closefd=False)  # noqa: SIM115 -- by its number, and open until the end
    errors = "backslashreplace" if number == 2 else "strict"
    return io.TextIOWrapper(raw, "utf-8", errors, line_buffering=number == 2 or os.isatty(number))


def _run(code: str) -> None:
    """Run the code as `python -c` does. At its end, leave out what Python does last: it frees all objects one by one.

    That takes a third of the processor time of a service that only starts and stops, and nothing can notice it. All
    else is done: threads are waited for, exit functions are called, and the streams are flushed. When a stream cannot
    be flushed, the process ends as Python ends it.
    """
    try:
        exec(compile(code, "<string>", "exec", dont_inherit=True), globals())  # noqa: S102 -- what `python -c` does
    except SystemExit as end:
        if isinstance(end.code, int):
            threading._shutdown()  # type: ignore[attr-defined]
            atexit._run_exitfuncs()
            with suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(end.code & 0xFF)
        raise


if __name__ == "__main__":
    # What each service reads from files that do not change.
    reference_script()
    mimetypes.init()
    make_hashing_cheap()
    compile_templates()
    assert all(migration.checksum for migration in list_migrations())
    _run(wait_for_orders(socket.socket(fileno=int(sys.argv[1]))))
