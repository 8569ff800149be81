"""How the server shuts down, when it is ready, and how its workers share connections."""

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import httpx
import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.client import data_of
from tests.support.command_line import environment
from tests.support.fork_server import start_process
from tests.support.organization import Organization
from tests.support.scenarios import draft_invoice, invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_in_flight_is_answered_before_shutdown(own_database, signal_number):
    with (
        connect_as_table_owner(own_database) as owner,
        connect_as_table_owner(own_database) as holder,
        Service(own_database) as service,
    ):
        organization = Organization(service.url, owner)
        api = organization.api()
        waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        wait_until(lambda: len(service.workers()) == 2)
        with ThreadPoolExecutor(1) as thread:
            with holder.transaction():
                holder.execute("SELECT FROM org_log WHERE org_id = %s FOR UPDATE", (organization.id,))
                future = thread.submit(api.post, "invoices", json=invoice_body())
                wait_until(lambda: owner.execute(waiting).fetchall())
                os.killpg(service.process.pid, signal_number)
                # The listening sockets are closed first: once they are, the signal has arrived.
                wait_until(service.refuses_connections)
            response = future.result()
            invoice = data_of(response, 201)
            # Otherwise the client would send its next request on a connection that ends now.
            assert response.headers["Connection"] == "close"
        assert service.process.wait(40) == 0
        assert owner.execute("SELECT id FROM invoices").fetchall() == [(invoice["id"],)]
        organization.close()


def test_a_process_that_is_stopped_is_replaced_within_the_time_that_its_clients_wait(own_database):
    """Seen red with a `timeout` of 60 seconds: the clients of the stopped process waited for a minute.

    Seen red when the first heartbeat came after the first answer: a process that was stopped between them stayed.
    """
    with Service(own_database, "--workers", "1", "--no-worker") as service:
        assert httpx.get(f"{service.url}/healthz", trust_env=False, timeout=30).status_code == 200
        (stopped,) = service.workers()
        stopped.suspend()
        wait_until(lambda: stopped not in service.workers() and service.workers())
        assert httpx.get(f"{service.url}/healthz", trust_env=False, timeout=30).status_code == 200


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_on_a_terminal_it_says_that_it_stops_and_that_one_worker_has_led(own_database, signal_number):
    screen, end = os.openpty()
    with Service(own_database, terminal=end) as service:
        os.close(end)
        said = b""
        while b"this worker leads" not in said:
            said += os.read(screen, 1000)
        os.killpg(service.process.pid, signal_number)
        assert service.process.wait(40) == 0
        said += rest_of(screen)
    os.close(screen)
    assert said.count(b"Stopping: requests in flight are answered first.") == 1
    assert said.count(b"this worker leads") == 1


def rest_of(screen):
    """Return what can still be read from a terminal that no process has open; at its end, Linux raises OSError."""
    output = b""
    with suppress(OSError):
        while more := os.read(screen, 1000):
            output += more
    return output


def test_an_idle_connection_does_not_delay_shutdown(own_database):
    """The stock worker waits for its graceful timeout of 30 seconds."""
    with connect_as_table_owner(own_database) as owner, Service(own_database) as service:
        organization = Organization(service.url, owner)
        draft_invoice(organization.api())
        service.process.terminate()
        assert service.process.wait(20) == 0
        organization.close()


STOPPED_WHILE_A_WORKER_STARTS = """
import os, signal, time
from infra.cli import main
from infra.server.application import Application

begin_process = Application._begin_process

def stop_at_once(self, arbiter, worker):
    os.kill(arbiter.pid, signal.SIGTERM)
    while arbiter.SIG_QUEUE.empty() and signal.SIGTERM not in signal.sigpending():
        time.sleep(0.01)  # until the arbiter has passed the signal on
    begin_process(self, arbiter, worker)

Application._begin_process = stop_at_once
main()
"""


def test_a_signal_that_comes_before_a_worker_has_its_handlers_is_not_lost(own_database):
    """Otherwise the arbiter waits the whole 30 seconds for a worker that does not know that it is to stop."""
    command = [sys.executable, "-c", STOPPED_WHILE_A_WORKER_STARTS, "serve", "--bind", "127.0.0.1:0", "--workers", "1"]
    with start_process(command, environment(DATABASE_URL=own_database), stdout=subprocess.DEVNULL) as process:
        try:
            assert process.wait(20) == 0
        finally:
            process.kill()


def test_ready_means_that_the_database_answers_and_no_migration_is_pending(own_database):
    with connect_as_table_owner(own_database) as owner, Service(own_database) as service:
        assert httpx.get(f"{service.url}/readyz").status_code == 200
        owner.execute("UPDATE schema_migrations SET version = 9999 WHERE version = 1")
        assert httpx.get(f"{service.url}/readyz").status_code == 503
        assert httpx.get(f"{service.url}/healthz").status_code == 200


@pytest.mark.alone
def test_a_new_connection_goes_to_the_worker_with_fewer_connections(own_database):
    """A connection stays with the worker that accepted it, so a worker that accepts all leaves the others idle."""
    with Service(own_database, "--workers", "2") as service, ExitStack() as opened:
        port = int(service.url.rpartition(":")[2])

        def connect():
            connection = opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
            return connection

        def holder(connection):
            mine = connection.getsockname()[1]
            return next(w.pid for w in service.workers() for c in w.net_connections("tcp") if c.raddr[1:] == (mine,))

        held: dict[socket.socket, int] = {}
        wait_until(
            lambda: held.setdefault(one := connect(), holder(one)) and len(set(held.values())) == 2
        )  # both are there
        while max(Counter(held.values()).values()) < 12:
            held.setdefault(one := connect(), holder(one))
        busy = max(held.values(), key=list(held.values()).count)
        for connection in [one for one, pid in held.items() if pid != busy]:
            connection.close()
        taken = []
        for _ in range(16):
            one = connect()
            taken.append(holder(one))
            one.close()
        assert taken.count(busy) <= 4
