"""The command line on a host whose clock is wrong. The database's clock is right."""

from __future__ import annotations

import sys
from datetime import timedelta

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


def run_ahead(ahead: timedelta, *arguments: str, env: dict[str, str]) -> command_line.CommandResult:
    """Run a command of `smartdhandha` as a process whose clock is ahead by `ahead`. The command must succeed."""
    wrong = [sys.executable, "-c", _WRONG, str(ahead.total_seconds())]
    return command_line.run_process(*arguments, env=env, command=wrong)
