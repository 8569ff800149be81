"""Fixtures for the short forms of the scenarios, which `make chaos` has at length."""

from __future__ import annotations

import pytest

from tests.chaos.load.load import Load
from tests.chaos.probe import Probe
from tests.chaos.report import Report
from tests.chaos.stage import quiet_service
from tests.chaos.under_load import on_database

PAUSE_SECONDS = {Load: 0.25, Probe: 0.1}


@pytest.fixture(scope="package", autouse=True)
def pauses():
    """Let each client of a load, and each probe, wait after a response: a promise needs requests, but not many.

    So other tests that run at the same time have processors, too, and the checker has less to read.
    """
    with pytest.MonkeyPatch.context() as patch:
        for client, seconds in PAUSE_SECONDS.items():
            patch.setattr(client, "least_pause", seconds)
        yield


@pytest.fixture
def report():
    """The lines of a scenario. Goals other than times must be reached."""
    made = Report()
    yield made
    assert made.lines and made.broken == []


@pytest.fixture
def served(own_database):
    """A service with two server processes on a database of this test, and its place."""
    with quiet_service(own_database) as service:
        yield service, on_database(service.url, own_database)


@pytest.fixture
def place(served):
    """The place of that service alone."""
    return served[1]
