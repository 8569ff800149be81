"""The query parameters of lists: every unknown or wrong one is named, with a message of the one form."""

import re
from typing import Any

import pytest

from projections.bill import BILL_LIST
from projections.invoice import INVOICE_LIST
from projections.leave import LEAVE_LIST
from projections.query.listing import Listing
from projections.query.refusals import INVALID_PARAMETER, UNKNOWN_PARAMETER, InvalidQuery
from tests.support.cases import all_cases

LISTS = {"invoices": INVOICE_LIST, "bills": BILL_LIST, "leaves": LEAVE_LIST}
PARAMETERS = [
    (name, parameter)
    for name, listing in LISTS.items()
    for parameter in listing.parameters()
    if parameter not in ("cursor", "metadata[key]")
]
PREDICATE = re.compile(r"(must|is|belongs) .*[^.]")


def problems(listing: Listing, **params: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidQuery) as refused:
        listing.query("org_1", params)
    return [violation[:3] for violation in refused.value.violations]


@all_cases(("name", "parameter"), PARAMETERS)
@all_cases("value", ["", "\0", "x" * 300, ["1", "2"]])
def test_a_wrong_value_of_any_parameter_is_refused_with_a_predicate(name, parameter, value):
    ((field, code, message),) = problems(LISTS[name], **{parameter: value})
    assert (field, code) == (parameter, INVALID_PARAMETER)
    assert PREDICATE.fullmatch(message)


@all_cases(
    ("parameter", "value", "message"),
    [
        ("status", "sent,posted", "must be one or more of: draft, sent, partially_paid, paid, void"),
        ("clientId", "x" * 65, "must be a string of 1 to 64 characters"),
        ("dateFrom", "2025-02-29", "must be a calendar date, YYYY-MM-DD"),
        ("dueTo", "tomorrow", "must be a calendar date, YYYY-MM-DD"),
        ("overdue", "yes", "must be true or false"),
        ("updatedSince", "2025-01-01", "must be an RFC 3339 timestamp, such as 2026-01-31T09:30:00Z"),
        ("sort", "notes", "must be one of: createdAt, updatedAt"),
        ("limit", "101", "must be a whole number from 1 to 100"),
        ("include", "lines", "must be one of: items"),
    ],
)
def test_a_message_says_what_the_parameter_takes(parameter, value, message):
    ((_, _, text),) = problems(INVOICE_LIST, **{parameter: value})
    assert text.startswith(message)


def test_every_wrong_parameter_is_named_and_the_refusal_is_one_sentence():
    with pytest.raises(InvalidQuery, match=r"^limit must be .*; page is not a query parameter"):
        INVOICE_LIST.query("org_1", {"limit": "0", "page": "2"})


@pytest.mark.parametrize("name", LISTS)
def test_an_unknown_parameter_is_answered_with_the_known_ones(name):
    ((field, code, message),) = problems(LISTS[name], page="2")
    assert (field, code) == ("page", UNKNOWN_PARAMETER)
    assert message == f"is not a query parameter of this request; it takes: {', '.join(LISTS[name].parameters())}"


def test_a_plus_that_was_not_escaped_is_read_as_one():
    escaped, unescaped = (
        INVOICE_LIST.query("org_1", {"updatedSince": f"2026-01-31T09:30:00{sign}05:30"}).args for sign in "+ "
    )
    assert escaped == unescaped
