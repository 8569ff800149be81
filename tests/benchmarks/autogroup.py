"""Linux's autogroups, which divide the processor among login sessions. They are off during a benchmark.

PostgreSQL, the service and wrk run in a session each, so each of them would get a third of the processor when all of
them need it. A request would then wait for tens of milliseconds in between. A service manager such as systemd puts
services in control groups, where there are no autogroups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SETTING = Path("/proc/sys/kernel/sched_autogroup_enabled")


@contextmanager
def off(note: Callable[[str], None]) -> Iterator[None]:
    """Turn autogroups off, and restore the setting at the end. Without the right to do so, `note` says what follows."""
    if not SETTING.exists() or SETTING.read_text().strip() == "0":
        yield
        return
    try:
        SETTING.write_text("0")
    except OSError:
        note(
            f"{SETTING} is on and can only be changed by root: expect a higher p99, above all in the line on fairness."
        )
        yield
        return
    try:
        yield
    finally:
        SETTING.write_text("1")
