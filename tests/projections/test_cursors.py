"""Cursors: the place after a row survives the way through a URL, and belongs to one query of one organization."""

from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.bill import BILL_LIST
from projections.invoice import INVOICE_LIST
from projections.query.refusals import INVALID_CURSOR, InvalidQuery

DATES = st.dates(date(1, 1, 1), date(9999, 12, 31))
SORTED = {
    "createdAt": st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    "invoiceDate": DATES,
    "totalAmount": st.decimals(min_value=0, max_value=10**15, places=2),
    "invoiceNumber": st.text(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=64
    ),
}
"""By sort of the list of invoices: the values that its column can have."""
IDS = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26).map("inv_{}".format)


def query(params=None, org_id="org_1", listing=INVOICE_LIST):
    return listing.query(org_id, params or {})


def is_refused(params, org_id="org_1", listing=INVOICE_LIST):
    with pytest.raises(InvalidQuery) as refused:
        query(params, org_id, listing)
    ((name, code, *_),) = refused.value.violations
    return (name, code) == ("cursor", INVALID_CURSOR)


@pytest.mark.parametrize("sort", SORTED)
@given(data=st.data(), sign=st.sampled_from(["", "-"]), id=IDS)
def test_the_next_page_begins_after_the_row_of_the_cursor(sort, data, sign, id):
    value = data.draw(SORTED[sort])
    column, kind = INVOICE_LIST.sorts[sort]

    cursor = query({"sort": sign + sort}).cursor_after(value, id)
    following = query({"sort": sign + sort, "cursor": cursor})

    assert quote(cursor, safe="") == cursor
    assert following.args == ("org_1", value, id)
    assert f"({column}, id) {'<' if sign else '>'} (%s::{kind.sql}, %s)" in following.sql


@given(id=IDS, place=st.integers(0, 10**6), replacement=st.sampled_from("abcXYZ019-_"))
def test_an_altered_cursor_is_refused(id, place, replacement):
    cursor = query().cursor_after(datetime(2026, 1, 31, tzinfo=UTC), id)
    place %= len(cursor) - 1  # of the last character, not every bit counts
    altered = cursor[:place] + replacement + cursor[place + 1 :]

    if altered != cursor:
        assert is_refused({"cursor": altered})


@given(st.text(min_size=1, max_size=80))
def test_any_other_text_is_refused(text):
    assert is_refused({"cursor": text})


CURSOR = query({"status": "sent"}).cursor_after(datetime(2026, 1, 31, tzinfo=UTC), "inv_1")


@pytest.mark.parametrize(
    "change",
    [
        {"params": {"cursor": CURSOR}},
        {"params": {"cursor": CURSOR, "status": "paid"}},
        {"params": {"cursor": CURSOR, "status": "sent", "clientId": "acme"}},
        {"params": {"cursor": CURSOR, "status": "sent", "sort": "createdAt"}},
        {"params": {"cursor": CURSOR, "status": "sent"}, "org_id": "org_2"},
        {"params": {"cursor": CURSOR}, "listing": BILL_LIST},
    ],
    ids=["no filter", "another value", "one filter more", "another order", "another organization", "another list"],
)
def test_the_cursor_of_another_query_is_refused(change):
    assert is_refused(**change)


@pytest.mark.parametrize("change", [{"limit": "2"}, {"include": "items"}])
def test_the_size_and_the_details_of_a_page_may_change(change):
    assert query({"cursor": CURSOR, "status": "sent", **change}).args[-1] == "inv_1"


def test_the_order_of_the_parameters_does_not_matter():
    filters = {"status": "sent", "clientId": "acme"}
    cursor = query(filters).cursor_after(datetime(2026, 1, 31, tzinfo=UTC), "inv_1")

    turned = dict(reversed(filters.items()))
    assert query({**turned, "cursor": cursor}).args[-1] == "inv_1"
