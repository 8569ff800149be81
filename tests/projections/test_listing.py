"""Lists: query parameters become one SQL statement and its arguments, or are refused, each with a reason."""

import pytest

from projections.bill import BILL_LIST
from projections.invoice import INVOICE_LIST
from projections.leave import LEAVE_LIST
from projections.query.listing import MAX_LIMIT
from projections.query.refusals import INVALID_PARAMETER, UNKNOWN_PARAMETER, InvalidQuery
from tests.support.cases import all_cases

LISTINGS = {"invoices": INVOICE_LIST, "bills": BILL_LIST, "leaves": LEAVE_LIST}
STATUS = {"invoices": "paid", "bills": "open", "leaves": "pending"}
VALUES = {
    "clientId": "acme",
    "vendorId": "mills",
    "employeeId": "emp-7",
    "overdue": "true",
    "search": "acme",
    "type": "sick",
    "updatedSince": "2026-01-31T09:30:00Z",
}
"""A value for each filter; the status differs by list, and the others take a date."""


def query(listing=INVOICE_LIST, **params):
    return listing.query("org_1", params)


def problems(listing=INVOICE_LIST, **params):
    with pytest.raises(InvalidQuery) as refused:
        listing.query("org_1", params)
    return [violation[:3] for violation in refused.value.violations]


def where(sql):
    return sql.partition(" WHERE ")[2].partition(" ORDER BY ")[0]


def test_without_parameters_it_is_the_newest_first_and_one_row_more_than_the_page_holds():
    statement = query()

    assert "FROM invoice_list WHERE org_id = %s ORDER BY created_at DESC, id DESC LIMIT 51" in statement.sql
    assert (statement.args, statement.limit) == (("org_1",), 50)


@pytest.mark.parametrize(
    ("params", "clause", "value"),
    [
        ({"status": "sent"}, "status = %s", "sent"),
        ({"status": "paid,sent,paid", "sort": "dueDate"}, "status = ANY(%s)", ["paid", "sent"]),
        ({"search": "50%_\\Off"}, "search LIKE %s", "%50\\%\\_\\\\off%"),
    ],
)
def test_a_filter_becomes_a_condition_with_its_value(params, clause, value):
    statement = query(**params)

    assert where(statement.sql) == f"org_id = %s AND {clause}"
    assert statement.args == ("org_1", value)


@pytest.mark.parametrize(
    ("text", "known", "other"),
    [("acme", "external_id", "id"), ("party_01KEXAMPLE0000000000000000", "id", "external_id")],
)
def test_a_party_is_named_by_its_id_and_by_its_external_id(text, known, other):
    statement = query(clientId=text)

    assert "WHERE org_id = %s AND client_id = %s ORDER BY" in statement.sql
    spelling = f"(SELECT {other} FROM party_list WHERE org_id = %s AND {known} = %s)"
    assert f"WHERE org_id = %s AND {spelling} IS NOT NULL AND client_id = {spelling} ORDER BY" in statement.sql
    assert statement.args == ("org_1", text, "org_1", "org_1", text, "org_1", text)


@pytest.mark.parametrize(("text", "key"), [(" Ab", "ab"), ("%", "%")])
def test_a_short_search_is_compared_with_beginnings(text, key):
    statement = query(search=text)

    assert where(statement.sql) == "org_id = %s AND beginnings @> ARRAY[%s]::text[] AND beginnings && ARRAY[%s]::text[]"
    assert statement.args == ("org_1", key, key)


@pytest.mark.parametrize(("text", "clause"), [("true", "is_overdue"), ("false", "NOT is_overdue")])
def test_a_flag_is_a_condition_without_a_value(text, clause):
    statement = query(overdue=text)

    assert where(statement.sql) == f"org_id = %s AND {clause}"
    assert statement.args == ("org_1",)


def test_a_range_takes_in_both_of_its_ends():
    statement = query(dateFrom="2026-01-01", dateTo="2026-01-31")

    assert where(statement.sql) == "org_id = %s AND invoice_date >= %s AND invoice_date <= %s"
    assert [str(value) for value in statement.args[1:3]] == ["2026-01-01", "2026-01-31"]


def test_leaves_of_a_range_are_those_that_touch_it():
    statement = query(LEAVE_LIST, dateFrom="2026-01-01", dateTo="2026-01-31")

    assert where(statement.sql) == "org_id = %s AND end_date >= %s AND start_date <= %s AND start_date >= %s"
    assert str(statement.args[3]) == "2024-12-31"  # a leave has 366 days at most


@pytest.mark.parametrize(
    ("sort", "order"), [("dueDate", "due_date ASC, id ASC"), ("-dueDate", "due_date DESC, id DESC")]
)
def test_a_sort_orders_by_the_column_and_then_by_id(sort, order):
    assert f" ORDER BY {order} LIMIT 51" in query(sort=sort).sql


def test_items_are_selected_when_they_are_included():
    assert "SELECT summary, created_at, id, details," in query(include="items").sql
    assert "details" not in query().sql


@pytest.mark.parametrize("name", LISTINGS)
def test_every_parameter_of_every_list_is_taken_and_each_placeholder_has_its_argument(name):
    listing = LISTINGS[name]
    params = {filter: VALUES.get(filter, "2026-01-31") for filter in listing.filters}
    params["status"] = STATUS[name]

    statement = listing.query("org_1", {**params, "limit": "7"})

    assert statement.sql.count("%s") == len(statement.args)
    assert statement.args[0] == "org_1"
    assert statement.sql.endswith(" LIMIT 8")


@pytest.mark.parametrize("name", LISTINGS)
def test_every_sort_of_every_list_is_taken(name):
    for sort, (column, _) in LISTINGS[name].sorts.items():
        assert f"ORDER BY {column} ASC" in LISTINGS[name].query("org_1", {"sort": sort}).sql


@all_cases(
    ("params", "message"),
    [
        ({"limit": "0"}, f"must be a whole number from 1 to {MAX_LIMIT}"),
        ({"limit": "101"}, f"must be a whole number from 1 to {MAX_LIMIT}"),
        ({"limit": "١"}, f"must be a whole number from 1 to {MAX_LIMIT}"),
        ({"dateFrom": "2026-02-29"}, "must be a calendar date, YYYY-MM-DD"),
        ({"updatedSince": "2026-01-31"}, "must be an RFC 3339 timestamp, such as 2026-01-31T09:30:00Z"),
        ({"overdue": "yes"}, "must be true or false"),
        ({"clientId": ""}, "must be a string of 1 to 64 characters"),
        ({"search": "x" * 201}, "must be a string of 1 to 200 characters"),
        ({"include": "payments"}, "must be one of: items"),
        ({"clientId": "a\0b"}, "must not contain the character U+0000"),
        ({"clientId": ["a", "b"]}, "must not be sent more than once"),
    ],
)
def test_a_wrong_value_is_refused_with_what_it_must_be(params, message):
    ((name, code, text),) = problems(**params)

    assert (name, code, text) == (*params, INVALID_PARAMETER, message)


@pytest.mark.parametrize("sort", ["created_at", "--dueDate", "dueDate,id", ""])
def test_an_unknown_sort_is_refused_with_those_there_are(sort):
    ((_, code, text),) = problems(sort=sort)

    assert code == INVALID_PARAMETER
    assert "createdAt, updatedAt, invoiceDate" in text


def test_an_unknown_status_is_refused_with_those_there_are():
    ((_, _, text),) = problems(status="sent,open")

    assert "draft, sent, partially_paid, paid, void" in text


def test_an_unknown_parameter_is_refused_with_those_there_are():
    ((name, code, text),) = problems(LEAVE_LIST, include="items")

    assert (name, code) == ("include", UNKNOWN_PARAMETER)
    assert text.endswith("it takes: " + ", ".join(LEAVE_LIST.parameters()))


def test_every_problem_is_reported_at_once():
    assert [name for name, _, _ in problems(limit="x", sort="y", z="")] == ["limit", "sort", "z"]


@pytest.mark.parametrize("name", LISTINGS)
def test_the_described_parameters_are_those_that_are_taken(name):
    listing = LISTINGS[name]

    assert [name.removesuffix("[key]") for name in listing.parameters()] == list(listing.query_parameters())
