"""The bundled PostgreSQL ends: `serve` starts it again by itself, and nothing that was acknowledged is missing."""

import json
import os
import signal

import psutil
import pytest

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from tests.support.client import Api, list_events
from tests.support.command_line import environment, run_process
from tests.support.organization import Organization
from tests.support.postgres import folder_for_servers, server_processes
from tests.support.scenarios import invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until
from tests.support.writers import Writers

pytestmark = pytest.mark.process
LOGGER = "smartdhandha.postgres"


class Bundled:
    """A service on the bundled PostgreSQL, in a folder of its own."""

    def __init__(self, folder):
        self.data, self.log = folder / "data", folder / "serve.log"
        self.env = environment(SMARTDHANDHA_DATA=str(self.data))
        self.service = Service(None, log=self.log, SMARTDHANDHA_DATA=str(self.data))

    def postmaster(self):
        return psutil.Process(int((self.data / "postgresql" / "postmaster.pid").read_text().split("\n")[0]))

    def end(self, signal_number):
        """End the server by this signal, and wait until its main process has gone."""
        postmaster = self.postmaster()
        postmaster.send_signal(signal_number)
        wait_until(lambda: not postmaster.is_running() or postmaster.status() == psutil.STATUS_ZOMBIE)

    def states(self):
        """Return what the master has logged about the server."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line["message"] for line in lines if line["logger"] == LOGGER]

    def await_end_of_outage(self):
        """Wait until the master has logged it, which may be a moment after requests succeed."""
        wait_until(lambda: self.states()[-1].endswith("runs again"))

    def attempts(self):
        """Return the processes that start the server now."""
        running = [process.info for process in psutil.process_iter(["cmdline"])]
        return [info for info in running if (info["cmdline"] or [])[-2:] == ["infra.postgres.embedded", str(self.data)]]

    def starts(self):
        """Return what tells one attempt to start the server from another; 0 for no file."""
        log = self.data / "log" / "start.log"
        try:
            return log.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


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
    with run_postgres(bundled.data) as conninfo, connect_as_table_owner(conninfo) as owner:
        organization = Organization(bundled.service.url, owner)
        key = organization.api().key
        organization.close()
    with Api(bundled.service.url, key) as client:
        yield client


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGQUIT, signal.SIGINT], ids=lambda it: it.name)
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
    assert ended.endswith("has ended; it is started again") and runs.endswith("runs again")
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
    assert failed.startswith("PostgreSQL cannot be started; this is tried again until it can: ")
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
