"""A pytest plugin: which tests of other workers of pytest-xdist may run at the same time as a test.

Other tests would change the result of the few tests that observe how long something takes or how the operating system
schedules processes. While a test with the marker `alone` runs, no other test runs. While tests with the marker `quiet`
run, which mostly wait, only such tests run.
"""

from __future__ import annotations

import atexit
import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import IO

import pytest

MAX_WORKERS = 8
"""The maximum number of workers of pytest-xdist. Each worker has a PostgreSQL, a service, and perhaps a browser."""

GROUP, QUIET_GROUPS = "alone", "quiet "
"""The group of pytest-xdist of all tests with the marker `alone`, and the beginning of the names of those of `quiet`.
The scheduler deals them out last, so that they delay no one."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "alone: no other test may run at the same time")
    config.addinivalue_line("markers", "quiet(part): only other tests with this marker may run at the same time")


def group_of(item: pytest.Item) -> str | None:
    """Return the group of a test with one of the two markers. The tests of a part of a module are one group."""
    if item.get_closest_marker("alone"):
        return GROUP
    if (quiet := item.get_closest_marker("quiet")) is None:
        return None
    return QUIET_GROUPS + " ".join((item.nodeid.partition("::")[0], *quiet.args))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if (worker := os.environ.get("PYTEST_XDIST_WORKER")) is None:
        return (yield)
    *all_workers, entry = _files()
    if item.get_closest_marker("alone"):
        turn = _turn(entry, fcntl.LOCK_EX, all_workers)
    elif item.get_closest_marker("quiet"):
        turn = _turn(entry, fcntl.LOCK_EX, [all_workers[int(worker.removeprefix("gw")) % MAX_WORKERS]])
    else:
        turn = _turn(entry, fcntl.LOCK_SH, all_workers)
    with turn:
        return (yield)


@contextmanager
def _turn(entry: IO[str], kind: int, files: Sequence[IO[str]]) -> Iterator[None]:
    """Hold a lock on each of these files for one test.

    Ordinary tests share the locks of all workers. A quiet test has the lock of its own worker for itself, so that it
    waits for ordinary tests, and they for it. Every test first takes the entry lock. One that waits for others keeps
    it, so that no other test begins.
    """
    with ExitStack() as held:
        fcntl.flock(entry, fcntl.LOCK_EX)
        for file in files:
            fcntl.flock(file, kind)
            held.callback(fcntl.flock, file, fcntl.LOCK_UN)
        fcntl.flock(entry, fcntl.LOCK_UN)
        yield


@cache
def _files() -> list[IO[str]]:
    """Return the files that have the locks: one for each worker, and the last one for the entry.

    Every worker has these files, modules of the tests, and a lock does not change them.
    """
    modules = sorted(Path(__file__).parent.glob("*.py"))
    files: list[IO[str]] = [module.open() for module in modules[: MAX_WORKERS + 1]]
    for file in files:
        atexit.register(file.close)
    return files
