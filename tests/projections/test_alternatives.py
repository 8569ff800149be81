"""Lists of which PostgreSQL would read far too much: words in turns, whole numbers first, and what no row can meet."""

from datetime import UTC, date, datetime

import pytest

from projections.bill import BILL_LIST
from projections.invoice import INVOICE_LIST
from projections.leave import LEAVE_LIST


def query(listing=INVOICE_LIST, **params):
    return listing.query("org_1", params)


def test_several_words_are_read_in_turns_if_an_index_has_the_rows_of_each_in_order():
    statement = query(status="paid,sent")

    assert statement.sql.count("status = %s") == 2 and " UNION ALL " in statement.sql
    assert statement.sql.count("ORDER BY created_at DESC, id DESC LIMIT 51") == 3
    assert statement.args == ("org_1", "paid", "org_1", "sent")
    assert " UNION ALL " not in query(status="paid,sent", sort="dueDate").sql
    assert " UNION ALL " not in query(status="paid,sent", search="acme").sql


def test_a_cursor_narrows_each_turn():
    first = query(status="paid,sent")
    cursor = first.cursor_after(datetime(2026, 1, 31, tzinfo=UTC), "inv_1")

    assert query(status="paid,sent", cursor=cursor).sql.count("(created_at, id) <") == 2


def test_all_words_are_no_condition():
    assert (
        "TRUE" in query(LEAVE_LIST, type="sick,earned").sql and "type" not in query(LEAVE_LIST, type="sick,earned").sql
    )


@pytest.mark.parametrize("text", ["INV-2025-26-0001", "A/2026-7", "inv26-1"])
def test_what_looks_like_a_number_is_looked_up_before_it_is_searched(text):
    statement = query(search=text)

    numbers = list(dict.fromkeys((text, text.upper(), text.lower())))
    assert "NOT EXISTS" in statement.sql
    assert statement.args == ("org_1", numbers, "org_1", numbers, f"%{text.lower()}%")


@pytest.mark.parametrize("text", ["acme", "acme 2026", "20260131", "A-1", "शर्मा-2026"])
def test_other_texts_are_only_searched(text):
    assert "NOT EXISTS" not in query(search=text).sql


@pytest.mark.parametrize(
    ("listing", "params"),
    [
        (INVOICE_LIST, {"dateFrom": "2026-02-01", "dueTo": "2026-01-31"}),
        (BILL_LIST, {"dateFrom": "2026-02-01", "dueTo": "2026-01-31", "status": "open"}),
        (INVOICE_LIST, {"overdue": "true", "status": "paid,void"}),
        (BILL_LIST, {"overdue": "true", "status": "draft"}),
    ],
)
def test_what_no_row_can_meet_is_not_searched(listing, params):
    assert "FALSE" in query(listing, **params).sql


@pytest.mark.parametrize(
    "params", [{"dateFrom": "2026-01-31", "dueTo": "2026-01-31"}, {"overdue": "false", "status": "paid"}]
)
def test_what_a_row_can_meet_is_searched(params):
    assert "FALSE" not in query(**params).sql


def test_only_documents_that_wait_for_payment_are_overdue():
    assert query(overdue="true", status="paid,sent").args == ("org_1", "sent")


@pytest.mark.parametrize(
    ("params", "clause"),
    [
        ({"dateFrom": "2026-01-31", "sort": "dueDate"}, "due_date >= %s"),
        ({"dueTo": "2026-01-31", "sort": "-invoiceDate"}, "invoice_date <= %s"),
    ],
)
def test_a_date_bounds_the_other_date_in_its_order(params, clause):
    statement = query(**params)

    assert statement.sql.count(clause) == 1
    assert statement.args == ("org_1", date(2026, 1, 31), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("sort", "bounded"), [("-invoiceDate", {"dateTo": "2026-01-31"}), ("invoiceDate", {"dateFrom": "2026-01-01"})]
)
def test_a_later_page_begins_at_its_cursor_and_not_at_the_bound(sort, bounded):
    inside = query(**bounded, sort=sort).cursor_after(date(2026, 1, 15), "inv_1")
    assert query(**bounded, sort=sort, cursor=inside).args == ("org_1", date(2026, 1, 15), "inv_1")

    outside = date(2026, 12, 31) if sort.startswith("-") else date(2025, 1, 1)
    forged = query(**bounded, sort=sort).cursor_after(outside, "inv_1")
    assert len(query(**bounded, sort=sort, cursor=forged).args) == 4
