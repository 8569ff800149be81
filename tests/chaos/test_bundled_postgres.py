"""The bundled PostgreSQL ends: `serve` starts it again by itself, and nothing that was acknowledged is missing."""

import os
import signal

import pytest

from tests.support.bundled import Bundled
from tests.support.client import Api, list_events
from tests.support.command_line import run_process
from tests.support.postgres import folder_for_servers, server_processes
from tests.support.scenarios import invoice_body
from tests.support.waiting import wait_until
from tests.support.writers import Writers

pytestmark = pytest.mark.process
SIGNALS = [signal.SIGKILL, signal.SIGQUIT, signal.SIGINT, signal.SIGTERM]
"""The last one lets a server wait until its clients have closed their connections."""


@pytest.fixture(scope="module")
def bundled():
    with folder_for_servers() as folder:
        made = Bundled(folder)
        with made.service:
            yield made
        wait_until(lambda: not server_processes(folder))


@pytest.fixture
def api(bundled):
    """A client with a key of a new organization."""
    with Api(bundled.service.url, bundled.new_key()) as client:
        yield client


@pytest.mark.parametrize("signal_number", SIGNALS, ids=lambda it: it.name)
def test_a_server_that_was_ended_comes_back_by_itself_and_nothing_acknowledged_is_lost(bundled, api, signal_number):
    said = len(bundled.states())
    with Writers(bundled.service.url, api.key) as writers:
        writers.go_on()
        bundled.end(signal_number)
        writers.go_on()
    stored = [invoice["id"] for invoice in list_events(api, "invoices", limit=100)]
    assert len(stored) == len(set(stored))
    assert set(writers.acknowledged) <= set(stored)
    bundled.await_end_of_outage()
    ended, runs = bundled.states()[said:]
    assert ended.endswith("it is started again") and runs.endswith("runs again")
    run_process("audit", "verify", env=bundled.env)


def test_a_server_that_cannot_start_is_tried_until_it_can(bundled, api):
    """As on a full disk: the first attempts fail until there is room."""
    said, control = len(bundled.states()), bundled.data / "postgresql" / "global" / "pg_control"
    invoice = api.create("invoices", invoice_body())
    control.rename(control.with_name("away"))
    try:
        bundled.end(signal.SIGKILL)
        first = bundled.starts()
        second = wait_until(lambda: bundled.starts() not in (0, first) and bundled.starts())
        wait_until(lambda: bundled.starts() not in (0, first, second))
    finally:
        control.with_name("away").rename(control)
    wait_until(lambda: api.get("me").status_code == 200)
    bundled.await_end_of_outage()
    assert api.read(f"invoices/{invoice['id']}") == invoice
    ended, failed, runs = bundled.states()[said:]
    assert ended.endswith("it is started again") and runs.endswith("runs again")
    assert failed.startswith("PostgreSQL cannot be started; further attempts follow: ")
    assert "pg_control" in failed


def test_a_command_may_start_it_first(bundled, api):
    bundled.end(signal.SIGKILL)
    run_process("db", "status", env=bundled.env)
    wait_until(lambda: api.get("me").status_code == 200)
    run_process("db", "status", env=bundled.env)
    assert len([process for process in server_processes(bundled.data) if process.pid == bundled.postmaster().pid]) == 1


@pytest.mark.parametrize("can_start", [True, False])
def test_a_service_that_stops_leaves_no_server_behind(can_start):
    with folder_for_servers() as folder:
        bundled = Bundled(folder)
        with bundled.service as service:
            if not can_start:
                (bundled.data / "postgresql" / "global" / "pg_control").rename(folder / "away")
            bundled.end(signal.SIGKILL)
            wait_until(bundled.states)
            os.kill(service.process.pid, signal.SIGTERM)
            assert service.process.wait(40) == 0
        wait_until(lambda: not bundled.attempts() and not server_processes(folder))
