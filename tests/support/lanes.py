"""The lanes of the suite, a pytest plugin: which tests are fast, and which must share a worker of pytest-xdist.

A test is `fast` unless it needs a database, a server, a browser or another process. The fixtures that it uses, directly
or through others, show this, so no list of fast tests is needed. A test that starts a process without such a fixture
has the marker `process`. A fast test fails when it opens a connection or starts a process. `make test-fast` leaves out
the fast tests that have the marker `thorough`, because each takes about a second. `make test` leaves out the tests with
the marker `long`, whose short forms it has; `make test-long` runs them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, NoReturn

import psycopg
import pytest

from tests.support.alone import MAX_WORKERS, group_of

SLOW_FIXTURES = frozenset({"postgres", "data", "chromium"})
"""The fixtures that every test with a database, a server or a browser uses, directly or through other fixtures."""

FORBIDDEN_EVENTS = frozenset({"socket.connect", "subprocess.Popen", "os.fork", "os.posix_spawn", "os.system"})
"""The audit events of Python that a fast test must not cause."""

REPORTED_IDS = pytest.StashKey[set[str]]()
"""The ids under which all tests were reported to pytest-xdist."""

_guard = {"active": False}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fast: needs no database, server, browser or process; set automatically")
    config.addinivalue_line("markers", "thorough: tries so much that it takes about a second; not in `make test-fast`")
    config.addinivalue_line("markers", "long: the whole of what `make test` has in a short form; in `make test-long`")
    config.addinivalue_line("markers", "process: starts a process or connects without a fixture that says so")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return two workers more than the number of cores: tests wait for the service, for PostgreSQL and for time."""
    return min((os.cpu_count() or 1) + 2, MAX_WORKERS)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Return the scheduler for `--dist=loadgroup`, with which `make test` runs."""
    if config.getoption("dist") != "loadgroup":
        return None
    from tests.support.scheduler import Scheduler  # noqa: PLC0415 -- only the process that starts the workers needs it

    return Scheduler(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a fast test as fast. Put a slow test that uses a fixture of its module into a group with its module's tests.

    All tests that must run alone are one group. pytest-xdist runs all tests of a group in the same worker.
    """
    if is_fast(item):
        item.add_marker("fast")
    elif group := group_of(item):
        item.add_marker(pytest.mark.xdist_group(group))
    elif has_module_fixture(item) and item.get_closest_marker("xdist_group") is None:
        item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def is_fast(item: pytest.Item) -> bool:
    """Whether the test can run without a database, a server, a browser or another process."""
    fixtures = getattr(item, "fixturenames", ())
    return SLOW_FIXTURES.isdisjoint(fixtures) and item.get_closest_marker("process") is None


def has_module_fixture(item: pytest.Item) -> bool:
    """Whether the test uses a fixture with the scope `module`. Every worker that runs the test makes this fixture."""
    definitions: dict[str, Any] = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009 -- not in pytest's types
    return any(fixtures[-1].scope == "module" for fixtures in definitions.values())


@pytest.hookimpl(wrapper=True)
def pytest_collection_finish(session: pytest.Session) -> Iterator[None]:
    """Report the tests of a group to pytest-xdist under ids that end with the name of the group.

    pytest-xdist finds the group of a test in its id. pytest-xdist 3.8 sets this id through an attribute that pytest 9.2
    no longer has. Without this hook, the tests of a group would be spread over all workers.
    """
    if not session.config.getoption("loadgroup", default=False):
        return (yield)
    with pytest.MonkeyPatch.context() as patch:
        for item in session.items:
            if group := item.get_closest_marker("xdist_group"):
                patch.setattr(item, "_id", item.id.parse(f"{item.nodeid}@{group.args[0]}"))
        session.config.stash[REPORTED_IDS] = {item.nodeid for item in session.items}
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    with _guard_of(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    with _guard_of(item):
        return (yield)


def _guard_of(item: pytest.Item) -> AbstractContextManager[None]:
    """Return the guard for a fast test; for other tests, a block without effect.

    The teardown of a fast test is not guarded, because the last test of a session ends the servers of other tests.
    """
    return _guarded() if item.get_closest_marker("fast") else nullcontext()


@contextmanager
def _guarded() -> Iterator[None]:
    """Fail the test if it opens a connection or starts a process during the block.

    Connections of psycopg cause no audit event, because libpq makes them. So this function replaces the method through
    which psycopg makes all connections.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Connection, "_connect_gen", _refuse_connection)
        patch.setitem(_guard, "active", True)
        yield


def _refuse_connection(*_: object, **__: object) -> NoReturn:
    _refuse("psycopg.connect")


def _audit(
    event: str, _: object, *, forbidden: frozenset[str] = FORBIDDEN_EVENTS, guard: dict[str, bool] = _guard
) -> None:
    # The names are bound here: the interpreter clears those of the module while it ends, and hooks still run then.
    if event in forbidden and guard["active"]:
        _refuse(event)


def _refuse(event: str) -> NoReturn:
    pytest.fail(
        f"A fast test called {event}. Use a fixture that provides the database or the server (see tests/README.md), "
        "or mark the test with @pytest.mark.process.",
        pytrace=True,
    )


sys.addaudithook(_audit)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    return _refuse_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    return _refuse_skip(report)


def _refuse_skip(report: Any) -> Any:
    """Fail a skipped test if TESTS_LEAVE_NOTHING_OUT is set (`.ci/run`). Otherwise a skip could look like a success."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("TESTS_LEAVE_NOTHING_OUT"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipped, although TESTS_LEAVE_NOTHING_OUT is set: {reason}"
    return report
