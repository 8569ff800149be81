"""An organization's log under many writers: dense, whole, in order, and nobody is turned away for nothing."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import uuid4

import pytest

from infra.log.heads import get_chain
from infra.log.proofs.chain import first_break
from infra.log.records import COLUMNS, Head
from infra.postgres.database import connect_as_table_owner
from tests.support.client import Api, error_of
from tests.support.gst import gstin
from tests.support.log_rows import records
from tests.support.organization import Organization
from tests.support.scenarios import draft_invoice, invoice_body, sent_invoice
from tests.support.waiting import run_at_once, wait_until

SECONDS = 1.5
ORGANIZATIONS = 20
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
WRITERS = 8


def log_of(owner, org_id):
    """The whole log, in order."""
    sql = f"SELECT {COLUMNS} FROM events WHERE org_id = %s ORDER BY position"
    return records(owner.execute(sql, (org_id,)).fetchall())


def head_of(owner, org_id):
    return owner.execute("SELECT position, chain_hash FROM org_log WHERE org_id = %s", (org_id,)).fetchone()


def set_serial(owner, org_id, serial):
    """The organization has drafted so many invoices without a number in the year that began in April 2025."""
    owner.execute("UPDATE org_log SET series = jsonb_build_object('2025', %s::int) WHERE org_id = %s", (serial, org_id))


def draft_numbered(api, number=None):
    return draft_invoice(api, invoiceNumber=number)["invoiceNumber"]


def test_of_16_that_race_for_one_number_one_gets_it(api, organization, owner):
    before = head_of(owner, organization.id)[0]
    responses = run_at_once(16, lambda _: api.post("invoices", json=invoice_body(invoiceNumber="RACE/1")))
    (won,) = [response for response in responses if response.status_code == 201]
    lost = [error_of(response, 409, "duplicate_number") for response in responses if response is not won]
    assert [error["conflictingId"] for error in lost] == [won.json()["data"]["id"]] * 15
    assert head_of(owner, organization.id)[0] == before + 1


def test_a_command_that_waited_for_the_log_decides_by_the_settings_of_then(api, organization, owner, shared_database):
    """Its statement that locks the log began before the settings were changed."""
    with ThreadPoolExecutor() as threads:
        with connect_as_table_owner(shared_database) as other, other.transaction():
            other.execute("SELECT FROM org_log WHERE org_id = %s FOR UPDATE", (organization.id,))
            drafted = threads.submit(draft_invoice, api)
            wait_until(lambda: owner.execute(WAITING).fetchall())
            supplier = json.dumps({"name": "Asha Traders", "gstin": gstin("27"), "stateCode": "27"})
            other.execute("UPDATE organizations SET supplier = %s WHERE org_id = %s", (supplier, organization.id))
        assert drafted.result()["placeOfSupply"] == "27"


class Writer:
    """A client that does what the guide tells it: after a 503 it sends the same request, with its key, again."""

    def __init__(self, api):
        self._api, self.answers, self.others = api, 0, []

    def write(self, method, path, body):
        """Send a change until the answer is not a 503; return the resource."""
        headers = {"Idempotency-Key": str(uuid4())}
        while (response := self._api.request(method, path, json=body, headers=headers)).status_code == 503:
            error_of(response, 503, "unavailable")
            time.sleep(int(response.headers["Retry-After"]) / 10)
        if response.status_code not in (200, 201):
            self.others.append(response.text)
            return None
        self.answers += 1
        return response.json()["data"]


@pytest.fixture(scope="module")
def crowd(service, owner):
    """Organizations to which many wrote at once, the number of writes that were answered, and what went wrong."""
    organizations = [Organization(service.url, owner, f"Crowd {number}") for number in range(ORGANIZATIONS)]
    keys = [organization.new_key().raw for organization in organizations]

    def write(number):
        with Api(service.url, keys[number % ORGANIZATIONS]) as api:
            writer = Writer(api)
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                drafted = writer.write("POST", "invoices", invoice_body())
                if drafted and writer.answers % 2:
                    writer.write("PATCH", f"invoices/{drafted['id']}", {"status": "sent"})
        return writer

    deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    (before,) = owner.execute(deadlocks).fetchone()
    with ThreadPoolExecutor(ORGANIZATIONS * WRITERS) as threads:
        writers = list(threads.map(write, range(ORGANIZATIONS * WRITERS)))
    owner.execute("SELECT pg_stat_clear_snapshot()")
    (after,) = owner.execute(deadlocks).fetchone()
    wrong = [answer for writer in writers for answer in writer.others] + ["deadlock"] * (after - before)
    return [organization.id for organization in organizations], sum(writer.answers for writer in writers), wrong


def test_a_crowd_of_writers_meets_no_refusal_no_fault_and_no_deadlock(crowd):
    assert crowd[2] == []


def test_all_that_a_crowd_was_answered_is_in_the_logs_once(crowd, owner):
    ids, answers, _ = crowd
    events = [event for id in ids for event in log_of(owner, id) if event.name.startswith("invoice.")]
    assert len(events) == answers > 0


def test_positions_are_dense_after_a_crowd(crowd, owner):
    for id in crowd[0]:
        positions = [event.position for event in log_of(owner, id)]
        assert positions == list(range(1, len(positions) + 1))


def test_the_chain_is_whole_after_a_crowd(crowd, owner):
    for id in crowd[0]:
        assert first_break(get_chain(owner, id), log_of(owner, id), Head(*head_of(owner, id))) is None


def test_times_strictly_increase_from_command_to_command(crowd, owner):
    for id in crowd[0]:
        assert all(one.recorded_at < next.recorded_at for one, next in pairwise(log_of(owner, id)))


def test_an_aggregates_versions_are_dense(crowd, owner):
    for id in crowd[0]:
        versions: dict[str, list[int]] = {}
        for event in log_of(owner, id):
            versions.setdefault(event.originator_id, []).append(event.originator_version)
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in versions.values())


def test_numbers_of_a_crowd_are_dense_and_unique(crowd, owner):
    for id in crowd[0]:
        numbers = owner.execute("SELECT invoice_number FROM invoices WHERE org_id = %s ORDER BY 1", (id,)).fetchall()
        assert [number for (number,) in numbers] == [f"INV-2025-26-{i + 1:04d}" for i in range(len(numbers))]


def test_time_moves_on_by_a_microsecond_when_the_clock_was_set_back(api, organization, owner):
    ahead = (
        "UPDATE org_log SET recorded_at = clock_timestamp() + interval '1 day' WHERE org_id = %s RETURNING recorded_at"
    )
    (last,) = owner.execute(ahead, (organization.id,)).fetchone()
    draft_invoice(api)
    assert (log_of(owner, organization.id)[-1].recorded_at - last).total_seconds() == 0.000001


def test_racing_changes_of_one_invoice_all_take_their_turn(api):
    id = draft_invoice(api)["id"]
    responses = run_at_once(16, lambda number: api.patch(f"invoices/{id}", json={"notes": f"note {number}"}))
    assert [response.status_code for response in responses] == [200] * 16
    assert sorted(response.json()["data"]["version"] for response in responses) == list(range(2, 18))


def test_of_16_that_change_the_same_version_one_does(api):
    invoice = draft_invoice(api)
    send = {"headers": {"If-Match": '"1"'}}
    responses = run_at_once(16, lambda n: api.patch(f"invoices/{invoice['id']}", json={"notes": f"note {n}"}, **send))
    assert sorted(response.status_code for response in responses) == [200] + [412] * 15


def test_a_refused_command_leaves_no_trace(api, organization, owner):
    sent = sent_invoice(api)
    before = log_of(owner, organization.id), head_of(owner, organization.id)
    error_of(api.patch(f"invoices/{sent['id']}", json={"notes": "new", "currency": "USD"}), 422, "read_only_field")
    error_of(api.post("invoices", json=invoice_body(invoiceNumber=sent["invoiceNumber"])), 409, "duplicate_number")
    assert (log_of(owner, organization.id), head_of(owner, organization.id)) == before


def test_automatic_numbers_of_16_racing_clients_are_dense(api):
    numbers = run_at_once(16, lambda _: draft_numbered(api))
    assert sorted(numbers) == [f"INV-2025-26-{serial:04d}" for serial in range(1, 17)]


def test_numbers_that_were_taken_by_hand_are_passed_over(api):
    for taken in ("INV-2025-26-0001", "INV-2025-26-0002", "INV-2025-26-0004"):
        draft_numbered(api, taken)
    assert [draft_numbered(api) for _ in range(2)] == ["INV-2025-26-0003", "INV-2025-26-0005"]


def test_past_9999_the_year_is_shortened_to_keep_16_characters(api, organization, owner):
    set_serial(owner, organization.id, 9998)
    numbers = [draft_numbered(api) for _ in range(3)]
    assert numbers == ["INV-2025-26-9999", "INV-25-26-10000", "INV-25-26-10001"]
    assert max(map(len, numbers)) == 16


def test_each_financial_year_has_a_series_of_its_own(api):
    days = ("2026-03-31", "2026-04-01", "2026-03-31")
    numbers = [draft_invoice(api, invoiceDate=day)["invoiceNumber"] for day in days]
    assert numbers == ["INV-2025-26-0001", "INV-2026-27-0001", "INV-2025-26-0002"]


def test_a_refused_draft_takes_no_number(api):
    error_of(api.post("invoices", json=invoice_body(dueDate="2020-01-01")), 422, "validation_failed")
    assert draft_numbered(api) == "INV-2025-26-0001"


def test_a_number_may_be_taken_again_in_another_financial_year_only(api):
    draft_invoice(api, invoiceNumber="A/1", invoiceDate="2026-03-31")
    draft_invoice(api, invoiceNumber="A/1", invoiceDate="2026-04-01")
    again = invoice_body(invoiceNumber="A/1", invoiceDate="2025-04-01")
    error_of(api.post("invoices", json=again), 409, "duplicate_number")


def test_a_command_that_waits_too_long_for_the_log_is_a_503(api, organization, owner):
    with owner.transaction():
        owner.execute("SELECT FROM org_log WHERE org_id = %s FOR UPDATE", (organization.id,))
        response = api.post("invoices", json=invoice_body())
    error_of(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0
    draft_invoice(api)


def test_each_event_says_who_did_it_in_which_request(api, organization, owner):
    response = api.post("invoices", json=invoice_body(), headers={"X-Request-Id": "mine-1"})
    assert response.status_code == 201
    last = owner.execute(
        "SELECT metadata::jsonb -> 'actor' ->> 'type', metadata::jsonb ->> 'requestId' FROM events "
        "WHERE org_id = %s ORDER BY position DESC LIMIT 1",
        (organization.id,),
    ).fetchone()
    assert [text if isinstance(text, str) else text.decode() for text in last] == ["api_key", "mine-1"]
