"""The database lives and cannot write, or takes no connection: requests are 503, and the log says why."""

import json
import re
from contextlib import ExitStack

import httpx
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from infra.postgres.database import connect_as_table_owner
from tests.support.client import error_of
from tests.support.organization import Organization
from tests.support.postgres import application_login
from tests.support.scenarios import invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until

pytestmark = pytest.mark.process

FULL_DISK = """
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER fill BEFORE INSERT ON credits FOR EACH ROW EXECUTE FUNCTION fill();
"""
END_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = 'smartdhandha'
"""
NO_CONNECTIONS = re.compile("too many clients|connection slots are reserved")
"""What PostgreSQL says with SQLSTATE 53300."""
CANNOT_WRITE = {"temp_file_limit": ("0", "53400"), "default_transaction_read_only": ("on", "25006")}


@pytest.fixture
def log(tmp_path):
    return tmp_path / "serve.log"


@pytest.fixture
def owner(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def service(own_database, log):
    with Service(own_database, "--workers", "1", "--no-worker", log=log) as running:
        yield running


@pytest.fixture
def api(service, owner):
    organization = Organization(service.url, owner)
    yield organization.api()
    organization.close()


def lines(log):
    """Return what was logged about the database: messages and SQLSTATEs."""
    logged = [json.loads(line) for line in log.read_text().splitlines()]
    return [(line["message"], line.get("sqlstate")) for line in logged if line["logger"] == "smartdhandha.database"]


def test_a_full_disk_is_named_in_the_log_once_with_its_sqlstate(api, owner, log):
    owner.execute(FULL_DISK)
    for _ in range(5):
        error_of(api.get("invoices"), 503, "unavailable")
        error_of(api.post("invoices", json=invoice_body()), 503, "unavailable")
    full = 'the database could not serve a request: could not extend file "base/1/2": No space left on device'
    assert lines(log) == [(full, "53100")]
    owner.execute("DROP TRIGGER fill ON credits")
    api.create("invoices", invoice_body())


def test_requests_of_a_database_that_takes_no_changes_are_503_until_it_does(own_database, api, owner, log):
    name = owner.info.dbname
    owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    owner.execute(END_SESSIONS, (name,))
    error_of(api.get("invoices"), 503, "unavailable")
    error_of(api.post("invoices", json=invoice_body()), 503, "unavailable")
    assert "25006" in {sqlstate for _, sqlstate in lines(log)}
    with owner.transaction():
        owner.execute("SET TRANSACTION READ WRITE")
        owner.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    owner.execute(END_SESSIONS, (name,))
    wait_until(lambda: api.get("invoices").status_code == 200)
    api.create("invoices", invoice_body())


@pytest.mark.parametrize("setting", CANNOT_WRITE)
def test_a_service_whose_database_cannot_write_is_not_ready_until_it_can(own_database, owner, log, setting):
    value, sqlstate = CANNOT_WRITE[setting]
    name = str(conninfo_to_dict(own_database)["dbname"])
    database = sql.Identifier(name)
    change = sql.SQL("ALTER DATABASE {} SET {} = {}").format(database, sql.Identifier(setting), sql.Literal(value))
    owner.execute(change)
    with Service(own_database, "--workers", "1", "--no-worker", log=log) as service:
        with httpx.Client(base_url=service.url, trust_env=False) as probes:
            for _ in range(3):
                assert "cannot write" in error_of(probes.get("/readyz"), 503, "unavailable")["message"]
                assert probes.get("/healthz").status_code == 200
            owner.execute(sql.SQL("ALTER DATABASE {} RESET {}").format(database, sql.Identifier(setting)))
            owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'smartdhandha'"
            )
            wait_until(lambda: probes.get("/readyz").status_code == 200)
        # Ending the connections may have its own line.
        (message, state), (again, _) = [line for line in lines(log) if "write" in line[0]]
        assert message.startswith("the database cannot write: ") and state == sqlstate
        assert again == "the database can write again"


def test_an_outage_says_why_the_database_cannot_be_reached(own_database, owner, api, log):
    name = str(conninfo_to_dict(own_database)["dbname"])
    with connect_as_table_owner(own_database.replace(f"dbname={name}", "dbname=postgres")) as elsewhere:
        owner.close()
        closed = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        elsewhere.execute(closed.format(sql.Identifier(name), sql.Literal(False)))
        elsewhere.execute(END_SESSIONS, (name,))
        try:
            wait_until(lambda: api.get("me").status_code == 503 and lines(log))
            wait_until(
                lambda: any(f'"{name}" is not currently accepting connections' in line for line, _ in lines(log))
            )
        finally:
            elsewhere.execute(closed.format(sql.Identifier(name), sql.Literal(True)))
        wait_until(lambda: api.get("me").status_code == 200)
        wait_until(lambda: lines(log)[-1][0] == "the database is reachable again")


def test_while_others_have_all_connections_of_postgresql_requests_are_503_and_then_succeed_again(
    own_database, service, api, owner, log
):
    """Seen red without the reason in the log (`Outage._log_reason` is not called), and when a request that gets no
    connection is not Unavailable (`_get_connection` raises what it caught)."""
    name, others = owner.info.dbname, ExitStack()
    with others, httpx.Client(base_url=service.url, trust_env=False) as probes:

        def is_out():
            take_all_connections(own_database, others)
            owner.execute(END_SESSIONS, (name,))
            take_all_connections(own_database, others)
            return api.get("me").status_code == 503 and any(NO_CONNECTIONS.search(line) for line, _ in lines(log))

        wait_until(is_out)
        response = api.post("invoices", json=invoice_body())
        error_of(response, 503, "unavailable")
        assert response.headers["Retry-After"] == "2"
        error_of(probes.get("/readyz"), 503, "unavailable")
        assert probes.get("/healthz").status_code == 200
    wait_until(lambda: api.get("me").status_code == 200)
    api.create("invoices", invoice_body())


def take_all_connections(conninfo, opened):
    """Connect as the application does until PostgreSQL accepts no more."""
    another = application_login(conninfo)

    def connect():
        while True:
            opened.enter_context(psycopg.connect(another, application_name="another"))

    with pytest.raises(psycopg.OperationalError, match=NO_CONNECTIONS):
        connect()
