"""The database away: what cannot be done is refused at once, what can be done goes on, and all comes back by itself."""

import shutil
import tempfile
import time
from pathlib import Path

import httpx
import pytest

from infra.database import connect_owner
from infra.embedded import running
from infra.embedded.binaries import programs
from infra.embedded.cluster import Cluster
from infra.embedded.owner import server_owner
from infra.embedded.server import Server
from infra.migrate import migrate
from tests.scenarios import invoice_body
from tests.support import Organization, Service, at_once, error_of, until


class Database:
    """A PostgreSQL of this module's own, which can be stopped and started under the service."""

    def __init__(self, data, conninfo):
        self.conninfo = conninfo
        owner = server_owner()
        self._server = Server(Cluster(data.resolve(), owner, programs(owner)))

    def stop(self, how):
        assert self._server._pg_ctl("stop", "-m", how, "-w") == 0

    def start(self):
        self._server.ensure()


@pytest.fixture(scope="module")
def database():
    parent = Path(tempfile.mkdtemp(prefix="sd-"))
    parent.chmod(0o711)
    with running(parent / "data", on_note=lambda note: None) as conninfo:
        with connect_owner(conninfo) as conn:
            migrate(conn)
        yield Database(parent / "data", conninfo)
    shutil.rmtree(parent)


@pytest.fixture(scope="module")
def service(database):
    with Service(database.conninfo) as running_service:
        yield running_service


@pytest.fixture
def api(service, database):
    with connect_owner(database.conninfo) as owner:
        made = Organization(service.url, owner)
        yield made.api()
        made.close()


@pytest.fixture
def probes(service):
    with httpx.Client(base_url=service.url, trust_env=False, timeout=30) as client:
        yield client


def refused_in_time(api, method, path, **options):
    started = time.monotonic()
    answer = api.request(method, path, **options)
    seconds = time.monotonic() - started
    error_of(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "2"
    assert seconds < 2
    return seconds


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_the_database_goes_away_and_returns(database, service, api, probes, how):
    at_once(16, lambda _: api.got("me"))
    processes = [worker.pid for worker in service.workers()]
    database.stop(how)
    gone = time.monotonic()
    while time.monotonic() - gone < 4:
        refused_in_time(api, "GET", "me")
        refused_in_time(api, "POST", "invoices", json=invoice_body())
        assert probes.get("/healthz").status_code == 200
        error_of(probes.get("/readyz"), 503, "unavailable")
    at_once(16, lambda _: refused_in_time(api, "GET", "invoices"))
    database.start()
    returned = time.monotonic()
    until(lambda: probes.get("/readyz").status_code == 200, 5)
    until(lambda: api.get("me").status_code == 200, returned + 5 - time.monotonic())
    time.sleep(max(0, returned + 5 - time.monotonic()))
    at_once(16, lambda _: [api.got("me") for _ in range(5)])
    api.made("invoices", invoice_body())
    assert [worker.pid for worker in service.workers()] == processes


def test_while_it_is_away_no_thread_is_held_up(database, api, probes):
    """Sixteen clients keep asking for what cannot be had; the process still answers for itself at once."""
    database.stop("fast")
    try:
        until(lambda: api.get("me").elapsed.total_seconds() < 0.5, 10)

        def ask(number):
            if number:
                return [refused_in_time(api, "GET", "me") for _ in range(8)]
            started = time.monotonic()
            assert probes.get("/healthz").status_code == 200
            return [time.monotonic() - started]

        assert max(at_once(17, ask)[0]) < 2
    finally:
        database.start()
    until(lambda: api.get("me").status_code == 200, 5)


def test_a_restart_that_nobody_noticed_fails_no_request(database, api):
    until(lambda: api.get("me").status_code == 200, 5)
    at_once(16, lambda _: api.got("me"))
    database.stop("fast")
    database.start()
    for _ in range(20):
        api.got("me")


def test_it_is_not_ready_while_migrations_wait(own_database):
    take = "DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM schema_migrations) RETURNING *"
    with Service(own_database, "--workers", "1") as service, connect_owner(own_database) as owner:
        taken = owner.execute(take).fetchone()
        with httpx.Client(base_url=service.url, trust_env=False) as probes:
            error = error_of(probes.get("/readyz"), 503, "unavailable")
            assert "db migrate" in error["message"]
            assert probes.get("/healthz").status_code == 200
            owner.execute("INSERT INTO schema_migrations VALUES (%s, %s, %s)", taken)
            assert probes.get("/readyz").status_code == 200
