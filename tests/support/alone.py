"""A pytest plugin: while a test with the marker `alone` runs, no other worker of pytest-xdist runs a test.

The marker is for the few tests that observe how the operating system schedules processes. Other tests would change the
result.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

GROUP = "alone"
"""The group of pytest-xdist of all tests with the marker. The scheduler deals it out last, so that it delays no one."""
LOCK, ENTRY_LOCK = Path(__file__), Path(__file__).with_name("__init__.py")
"""The files on which workers take locks. Every worker has these files, and a lock does not change them."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "alone: no other test may run at the same time")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    with _turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@contextmanager
def _turn(*, alone: bool) -> Iterator[None]:
    """Hold the lock for one test: as a shared lock, or as an exclusive lock for a test that must be alone.

    Every test first takes the entry lock. A test that waits for the exclusive lock keeps the entry lock, so that no
    other test begins.
    """
    with LOCK.open() as lock, ENTRY_LOCK.open() as entry:
        fcntl.flock(entry, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(entry, fcntl.LOCK_UN)
        yield
