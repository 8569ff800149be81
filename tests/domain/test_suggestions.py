"""What a client probably meant: names, words, dates, instants, decimals and currencies."""

import string
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from commands.bill import DraftBill, UpdateBill
from commands.dispatch import HANDLERS
from commands.document import NewLineItem
from commands.fields.of_body import body_fields
from commands.invoice import DraftInvoice, RecordInvoicePayment, UpdateInvoice
from commands.leave import RequestLeave, UpdateLeave
from domain.money import MINOR_UNITS
from domain.reading import InvalidValue, parse_date, parse_decimal, parse_instant
from domain.suggestions.comparisons import plain_name
from domain.suggestions.currencies import nearest_currency
from domain.suggestions.dates import nearest_date, nearest_instant
from domain.suggestions.decimals import nearest_decimal
from domain.suggestions.names import MAX_CHARACTERS, nearest
from domain.suggestions.other_names import FIELDS, PARAMETERS, SORTS, WORDS
from tests.support.cases import all_cases

STRUCTS = [*HANDLERS, NewLineItem]
TABLES = [FIELDS, PARAMETERS, SORTS, WORDS]
ANY_JSON = st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.text(), max_size=2))


def refusal(parse, sent):
    """The error of a parser that refuses this value; None if it accepts it."""
    try:
        parse(sent)
    except InvalidValue as error:
        return error
    return None


@all_cases(
    ("struct", "sent", "meant"),
    [
        (DraftInvoice, "client_id", "clientId"),
        (DraftInvoice, "Client-ID", "clientId"),
        (DraftInvoice, "CLIENTID", "clientId"),
        (DraftInvoice, "clinetId", "clientId"),
        (DraftInvoice, "vendorId", "clientId"),
        (DraftInvoice, "vendorName", "clientName"),
        (DraftInvoice, "customer", "clientId"),
        (DraftInvoice, "billNumber", "invoiceNumber"),
        (DraftInvoice, "date", "invoiceDate"),
        (DraftInvoice, "line_items", "items"),
        (DraftInvoice, "curency", "currency"),
        (DraftInvoice, "note", "notes"),
        (DraftBill, "clientId", "vendorId"),
        (DraftBill, "supplier", "vendorId"),
        (DraftBill, "invoiceDate", "billDate"),
        (NewLineItem, "price", "unitPrice"),
        (NewLineItem, "amount", "unitPrice"),
        (NewLineItem, "qty", "quantity"),
        (NewLineItem, "gst", "taxRate"),
        (NewLineItem, "name", "description"),
        (NewLineItem, "hsn_code", "hsnSac"),
        (RecordInvoicePayment, "date", "paidOn"),
        (RecordInvoicePayment, "paymentMethod", "method"),
        (RecordInvoicePayment, "utr", "reference"),
        (RecordInvoicePayment, "ammount", "amount"),
        (UpdateInvoice, "state", "status"),
        (UpdateBill, "custom_fields", "metadata"),
        (RequestLeave, "from", "startDate"),
        (RequestLeave, "to", "endDate"),
        (RequestLeave, "leaveType", "type"),
        (RequestLeave, "employee", "employeeId"),
        (RequestLeave, "half_day", "dayPart"),
        (UpdateLeave, "comment", "reason"),
    ],
)
def test_a_field_that_is_nearly_one_is_recognized(struct, sent, meant):
    assert nearest(sent, body_fields(struct), FIELDS) == meant


@all_cases(
    "sent", ["", "x", "foo", "colour", "bogus", "_", "-", "ÿ", "a" * 41, "clientId" * 6, "clientId" + "_" * 33, 7, None]
)
@all_cases("struct", STRUCTS)
def test_a_name_that_is_like_none_has_no_suggestion(struct, sent):
    assert nearest(sent, body_fields(struct), FIELDS) is None


@all_cases(
    ("sent", "plain"),
    [
        ("created[gte]", "createdFrom"),
        ("created_at_min", "createdatFrom"),
        ("dueDate.lt", "dueDateTo"),
        ("created>", "createdFrom"),
        ("filter[status]", "status"),
        ("filter[created][gte]", "createdFrom"),
        ("filter", None),
        ("gte", None),
        ("since", None),
        ("dueDate", None),
        ("status[in]", None),
        ("", None),
    ],
)
def test_a_comparison_in_the_name_of_a_parameter_is_read(sent, plain):
    assert plain_name(sent) == plain


@given(st.sampled_from(STRUCTS), st.sampled_from(TABLES), ANY_JSON)
def test_a_suggestion_always_exists(struct, other_names, sent):
    accepted = list(body_fields(struct))
    assert nearest(sent, accepted, other_names) in (None, *accepted)


@given(st.sampled_from(STRUCTS), st.data())
def test_one_slip_of_the_fingers_never_leads_to_a_wrong_field(struct, data):
    accepted = list(body_fields(struct))
    if not accepted:
        return
    name = data.draw(st.sampled_from(accepted))
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(string.ascii_letters))
    slips = [name[:place] + name[place + 1 :], name[:place] + letter + name[place:], name.swapcase(), f"{name}s"]
    for sent in slips:
        suggestion = nearest(sent, accepted, {})
        assert suggestion in (None, name) or sent.lower() == suggestion.lower()


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_other_names_leads_to_names_that_are_its_own(table):
    assert all(meanings and len(key) <= MAX_CHARACTERS for key, meanings in table.items())


def test_every_field_in_the_table_is_a_field_of_some_request():
    known = {name for struct in STRUCTS for name in body_fields(struct)}
    assert {name for meanings in FIELDS.values() for name in meanings} <= known


@all_cases(
    ("sent", "meant"),
    [
        ("31/12/2026", "2026-12-31"),
        ("12/31/2026", "2026-12-31"),
        ("31-12-2026", "2026-12-31"),
        ("31.12.2026", "2026-12-31"),
        ("5/5/2026", "2026-05-05"),
        ("2026-1-5", "2026-01-05"),
        ("2026/01/05", "2026-01-05"),
        ("20260105", "2026-01-05"),
        (20260105, "2026-01-05"),
        ("2026-01-05T00:00:00Z", "2026-01-05"),
        ("2026-01-05T00:00:00.000Z", "2026-01-05"),
        ("5 Jan 2026", "2026-01-05"),
        ("5-Jan-2026", "2026-01-05"),
        ("January 5, 2026", "2026-01-05"),
        ("5th sept 2026", "2026-09-05"),
        (" 2026-01-05 ", "2026-01-05"),
    ],
)
def test_a_date_in_another_form_is_recognized(sent, meant):
    assert nearest_date(sent) == meant


NO_DATE = ["03/04/2026", "31/12/26", "31/02/2026", "2026-02-30", "2026-13-01", "12/2026", "2026-01-05T18:30:00Z"]
NO_DATE += ["tomorrow", "", "5 Ja 2026", "2026", "2026115", "1" * 50, "٣١/١٢/٢٠٢٦"]


@all_cases("sent", [*NO_DATE, 46387, True, None])
def test_a_date_that_can_be_read_in_two_ways_has_no_suggestion(sent):
    assert nearest_date(sent) is None


@all_cases(
    ("sent", "meant"),
    [
        ("2026-01-31", "2026-01-31T00:00:00Z"),
        ("2026-01-31T09:30:00", "2026-01-31T09:30:00Z"),
        ("2026-01-31 09:30", "2026-01-31T09:30:00Z"),
        ("1769851800", "2026-01-31T09:30:00Z"),
        ("1769851800000", "2026-01-31T09:30:00Z"),
        ("31/01/2026", "2026-01-31T00:00:00Z"),
        ("2026-01-31T24:00:00", None),
        ("yesterday", None),
        (1769851800, None),
    ],
)
def test_an_instant_in_another_form_is_recognized(sent, meant):
    assert nearest_instant(sent) == meant


@all_cases(
    ("sent", "meant"),
    [
        ("3,500.00", "3500.00"),
        ("1,00,000", "100000"),
        ("12,34,567.89", "1234567.89"),
        ("₹3,500.00", "3500.00"),
        ("₹ 3500", "3500"),
        ("Rs. 3,500/-", "3500"),
        ("INR 3500", "3500"),
        ("3500 INR", "3500"),
        ("$10.50", "10.50"),
        ("18%", "18"),
        ("1 234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("10,5", "10.5"),
        ("1_000", "1000"),
        ("+5", "5"),
        (".5", "0.5"),
        ("5.", "5"),
        (" 5 ", "5"),
        ("३५००", "3500"),
        ("３５００", "3500"),
        ("3,5,0", None),
        ("1,2345", None),
        ("-5", None),
        ("1.5k", None),
        ("ten", None),
        ("", None),
        ("₹", None),
        ("1" * 41, None),
        (None, None),
        (True, None),
    ],
)
def test_a_decimal_in_another_form_is_recognized(sent, meant):
    assert nearest_decimal(sent) == meant


@all_cases(
    ("sent", "meant"),
    [("inr", "INR"), (" Usd ", "USD"), ("₹", "INR"), ("Rs.", "INR"), ("$", None), ("", None), (5, None)],
)
def test_a_currency_in_another_form_is_recognized(sent, meant):
    assert nearest_currency(sent) == meant


@pytest.mark.parametrize(
    ("parse", "suggest"),
    [(parse_date, nearest_date), (parse_instant, nearest_instant), (parse_decimal, nearest_decimal)],
)
@given(
    sent=st.one_of(
        ANY_JSON,
        st.from_regex(
            r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?Z?)?", fullmatch=True
        ),
        st.from_regex(r"(₹|Rs|\$)? ?[0-9]{1,3}([., ][0-9]{2,3}){0,4}([.,][0-9]{1,3})?(%|/-)?", fullmatch=True),
        st.text("0123456789.,-/:TZ ₹", max_size=45),
    )
)
@example(sent="2026-01-31T24:00:00Z")
@example(sent="0000-01-01")
def test_a_suggested_value_is_accepted_and_differs_from_what_was_sent(parse, suggest, sent):
    suggestion = suggest(sent)
    if suggestion is None:
        return
    parse(suggestion)
    assert len(suggestion) <= MAX_CHARACTERS
    error = refusal(parse, sent)
    assert error is None or (suggestion != sent and error.hint() == suggestion)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_date_is_never_suggested_with_day_and_month_exchanged(day):
    for form in ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", "%Y/%m/%d"):
        assert nearest_date(day.strftime(form)) in (None, day.isoformat())


@given(st.text())
def test_a_suggested_currency_exists(sent):
    assert nearest_currency(sent) in (None, *MINOR_UNITS)
