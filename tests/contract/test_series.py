"""A draft with a number of the own series follows its date into another financial year; a number by hand stays."""

from uuid import uuid4

import pytest

from infra.identity.settings import update_organization
from tests.support.client import data_of, error_of, list_events
from tests.support.scenarios import draft_invoice, sent_invoice
from tests.support.waiting import run_at_once

IN_2025, IN_2026 = {"invoiceDate": "2026-03-31"}, {"invoiceDate": "2026-04-01"}


def move(api, invoice, **changes):
    return api.update(f"invoices/{invoice['id']}", {**IN_2026, **changes})


MOVES = {
    "on its first day": ("2026-04-01", "INV-2026-27-0001"),
    "on its last day": ("2027-03-31", "INV-2026-27-0001"),
    "back": ("2025-03-31", "INV-2024-25-0001"),
    "over the turn of the century": ("2099-12-31", "INV-2099-00-0001"),
    "to the first year": ("2000-01-01", "INV-1999-00-0001"),
    "within the year": ("2025-04-01", "INV-2025-26-0001"),
}


@pytest.mark.parametrize("case", MOVES)
def test_the_number_follows_the_date_into_another_financial_year(api, case):
    day, number = MOVES[case]
    invoice = draft_invoice(api, **IN_2025)
    after = api.update(f"invoices/{invoice['id']}", {"invoiceDate": day, "dueDate": "2099-12-31"})
    assert (invoice["invoiceNumber"], after["invoiceNumber"]) == ("INV-2025-26-0001", number)
    assert after["version"] == 2 and api.read(f"invoices/{invoice['id']}") == after


def test_it_takes_the_next_number_there_and_its_old_one_is_not_given_again(api):
    first, moved = draft_invoice(api, **IN_2026), draft_invoice(api, **IN_2025)
    assert move(api, moved)["invoiceNumber"] == "INV-2026-27-0002"
    assert draft_invoice(api, **IN_2026)["invoiceNumber"] == "INV-2026-27-0003"
    assert draft_invoice(api, **IN_2025)["invoiceNumber"] == "INV-2025-26-0002"
    assert api.read(f"invoices/{first['id']}") == first


def test_it_passes_over_numbers_that_were_taken_by_hand(api):
    for serial in (1, 2):
        draft_invoice(api, **IN_2026, invoiceNumber=f"INV-2026-27-{serial:04d}")
    assert move(api, draft_invoice(api, **IN_2025))["invoiceNumber"] == "INV-2026-27-0003"


def test_the_event_tells_both_changes(api):
    invoice = move(api, draft_invoice(api, **IN_2025))
    [_, event] = list_events(api, f"invoices/{invoice['id']}/events")
    assert event["data"] == {"invoiceNumber": "INV-2026-27-0001", "invoiceDate": "2026-04-01"}


BY_HAND = ["A-1", "INV-2025-26-0001", "INV-2025-26-0009", "INV-2026-27-0001", "inv-2025-26-0001", "INV-25-26-10000"]


@pytest.mark.parametrize("number", BY_HAND)
def test_a_number_by_hand_stays(api, number):
    invoice = draft_invoice(api, **IN_2025, invoiceNumber=number)
    assert move(api, invoice)["invoiceNumber"] == number


@pytest.mark.parametrize("number", BY_HAND)
def test_a_number_that_was_changed_by_hand_stays(api, number):
    invoice = draft_invoice(api, **IN_2025)
    api.update(f"invoices/{invoice['id']}", {"invoiceNumber": "X-1"})
    api.update(f"invoices/{invoice['id']}", {"invoiceNumber": number})
    assert move(api, invoice)["invoiceNumber"] == number


@pytest.mark.parametrize("number", ["INV-2025-26-0002", "A-1", "INV-2026-27-0007", "inv-2025-26-0001"])
def test_another_number_that_comes_with_the_date_is_by_hand_from_then_on(api, number):
    invoice = draft_invoice(api, **IN_2025)
    assert move(api, invoice, invoiceNumber=number)["invoiceNumber"] == number
    after = api.update(f"invoices/{invoice['id']}", IN_2025)
    assert after["invoiceNumber"] == number


SENT_BACK = [{}, {"notes": "x"}, {"notes": None}, {"status": "draft"}, {"status": "sent"}, {"currency": "USD"}]


@pytest.mark.parametrize("others", SENT_BACK)
def test_the_present_number_sent_back_with_the_date_is_as_if_absent(api, others):
    invoice = draft_invoice(api, **IN_2025)
    after = move(api, invoice, invoiceNumber=invoice["invoiceNumber"], **others)
    assert after["invoiceNumber"] == "INV-2026-27-0001"


@pytest.mark.parametrize("others", [{}, {"notes": "x"}, {"invoiceDate": "2025-04-02"}, {"status": "draft"}])
def test_the_present_number_sent_back_stays_of_the_series(api, others):
    invoice = draft_invoice(api, **IN_2025)
    same = {"invoiceNumber": invoice["invoiceNumber"], **others}
    assert api.update(f"invoices/{invoice['id']}", same)["invoiceNumber"] == invoice["invoiceNumber"]
    assert move(api, invoice)["invoiceNumber"] == "INV-2026-27-0001"


@pytest.mark.parametrize("number", BY_HAND)
def test_a_number_by_hand_sent_back_with_the_date_stays(api, number):
    invoice = draft_invoice(api, **IN_2025, invoiceNumber=number)
    assert move(api, invoice, invoiceNumber=number)["invoiceNumber"] == number
    assert api.update(f"invoices/{invoice['id']}", {**IN_2025, "notes": "x"})["invoiceNumber"] == number


def test_a_whole_invoice_sent_back_with_another_date_follows_it(api):
    invoice = draft_invoice(api, **IN_2025)
    names = ("clientId", "clientName", "invoiceNumber", "dueDate", "currency", "notes", "metadata")
    after = move(api, invoice, **{name: invoice[name] for name in names})
    assert (after["invoiceNumber"], after["version"]) == ("INV-2026-27-0001", 2)


def test_a_number_by_hand_that_is_taken_in_the_other_year_is_refused(api):
    taken = draft_invoice(api, **IN_2026, invoiceNumber="A-1")
    invoice = draft_invoice(api, **IN_2025, invoiceNumber="A-1")
    error = error_of(api.patch(f"invoices/{invoice['id']}", json=IN_2026), 409, "duplicate_number")
    assert error["conflictingId"] == taken["id"]
    assert api.read(f"invoices/{invoice['id']}") == invoice


def test_date_and_status_in_one_request_number_it_first_and_then_send_it(api):
    after = move(api, draft_invoice(api, **IN_2025), status="sent")
    assert (after["invoiceNumber"], after["status"]) == ("INV-2026-27-0001", "sent")


def test_a_draft_that_is_made_void_in_the_same_request_is_numbered_too(api):
    assert move(api, draft_invoice(api, **IN_2025), status="void")["invoiceNumber"] == "INV-2026-27-0001"


def test_once_sent_a_number_never_changes(api):
    invoice = sent_invoice(api, **IN_2025)
    after = move(api, invoice)
    assert (after["invoiceNumber"], after["invoiceDate"]) == ("INV-2025-26-0001", "2026-04-01")
    assert draft_invoice(api, **IN_2026)["invoiceNumber"] == "INV-2026-27-0001"


@pytest.mark.parametrize("changes", [{"notes": "x"}, {"dueDate": "2099-12-30"}, {"invoiceDate": "2026-03-30"}, {}])
def test_no_other_change_takes_a_number(api, changes):
    invoice = draft_invoice(api, **IN_2025)
    assert api.update(f"invoices/{invoice['id']}", changes)["invoiceNumber"] == "INV-2025-26-0001"
    assert draft_invoice(api, **IN_2025)["invoiceNumber"] == "INV-2025-26-0002"


def test_a_refused_move_takes_no_number(api):
    invoice = draft_invoice(api, **IN_2025)
    path = f"invoices/{invoice['id']}"
    error_of(api.patch(path, json={**IN_2026, "status": "paid"}), 409, "invalid_transition")
    error_of(api.patch(path, json={**IN_2026, "dueDate": "2026-03-31"}), 422, "validation_failed")
    error_of(api.patch(path, json=IN_2026, headers={"If-Match": '"7"'}), 412, "precondition_failed")
    assert move(api, invoice)["invoiceNumber"] == "INV-2026-27-0001"


def test_a_repeated_move_takes_one_number(api):
    invoice = draft_invoice(api, **IN_2025)
    path, key = f"invoices/{invoice['id']}", {"Idempotency-Key": str(uuid4())}
    first, again = (data_of(api.patch(path, json=IN_2026, headers=key), 200) for _ in range(2))
    assert first == again and again == move(api, invoice)
    assert draft_invoice(api, **IN_2026)["invoiceNumber"] == "INV-2026-27-0002"


def test_drafts_that_move_at_the_same_time_get_different_numbers(api):
    drafts = [draft_invoice(api, **IN_2025) for _ in range(8)]

    def race(number):
        return move(api, drafts[number]) if number < 8 else draft_invoice(api, **IN_2026)

    numbers = sorted(invoice["invoiceNumber"] for invoice in run_at_once(16, race))
    assert numbers == [f"INV-2026-27-{serial:04d}" for serial in range(1, 17)]


def test_two_moves_of_one_draft_leave_it_with_the_number_of_its_year(api):
    invoice = draft_invoice(api, **IN_2025)
    run_at_once(8, lambda number: move(api, invoice, invoiceDate=f"20{26 + number % 2}-05-01", dueDate="2099-01-01"))
    after = api.read(f"invoices/{invoice['id']}")
    year = int(after["invoiceDate"][:4])
    assert after["invoiceNumber"].startswith(f"INV-{year}-{(year + 1) % 100:02d}-")


@pytest.fixture
def choose(organization, owner):
    """Choose the prefix of the series."""
    return lambda prefix: update_organization(owner, organization.id, series_prefix=prefix)


def numbers(api, count, **fields):
    return [draft_invoice(api, **fields)["invoiceNumber"] for _ in range(count)]


def test_a_prefix_counts_from_the_next_draft_on_and_goes_on_where_it_was(api, choose):
    assert numbers(api, 2, **IN_2025) == ["INV-2025-26-0001", "INV-2025-26-0002"]
    choose("ST")
    assert numbers(api, 2, **IN_2025) == ["ST-2025-26-0001", "ST-2025-26-0002"]
    assert numbers(api, 1, **IN_2026) == ["ST-2026-27-0001"]
    choose("SHARMATEXT")
    assert numbers(api, 1, **IN_2025) == numbers(api, 1, **IN_2026) == ["SHARMATEXT-0001"]
    choose("INV")
    assert numbers(api, 1, **IN_2025) == ["INV-2025-26-0003"]
    choose("ST")
    assert numbers(api, 1, **IN_2025) == ["ST-2025-26-0003"]


def test_a_draft_with_a_prefix_follows_its_date_and_one_by_hand_stays(api, choose):
    choose("SHARMATEXT")
    own, by_hand = draft_invoice(api, **IN_2025), draft_invoice(api, **IN_2025, invoiceNumber="SHARMATEXT-0009")
    assert move(api, by_hand)["invoiceNumber"] == "SHARMATEXT-0009"
    assert api.update(f"invoices/{own['id']}", {"invoiceDate": "2025-04-01"})["invoiceNumber"] == "SHARMATEXT-0001"
    choose("ST")
    assert move(api, own)["invoiceNumber"] == "ST-2026-27-0001"


def test_numbers_with_a_prefix_that_were_taken_by_hand_are_passed_over(api, choose):
    choose("ST/")
    draft_invoice(api, **IN_2025, invoiceNumber="st/2025-26-0001")
    assert numbers(api, 1, **IN_2025) == ["ST/2025-26-0002"]


def test_drafts_while_the_prefix_changes_leave_no_gap_in_any_series(api, choose):
    def act(number):
        if number == 0:
            for prefix in ("ST", "INV", "ST"):
                choose(prefix)
            return []
        return numbers(api, 4, **IN_2025)

    given = [each for found in run_at_once(7, act) for each in found]
    for prefix in ("INV", "ST"):
        serials = sorted(int(each[-4:]) for each in given if each.startswith(f"{prefix}-"))
        assert serials == [*range(1, len(serials) + 1)]
    assert len(given) == 24


def test_the_event_says_that_a_number_with_a_prefix_is_of_the_series(api, choose):
    choose("ST")
    for number, told in ((None, True), ("ST-2025-26-0009", None)):
        invoice = draft_invoice(api, **IN_2025, **({} if number is None else {"invoiceNumber": number}))
        (event,) = list_events(api, f"invoices/{invoice['id']}/events")
        assert event["data"].get("numberFromSeries") is told and "numberFromSeries" not in invoice
