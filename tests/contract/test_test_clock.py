"""Test mode: a moved clock gives overdue documents, a new series and expired keys; a reset empties the log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from domain.reading import parse_instant
from infra.audit.chain_check import verify_part
from infra.identity.keys import rotate_key
from infra.postgres.database import set_organization
from infra.projector.tables.lock import LOCK
from infra.worker.leader import run_tasks
from tests.support.client import Api, data_of, error_of
from tests.support.postgres import tables_containing
from tests.support.scenarios import draft_invoice, invoice_body, open_bill, pending_leave, sent_invoice, today

ZONE = "Asia/Kolkata"


@pytest.fixture
def tester(sibling):
    """A client with a key of test mode."""
    return sibling.api()


def move(api, now):
    return data_of(api.post("test/clock", json={"now": now}), 200)


def next_year():
    """Return the year in which the next financial year begins."""
    day = today(ZONE)
    return day.year if day.month < 4 else day.year + 1


def test_a_clock_moved_past_a_due_date_a_year_and_midnight_gives_overdue_a_new_series_and_expiry(
    api, tester, sibling, owner
):
    day, year = today(ZONE), next_year()
    dates = {"invoiceDate": f"{day}", "dueDate": f"{day}"}
    real, due = (sent_invoice(each, **dates) for each in (api, tester))
    bill = open_bill(tester, billDate=f"{day}", dueDate=f"{day}")
    expiring = sibling.new_key(expires_at=datetime.now(UTC) + timedelta(days=1))
    used = tester.read("me")["credits"]["used"]

    midnight = move(tester, f"{year}-03-31T18:30:00Z")
    run_tasks(owner)

    assert midnight["today"] == tester.read("test/clock")["today"] == f"{year}-04-01"
    assert [tester.read(path)["isOverdue"] for path in (f"invoices/{due['id']}", f"bills/{bill['id']}")] == [True, True]
    newest = tester.read("events", order="desc", limit=2)
    assert {event["type"] for event in newest} == {"bill.overdue", "invoice.overdue"}
    assert draft_invoice(tester, invoiceDate=f"{year}-04-01")["invoiceNumber"].startswith(f"INV-{year}-")
    last = tester.read("events", order="desc", limit=1)[0]
    moved, occurred = parse_instant(midnight["now"]), parse_instant(last["occurredAt"])
    assert moved < occurred < moved + timedelta(minutes=5)
    with Api(sibling.url, expiring.raw) as ended:
        error_of(ended.get("me"), 401, "api_key_expired")
    assert api.read(f"invoices/{real['id']}")["isOverdue"] is False
    credits = tester.read("me")["credits"]
    assert credits["used"] - used == 6 and parse_instant(credits["resetAt"]) < datetime.now(UTC) + timedelta(days=30)


def test_a_past_state_is_of_the_moved_clock(tester):
    move(tester, f"{today(ZONE) + timedelta(days=40)}T00:00:00Z")
    made = draft_invoice(tester)
    assert tester.read(f"invoices/{made['id']}", asOf=made["createdAt"])["version"] == 1
    error_of(tester.get(f"invoices/{made['id']}", params={"asOf": "2099-01-01T00:00:00Z"}), 400, "invalid_parameter")


def test_the_clock_goes_on_and_never_back(tester):
    far = f"{today(ZONE) + timedelta(days=40)}T00:00:00Z"
    assert move(tester, far)["aheadSeconds"] > 30 * 24 * 3600
    for now in (far, "2026-01-01T00:00:00Z", "2100-01-01T12:00:00Z", "2100-06-01T00:00:00Z", "tomorrow", None):
        error_of(tester.post("test/clock", json={"now": now}), 422, "validation_failed")
    error_of(tester.post("test/clock", json={}), 422, "validation_failed")
    assert parse_instant(tester.read("test/clock")["now"]) > parse_instant(far)


def test_a_key_of_live_mode_moves_and_resets_nothing(api):
    draft_invoice(api)
    later = {"now": "2099-01-01T00:00:00Z"}
    for method, path, body in (
        ("GET", "test/clock", None),
        ("POST", "test/clock", later),
        ("POST", "test/reset", None),
    ):
        assert "sd_test_" in error_of(api.request(method, path, json=body), 409, "test_mode_only")["message"]
    assert len(api.read("invoices")) == 1


def test_a_key_that_only_reads_moves_and_resets_nothing(sibling):
    reader = sibling.api(["billing:read", "leaves:read"])
    error_of(reader.post("test/clock", json={"now": "2099-01-01T00:00:00Z"}), 403, "insufficient_scope")
    error_of(reader.post("test/reset"), 403, "insufficient_scope")
    assert reader.read("test/clock")["aheadSeconds"] == 0


def test_a_reset_leaves_nothing_but_the_active_keys_and_their_credits(api, tester, sibling, owner, pool):
    kept, old = sibling.new_key(["leaves:read"], limit=77), sibling.new_key()
    rotated = rotate_key(owner, old.row["id"], timedelta(days=1))
    first = sent_invoice(tester)
    for make in (open_bill, pending_leave, sent_invoice):
        make(tester)
    tester.create("webhooks", {"url": "https://127.0.0.1/hooks"})
    move(tester, "2050-01-01T00:00:00Z")
    run_tasks(owner)
    real, used = sent_invoice(api), tester.read("me")["credits"]["used"]

    log = data_of(tester.post("test/reset"), 200)

    assert (log["aheadSeconds"], log["position"], log["today"] < "2050") == (0, 3, True)
    assert [tester.read(path) for path in ("invoices", "bills", "leaves", "webhooks", "events")] == [[], [], [], [], []]
    assert tester.read("me")["credits"]["used"] == used + 1 + 5
    assert draft_invoice(tester)["invoiceNumber"] == first["invoiceNumber"]
    with (
        Api(sibling.url, kept.raw) as same,
        Api(sibling.url, old.raw) as gone,
        Api(sibling.url, rotated.raw) as present,
    ):
        me = same.read("me")
        assert (me["key"]["id"], me["key"]["scopes"], me["credits"]["limit"]) == (kept.row["id"], ["leaves:read"], 77)
        error_of(gone.get("me"), 401, "invalid_api_key")
        assert present.read("me")["key"]["lastFour"] == rotated.raw[-4:]
    assert verify_part(pool, sibling.id).broken_at is None
    assert tables_containing(owner, first["id"]) == set()
    assert api.read(f"invoices/{real['id']}")["status"] == "sent"


def test_writers_and_a_reset_at_the_same_time_leave_a_log_that_is_whole(tester, sibling, pool):
    def write(number):
        return tester.post("test/reset") if number % 5 == 4 else tester.post("invoices", json=invoice_body())

    with ThreadPoolExecutor(5) as threads:
        assert {response.status_code for response in threads.map(write, range(25))} <= {200, 201}
    proof = verify_part(pool, sibling.id)
    assert proof.broken_at is None


def test_the_application_can_neither_move_nor_empty_a_log_of_live_mode_or_of_another_organization(
    api, organization, sibling, other_organization, pool
):
    draft_invoice(api)
    live, test, other = organization.id, sibling.id, other_organization.id
    for own, asked in ((live, live), (other, test), (live, test)):
        with pool.connection() as conn, conn.transaction():
            conn.execute(set_organization(own))
            assert conn.execute("SELECT move_clock(%s, '2099-01-01')", (asked,)).fetchone() == (None,)
        with pool.connection() as conn, conn.transaction(force_rollback=True):
            conn.execute(set_organization(own))
            with pytest.raises(psycopg.errors.RaiseException):
                conn.execute("SELECT empty_test_log(%s)", (asked,))
    assert len(api.read("invoices")) == 1


def test_while_a_table_is_rebuilt_a_reset_is_refused_and_changes_nothing(tester, owner):
    draft_invoice(tester)
    owner.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    try:
        error_of(tester.post("test/reset"), 503, "unavailable")
    finally:
        owner.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    assert len(tester.read("invoices")) == 1
