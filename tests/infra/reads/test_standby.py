"""Reads from a standby: who may be shown something older, and what a standby that lags or is away costs.

The standby is paused, so it lags for as long as a test needs. What it shows is older than the primary: so a test sees
which of the two has answered. Seen red with `_SELECT_WRITTEN` that returns 0, with every answer certain, with
`least_position` left out, with errors of the standby raised, and without each of the checks of `Standby._check`.
"""

import json
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from psycopg.conninfo import make_conninfo

from infra.identity.organizations import get_test_organization
from infra.log.admission import PostgresAdmissionControl
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.postgres.pool import open_pool, open_standby_pool
from infra.reads.objects.resources import PostgresObjectReads
from infra.reads.standby import StandbyQueries
from infra.telemetry.standby_outcomes import OUTCOMES
from projections.invoice import INVOICE_LIST
from tests.architecture.tree import ROOT
from tests.support.client import data_of, error_of, list_events
from tests.support.command_line import environment
from tests.support.given_database import APPLICATION, OWNER, STANDBY
from tests.support.metrics import Metrics
from tests.support.organization import Organization, credit_rows
from tests.support.ports import free_address
from tests.support.postgres import application_login, database_settings, logins_of, stoppable_server, stopped_server
from tests.support.scenarios import draft_invoice, invoice_body, leave_body, sent_invoice
from tests.support.service import Service
from tests.support.standby import streaming_standby
from tests.support.terminal import refusal
from tests.support.trips import Trips, caller_of
from tests.support.waiting import wait_until

pytestmark = pytest.mark.process

CONTRACT = ("lists", "events", "event_positions", "object_events", "versions", "tenants", "retries")
"""The modules of the contract's tests that read what was just written, each in its way."""
FRESH_KEY = "test_an_event_shows_only_to_a_key_with_the_read_scope_of_its_module"
"""A test of `events` that reads with a key that has written nothing, which may be shown something older."""
SHORT_CONTRACT = ("object_events", "versions")
"""Those that have all ways to read: lists, objects, events, and versions of the past."""

LONG_AGO = "UPDATE credits SET at = at - interval '10 seconds'"


@pytest.fixture(scope="module")
def primary():
    with stoppable_server() as server:
        yield server.conninfo


@pytest.fixture(scope="module")
def standby(primary):
    with streaming_standby(primary) as server:
        yield server


@pytest.fixture(scope="module")
def table_owner(primary):
    with connect_as_table_owner(primary) as conn:
        yield conn


@pytest.fixture(scope="module")
def metrics():
    return Metrics(free_address())


@pytest.fixture(scope="module")
def running(primary, standby, metrics):
    replica = standby.conninfo(application_login(primary))
    with Service(primary, SMARTDHANDHA_READ_URL=replica, SMARTDHANDHA_METRICS_BIND=metrics.address) as service:
        wait_until(metrics.is_served)
        yield service


@pytest.fixture
def local(running, table_owner):
    organization = Organization(running.url, table_owner)
    yield organization
    organization.close()


@pytest.fixture
def writer(local):
    return local.api()


@pytest.fixture
def reader(local):
    """A client with another key than the writer's."""
    return local.api()


@contextmanager
def paused(standby):
    standby.pause()
    try:
        yield
    finally:
        standby.resume()


def notes(api, invoice, **headers):
    return data_of(api.get(f"invoices/{invoice['id']}", headers=headers), 200)["notes"]


@contextmanager
def counted(metrics, outcome, least=1):
    """Check that the block has at least this many reads with this outcome."""
    before = metrics.get("standby_reads_total", outcome=outcome)
    yield
    assert metrics.get("standby_reads_total", outcome=outcome) - before >= least


@pytest.fixture
def behind(standby, writer):
    """An invoice whose last change the standby lacks, and the response to this change."""
    invoice = draft_invoice(writer, notes="old")
    with paused(standby):
        yield invoice, writer.patch(f"invoices/{invoice['id']}", json={"notes": "new"})


def test_a_standby_that_has_the_old_log_of_test_mode_shows_nothing_of_it_after_a_reset(standby, local, table_owner):
    """Seen red with test logs that are read on the standby: its position is beyond that of the new log."""
    id = get_test_organization(table_owner, local.id)
    with closing(Organization(local.url, table_owner, id=id)) as test:
        tester, other = test.api(), test.api()
        old = draft_invoice(tester, clientName="Old Traders")
        assert [each["id"] for each in other.read("invoices")] == [old["id"]]
        with paused(standby):
            data_of(tester.post("test/reset"), 200)
            for client in (other, tester):
                assert client.read("invoices") == client.read("events") == []
                error_of(client.get(f"invoices/{old['id']}"), 404, "not_found")
                error_of(client.get(f"invoices/{old['id']}/events"), 404, "not_found")


# ── Position ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_answer_to_a_write_has_the_position_of_the_log(writer):
    created = writer.post("leaves", json=leave_body())
    path, first = f"leaves/{created.json()['data']['id']}", int(created.headers["Position"])
    changes = [writer.patch(path, json={"reason": "flu"}) for _ in range(2)]
    assert [int(each.headers["Position"]) for each in changes] == [first + 1, first + 1]
    retry = {"Idempotency-Key": "one"}
    answers = [writer.patch(path, json={"reason": "a cold"}, headers=retry) for _ in range(2)]
    assert [answer.headers["Position"] for answer in answers] == [str(first + 2)] * 2
    assert [event["position"] for event in list_events(writer, "events")][-1] == first + 2
    assert "Position" not in writer.get(path).headers


@pytest.mark.parametrize("value", ["x", "-1", "1.0", "", "1" * 19])
def test_a_position_that_is_none_is_refused(reader, value):
    error = error_of(reader.get("invoices", headers={"If-Position": value}), 400, "invalid_parameter")
    assert error["details"][0]["field"] == "If-Position"


def test_a_position_beyond_the_log_is_answered_by_the_primary(behind, reader):
    assert notes(reader, behind[0], **{"If-Position": "999999999999"}) == "new"


# ── Who may be shown something older ─────────────────────────────────────────────────────────────────────────────────


def test_a_key_reads_its_own_write_and_another_key_may_not_yet(behind, writer, reader):
    invoice, _ = behind
    assert (notes(writer, invoice), notes(reader, invoice)) == ("new", "old")
    assert [row["notes"] for row in writer.read("invoices")] == ["new"]
    assert [row["notes"] for row in reader.read("invoices")] == ["old"]
    assert len(writer.read("events")) == 2
    assert len(reader.read("events")) == 1


def test_with_the_position_of_the_write_another_key_reads_it_too(behind, reader):
    invoice, written = behind
    position = {"If-Position": written.headers["Position"]}
    assert notes(reader, invoice, **position) == "new"
    assert len(reader.read(f"invoices/{invoice['id']}/events")) == 1
    assert len(data_of(reader.get(f"invoices/{invoice['id']}/events", headers=position), 200)) == 2
    assert notes(reader, invoice, **{"If-Position": str(int(position["If-Position"]) - 1)}) == "old"


def test_some_seconds_after_its_write_a_key_may_be_shown_something_older(behind, writer, table_owner):
    invoice, _ = behind
    table_owner.execute(LONG_AGO)
    assert notes(writer, invoice) == "old"


def test_a_key_with_many_requests_counts_as_if_it_had_written(behind, reader):
    invoice, _ = behind
    shown = [notes(reader, invoice) for _ in range(70)]
    assert (shown[0], shown[-1]) == ("old", "new")


def test_when_the_standby_has_followed_it_shows_the_change(behind, reader, standby):
    standby.resume()
    assert notes(reader, behind[0]) == "new"
    standby.pause()


def test_each_read_costs_its_credit_and_a_key_without_credit_is_refused(standby, local, table_owner):
    key = local.new_key(limit=3)
    api = local.api()
    with paused(standby):
        headers = {"Authorization": f"Bearer {key.raw}"}
        statuses = [api.get("invoices", headers=headers).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert len(credit_rows(table_owner, key)) == 3


def test_reads_are_counted_by_who_answered_and_why(metrics, standby, behind, writer, reader):
    invoice, _ = behind
    assert metrics.all().keys() >= {("standby_reads_total", ("outcome", outcome)) for outcome in OUTCOMES}
    with counted(metrics, "answered", 2):
        assert [notes(reader, invoice) for _ in range(2)] == ["old"] * 2
    with counted(metrics, "behind"):
        assert notes(writer, invoice) == "new"
    with counted(metrics, "uncertain"):
        error_of(reader.get("invoices/inv_none"), 404, "not_found")
    standby.stop()
    try:
        with counted(metrics, "away", 3):
            assert [notes(reader, invoice) for _ in range(3)] == ["new"] * 3
    finally:
        standby.start()
    wait_until(lambda: notes(reader, invoice) == "new")
    standby.pause()


# ── Nothing is refused on a standby's word ───────────────────────────────────────────────────────────────────────────


def test_what_the_standby_does_not_know_is_looked_up_on_the_primary(standby, writer, reader):
    with paused(standby):
        invoice = sent_invoice(writer)
        path = f"invoices/{invoice['id']}"
        assert reader.read(path) == writer.read(path)
        assert len(reader.read(f"{path}/events")) == 2
        position = writer.read("events")[-1]["position"]
        assert reader.get("events", params={"after": position}).json()["pagination"]["nextAfter"] == position
        error_of(reader.get("events", params={"after": position + 1}), 400, "position_beyond_log")
        error_of(reader.get("invoices/inv_none"), 404, "not_found")


def test_a_cursor_of_a_row_that_the_standby_lacks_goes_on(standby, writer, reader):
    old = [draft_invoice(writer)["id"] for _ in range(2)]
    with paused(standby):
        new = [draft_invoice(writer)["id"] for _ in range(2)]
        first = writer.get("invoices", params={"limit": 1}).json()
        assert [row["id"] for row in first["data"]] == [new[1]]
        # When the standby does not answer at once, as on a busy machine, the primary does: with a row more.
        wait_until(lambda: [row["id"] for row in reader.get(first["pagination"]["nextUrl"]).json()["data"]] == [old[1]])


def test_an_organization_that_the_standby_does_not_know_is_served(standby, running, table_owner):
    with paused(standby):
        organization = Organization(running.url, table_owner)
        assert organization.api().read("invoices") == []
        organization.close()


# ── What only the primary answers ────────────────────────────────────────────────────────────────────────────────────


def test_the_primary_answers_for_requests_keys_and_the_clock_of_a_test_log(standby, writer, local, table_owner):
    """No position of a log says whether a standby has them: requests and clocks are in no log."""
    manager = local.managing_api()
    sibling = Organization(local.url, table_owner, id=get_test_organization(table_owner, local.id))
    tester = sibling.api()
    with paused(standby):
        sent = writer.get("invoices")
        made = manager.create("keys", {"name": "new", "scopes": ["billing:read"]})["id"]
        moved = data_of(tester.post("test/clock", json={"now": "2090-01-01T00:00:00Z"}), 200)["now"]
        table_owner.execute(LONG_AGO)
        assert made in {key["id"] for key in manager.read("keys")}
        assert tester.read("test/clock")["now"] >= moved
        assert wait_until(lambda: writer.read("requests", requestId=sent.headers["X-Request-Id"]))
    sibling.close()


# ── A standby that is away ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_standby_that_is_away_is_no_error_and_is_used_again(standby, behind, writer, reader):
    invoice, _ = behind
    standby.stop()
    try:
        assert [notes(reader, invoice) for _ in range(5)] == ["new"] * 5
    finally:
        standby.start()
    standby.pause()
    writer.update(f"invoices/{invoice['id']}", {"notes": "newest"})
    wait_until(lambda: notes(reader, invoice) == "new")


def test_a_standby_that_hangs_is_no_error(standby, primary, behind, reader):
    with stopped_server(standby.conninfo(primary)):
        assert [notes(reader, behind[0]) for _ in range(3)] == ["new"] * 3


# ── The contract ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "modules", [SHORT_CONTRACT, pytest.param(CONTRACT, marks=pytest.mark.long)], ids=["a part", "all"]
)
def test_the_contract_holds_with_a_standby_that_lags(primary, standby, modules):
    """Runs tests of the contract against this primary and its standby. All of them can be run so (tests/README.md)."""
    application = application_login(primary)
    given = {OWNER: primary, APPLICATION: application, STANDBY: standby.conninfo(application)}
    env = {name: value for name, value in environment(**given).items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    command += [f"--deselect=tests/contract/test_events.py::{FRESH_KEY}"]
    command += [f"tests/contract/test_{name}.py" for name in modules]
    with standby.lagging("300ms"):
        done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-5000:]
    assert " passed" in done.stdout


# ── The start ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_database_and_another_role_are_refused_at_the_start(primary, standby, own_database):
    settings = database_settings(primary)
    said = refusal(**settings, SMARTDHANDHA_READ_URL=application_login(own_database))
    assert "leads to another database than DATABASE_URL" in said
    said = refusal(**settings, SMARTDHANDHA_READ_URL=standby.conninfo(primary))
    assert "SMARTDHANDHA_READ_URL: The connections that serve requests have the role postgres" in said


def test_a_standby_needs_a_primary():
    said = refusal(SMARTDHANDHA_READ_URL="postgresql://someone:sesame@127.0.0.1:1/nothing")
    assert said.startswith("SMARTDHANDHA_READ_URL needs DATABASE_URL, too") and "sesame" not in said


def test_a_standby_that_is_away_at_the_start_is_logged(primary, tmp_path):
    away, log = make_conninfo(application_login(primary), host="127.0.0.1", port=1), tmp_path / "serve.log"
    with Service(primary, log=log, SMARTDHANDHA_READ_URL=away):
        pass
    assert "the standby cannot be reached" in log.read_text()


# ── A server that is no standby of this database, or none any longer ─────────────────────────────────────────────────


@pytest.fixture
def copies(primary, standby):
    """Two databases with one invoice, which was changed in the first one. Yields their names, a key and the invoice."""
    with connect_as_table_owner(primary) as owner:
        owner.execute("CREATE DATABASE first")
        first = make_conninfo(primary, dbname="first")
        with connect_as_table_owner(first) as conn:
            migrate(conn)
            key = Organization("", conn).new_key().raw
        with open_pool(logins_of(first), 1) as pool:
            client = Trips(pool)
            invoice = client.send(key, "POST", "invoices", json=invoice_body(notes="old")).json["data"]["id"]
        owner.execute("CREATE DATABASE second TEMPLATE first")
        with open_pool(logins_of(first), 1) as pool, connect_as_table_owner(first) as conn:
            Trips(pool).send(key, "PATCH", f"invoices/{invoice}", json={"notes": "new"})
            conn.execute(LONG_AGO)
        standby.catch_up()
        yield first, make_conninfo(primary, dbname="second"), key, invoice
        for name in ("first", "second"):
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def reading(database, copy, standby):
    """Yield a function that reads an invoice from a database whose standby is said to be `copy`, and the outcomes."""
    outcomes: list[str] = []
    logins = logins_of(database)._replace(standby=standby.conninfo(application_login(copy)))
    other = open_standby_pool(logins, 1)
    assert other is not None
    with open_pool(logins, 1) as pool, other:
        control = PostgresAdmissionControl(pool)
        reads = PostgresObjectReads(pool, control, StandbyQueries(pool, control, other, outcomes.append))

        def read(key, invoice):
            caller = caller_of(key, least_position=0)
            control.admit(caller)
            found = reads.get(caller, INVOICE_LIST, invoice)
            assert found is not None
            return json.loads(found.body)["notes"]

        yield read, outcomes


def test_another_database_and_a_promoted_standby_answer_nothing(copies, standby, caplog):
    """The last test with the standby, which is none after it. Its connections outlive the promotion."""
    first, second, key, invoice = copies
    with reading(first, second, standby) as (read, outcomes):
        assert [read(key, invoice) for _ in range(2)] == ["new"] * 2
        assert outcomes == ["other_database"] * 2
    assert len([each for each in caplog.messages if "has another database than the primary" in each]) == 1
    with reading(first, first, standby) as (read, outcomes):
        assert read(key, invoice) == "new"
        standby.promote()
        assert read(key, invoice) == "new"
        assert outcomes == ["answered", "no_standby"]
    assert "is not a standby, perhaps not any longer" in caplog.text
