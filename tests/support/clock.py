"""The command line on a host whose clock is wrong; and a PostgreSQL whose clock a test sets."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.os_user import find_os_user
from tests.support import command_line

_WRONG = """
import ctypes, datetime, gc, sys, time

ahead = datetime.timedelta(seconds=float(sys.argv.pop(1)))
right_now, right_time = datetime.datetime.now, time.time


@classmethod
def now(cls, tz=None):
    return right_now(tz) + ahead


# A built-in type accepts no new attribute, but its dictionary can be changed.
gc.get_referents(datetime.datetime.__dict__)[0]["now"] = now
ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))
time.time = lambda: right_time() + ahead.total_seconds()

from infra.cli import main
main()
"""


def ahead_command(ahead: timedelta) -> list[str]:
    """Return the beginning of a command line that runs `smartdhandha` on a host whose clock is ahead by `ahead`."""
    return [sys.executable, "-c", _WRONG, str(ahead.total_seconds())]


def run_ahead(ahead: timedelta, *arguments: str, env: dict[str, str]) -> command_line.CommandResult:
    """Run a command of `smartdhandha` as a process whose clock is ahead by `ahead`. The command must succeed."""
    return command_line.run_process(*arguments, env=env, command=ahead_command(ahead))


LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
"""The library of Debian's package `libfaketime`, which changes the clock of a process; None without the package."""


class DatabaseClock:
    """The clock of a PostgreSQL server. The server must not be running: this class starts it with a changed clock."""

    def __init__(self, data: Path) -> None:
        os_user = find_os_user()
        self._file = data.parent / "clock"
        self.set("+0")
        changes = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        start: list[str | Path] = [
            programs(os_user) / "pg_ctl",
            "start",
            "-w",
            "-s",
            "-D",
            "postgresql",
            "-l",
            "log/start.log",
        ]
        done = os_user.run(["env", *(f"{name}={value}" for name, value in changes.items()), *start], data)
        assert done.returncode == 0, done.stdout

    def set(self, offset: str) -> None:
        """Set the clock ahead (`+25h`) or back (`-1h`), relative to the right time. This takes up to a second."""
        part = self._file.with_suffix(".part")
        part.write_text(f"{offset}\n")
        part.chmod(0o644)
        part.rename(self._file)
