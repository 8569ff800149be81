"""The worker's tasks: what midnight makes true becomes one event, what is old goes, one failure stops nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

import pytest

from infra import accounts
from infra.database import connect_owner
from infra.worker import TASKS, run_tasks
from tests.scenarios import (
    draft_bill,
    draft_invoice,
    invoice_body,
    open_bill,
    paid_bill,
    paid_invoice,
    partially_paid_invoice,
    pay_bill,
    sent_invoice,
    today,
    void_invoice,
)
from tests.support import Organization, Service, until

WEST, EAST = "Etc/GMT+12", "Pacific/Kiritimati"
"""Here it is always at least one day earlier than there."""


@pytest.fixture(scope="module")
def url(database):
    """A service whose processes do none of the worker's tasks."""
    with Service(database, "--no-worker") as service:
        yield service.url


@pytest.fixture(scope="module")
def conn(database):
    with connect_owner(database) as opened:
        yield opened


class Place(Organization):
    """An organization that can be moved eastwards, where tomorrow has begun already."""

    def __init__(self, url, owner):
        super().__init__(url, owner)
        self._move(WEST)
        self.due = today(WEST).isoformat()

    def pass_midnight(self):
        self._move(EAST)

    def _move(self, time_zone):
        self._owner.execute("UPDATE organizations SET time_zone = %s WHERE org_id = %s", (time_zone, self.id))


@pytest.fixture
def place(url, conn):
    made = Place(url, conn)
    yield made
    made.close()


@pytest.fixture
def desk(place):
    """The API of that organization."""
    return place.api()


def types(desk, resource):
    collection = "bills" if resource["id"].startswith("bill") else "invoices"
    return [event["type"].partition(".")[2] for event in desk.got(f"{collection}/{resource['id']}/events")]


WAITING = {"invoices": (sent_invoice, "sent"), "bills": (open_bill, "opened")}


@pytest.mark.parametrize("collection", WAITING)
def test_what_is_due_today_becomes_overdue_at_the_organizations_midnight_by_one_event(conn, place, desk, collection):
    make, issued = WAITING[collection]
    document = make(desk, dueDate=place.due)
    task = f"mark_overdue_{collection}"
    assert run_tasks(conn)[task] == 0
    assert desk.got(f"{collection}/{document['id']}") == document
    place.pass_midnight()
    assert run_tasks(conn)[task] == 1
    assert run_tasks(conn)[task] == 0
    marked = desk.got(f"{collection}/{document['id']}")
    assert (marked["isOverdue"], marked["version"]) == (True, document["version"] + 1)
    assert types(desk, document) == ["drafted", issued, "overdue"]
    assert desk.got(f"{collection}/{document['id']}/events")[-1]["actor"] == {"type": "worker", "id": "smartdhandha"}
    assert [found["id"] for found in desk.got(collection, overdue="true")] == [document["id"]]


@pytest.mark.parametrize("make", [draft_invoice, void_invoice, paid_invoice, draft_bill, paid_bill])
def test_what_does_not_wait_for_payment_is_never_marked(conn, place, desk, make):
    document = make(desk, dueDate=place.due)
    place.pass_midnight()
    run_tasks(conn)
    assert "overdue" not in types(desk, document)


def test_a_partly_paid_document_is_marked_too(conn, place, desk):
    invoice = partially_paid_invoice(desk, dueDate=place.due)
    place.pass_midnight()
    run_tasks(conn)
    assert types(desk, invoice)[-1] == "overdue"


def test_only_the_organization_whose_midnight_has_passed_is_looked_at(conn, url, place, desk):
    elsewhere = Place(url, conn)
    other = sent_invoice(elsewhere.api(), dueDate=elsewhere.due)
    sent_invoice(desk, dueDate=place.due)
    place.pass_midnight()
    assert run_tasks(conn)["mark_overdue_invoices"] == 1
    assert elsewhere.api().got(f"invoices/{other['id']}") == other
    elsewhere.close()


ENDINGS = {
    "a new due date": lambda desk, bill: desk.patched(f"bills/{bill['id']}", {"dueDate": "2099-01-01"}),
    "a payment": lambda desk, bill: pay_bill(desk, bill, bill["balanceDue"]),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_the_worker_has_marked_is_taken_back_by_what_ends_it_and_stays_so(conn, place, desk, ending):
    bill = open_bill(desk, dueDate=place.due)
    place.pass_midnight()
    run_tasks(conn)
    assert ENDINGS[ending](desk, bill)["isOverdue"] is False
    run_tasks(conn)
    assert types(desk, bill)[-1] == "overdue_cleared"
    assert types(desk, bill).count("overdue") == 1


def test_answers_for_retries_are_kept_a_day_and_an_hour(conn, place, desk):
    for hours in (24, 26):
        desk.made("invoices", invoice_body(), headers={"Idempotency-Key": f"{hours}-hours"})
        conn.execute(
            "UPDATE idempotency_keys SET created_at = now() - make_interval(hours => %s) "
            "WHERE org_id = %s AND key = %s",
            (hours, place.id, f"{hours}-hours"),
        )
    assert run_tasks(conn)["forget_retries"] == 1
    kept = conn.execute("SELECT key FROM idempotency_keys WHERE org_id = %s", (place.id,)).fetchall()
    assert kept == [("24-hours",)]


def test_a_key_whose_time_has_run_out_says_so_in_the_log_once(conn, place):
    key = accounts.create_key(conn, place.id, "brief", ("billing:read",), 1, datetime.now(UTC) + timedelta(seconds=1))
    until(lambda: run_tasks(conn)["expire_keys"])
    assert run_tasks(conn)["expire_keys"] == 0
    names = conn.execute("SELECT name FROM events WHERE originator_id = %s ORDER BY position", (key.row["id"],))
    assert names.fetchall() == [("api_key.issued",), ("api_key.expired",)]
    [listed] = accounts.list_keys(conn, place.id)
    assert listed["status"] == "expired"


def partitions(conn):
    sql = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'credits'::regclass"
    return {name for (name,) in conn.execute(sql)}


def month(months_ahead):
    total = datetime.now(UTC).year * 12 + datetime.now(UTC).month - 1 + months_ahead
    return f"{total // 12}_{total % 12 + 1:02d}"


def test_partitions_of_credits_are_made_ahead_and_dropped_past_their_retention(own_database):
    with connect_owner(own_database) as conn:
        conn.execute(f"DROP TABLE credits_{month(3)}")
        for name, day in (("credits_2020_01", "2020-01"), ("credits_2020_02", "2020-02")):
            bounds = f"('{day}-01 00:00:00+00') TO ('{day}-28 00:00:00+00')"
            conn.execute(f"CREATE TABLE {name} PARTITION OF credits FOR VALUES FROM {bounds}")
        conn.execute("INSERT INTO credits VALUES ('key_1', 1, '2020-01-15T00:00:00Z', 'GET', '/')")
        assert run_tasks(conn)["turn_credit_partitions"] == 2
        assert partitions(conn) == {f"credits_{month(ahead)}" for ahead in range(-1, 4)} | {"credits_other"}
        assert run_tasks(conn)["turn_credit_partitions"] == 0


def test_every_task_says_when_it_ran_and_what_it_did(own_database):
    with connect_owner(own_database) as conn:
        for runs in (1, 2):
            run_tasks(conn)
            rows = conn.execute("SELECT task, runs, error, started_at <= finished_at FROM worker_runs").fetchall()
            assert sorted(rows) == sorted((task, runs, None, True) for task in TASKS)


DAMAGES = {
    "a state that cannot be read": ("invoice.sent", "{}"),
    "an event of another kind of object": ("bill.opened", '{"status": "open", "openedAt": "2026-01-01T00:00:00Z"}'),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_invoice_is_told_and_stops_neither_the_others_nor_the_other_tasks(conn, place, desk, damage):
    first, damaged, last = (sent_invoice(desk, dueDate=place.due) for _ in range(3))
    bill = open_bill(desk, dueDate=place.due)
    where = "originator_id = %s AND originator_version = 2"
    good = conn.execute(f"SELECT name, state FROM events WHERE {where}", (damaged["id"],)).fetchone()
    mend = f"UPDATE events SET name = %s, state = %s WHERE {where}"
    conn.execute(mend, (*DAMAGES[damage], damaged["id"]))
    place.pass_midnight()
    results = run_tasks(conn)
    assert (results["mark_overdue_invoices"], results["mark_overdue_bills"]) == (2, 1)
    runs = dict(conn.execute("SELECT task, error FROM worker_runs").fetchall())
    assert "1 objects could not be settled" in runs.pop("mark_overdue_invoices")
    assert set(runs.values()) == {None}
    assert [types(desk, document)[-1] for document in (first, last, bill)] == ["overdue"] * 3
    conn.execute(mend, (*good, damaged["id"]))
    assert run_tasks(conn)["mark_overdue_invoices"] == 1
    assert types(desk, damaged)[-1] == "overdue"
    assert conn.execute("SELECT error FROM worker_runs WHERE task = 'mark_overdue_invoices'").fetchone() == (None,)


def test_a_task_that_fails_as_a_whole_stops_none_of_the_others(own_database):
    with connect_owner(own_database) as conn:
        conn.execute("ALTER TABLE invoices RENAME TO elsewhere")
        run_tasks(conn)
        runs: dict[str, Any] = dict(conn.execute("SELECT task, error FROM worker_runs").fetchall())
        assert set(runs) == set(TASKS)
        assert "invoices" in runs["mark_overdue_invoices"]
        assert (runs["mark_overdue_bills"], runs["forget_retries"]) == (None, None)


def test_every_time_zone_that_an_organization_can_have_is_known_to_the_database(conn):
    known = {name for (name,) in conn.execute("SELECT name FROM pg_timezone_names")}
    assert available_timezones() - {"localtime"} <= known
