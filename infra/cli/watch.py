"""Runs the service for developers: `python -m infra.cli.watch`, which `make watch` runs with the options of `serve`.

When a Python module or a migration changes, the service is restarted. Templates, static files and guides need no
restart: the service reads changed files again (SMARTDHANDHA_RELOAD).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from infra.cli.base import database
from infra.cli.errors import reported_errors
from infra.cli.output import note
from infra.settings import load

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "commands", "projections", "api", "infra")
WATCHED = {".py", ".sql"}
POLL_SECONDS = 0.5

Times = dict[Path, int]


class Watch:
    """Runs the service, and restarts it after each change, until `stop` is called."""

    def __init__(self, options: Sequence[str]) -> None:
        self._command = [sys.executable, "-c", "from infra.cli import main; main()", "serve", *options]
        self._is_stopping = False

    def stop(self) -> None:
        """Let `run` return. A signal handler may call this."""
        self._is_stopping = True

    def run(self) -> None:
        """Serve until `stop` is called, and wait for the service to end."""
        times, process = modification_times(), self._start()
        while not self._is_stopping:
            time.sleep(POLL_SECONDS)
            if changes := changed_files(times, now := modification_times()):
                times = now
                note(f"Changed: {', '.join(changes)}. Restarting.")
                _end(process)
                process = self._start()
        _end(process)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, cwd=ROOT, env={**os.environ, "SMARTDHANDHA_RELOAD": "true"})


def modification_times() -> Times:
    """Return when each watched file was last changed, in nanoseconds since 1970."""
    times = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*"):
            if path.suffix in WATCHED:
                with suppress(FileNotFoundError):  # an editor may replace the file at this moment
                    times[path] = path.stat().st_mtime_ns
    return times


def changed_files(before: Times, now: Times) -> list[str]:
    """Return the files that were changed, added or removed, relative to the project."""
    return sorted(str(path.relative_to(ROOT)) for path in before.keys() | now if before.get(path) != now.get(path))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()  # has no effect if the service has already ended, such as after an error in the code
    process.wait()


def main(options: Sequence[str]) -> None:
    """Watch until SIGINT or SIGTERM. The bundled PostgreSQL, if it is used, is not restarted with the service."""
    watch = Watch(options)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: watch.stop())
    with database(load(os.environ)):
        watch.run()


if __name__ == "__main__":
    with reported_errors():
        main(sys.argv[1:])
