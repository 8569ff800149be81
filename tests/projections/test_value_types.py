"""The types of the values of a resource, as pages need them."""

from typing import Any

import pytest
from msgspec import inspect

from projections.registry import ROWS
from projections.views.value_types import DATE, DATE_TIME, MONEY, value_types

AMOUNTS = """
    subTotal taxTotal totalAmount amountPaid amountSettled balanceDue payments.amount
    items.unitPrice items.amount items.taxAmount items.totalAmount items.discountAmount
    items.taxableAmount items.cgst items.sgst items.igst items.cess items.taxPayableByRecipient
    discount.amount discountTotal taxableAmount cgst sgst igst cess taxPayableByRecipient roundOff
    taxSummary.taxableAmount taxSummary.cgst taxSummary.sgst taxSummary.igst taxSummary.cess
    taxSummary.taxPayableByRecipient
    corrections.amount corrections.appliedAmount corrections.roundOff
    correctedLines.taxableAmount correctedLines.cgst correctedLines.sgst correctedLines.igst correctedLines.cess
    correctedLines.taxAmount correctedLines.taxPayableByRecipient correctedLines.untaxedAmount
"""
"""The amounts of money of invoices and bills."""
CORRECTED = " amountCredited amountDebited"


@pytest.mark.parametrize("kind", ROWS)
def test_every_row_declares_its_times_as_instants(kind):
    types = value_types(kind)
    assert (types["createdAt"].format, types["updatedAt"].format, types["id"].format) == (DATE_TIME, DATE_TIME, "")


def test_a_day_is_declared_by_its_type_also_when_it_can_be_null():
    types = value_types("invoice")
    assert [types[name].format for name in ("dueDate", "paidAt", "notes")] == [DATE, DATE_TIME, ""]
    assert types["payments"].fields["reversedOn"].format == DATE


def test_the_entries_of_a_list_have_the_types_of_their_struct():
    assert value_types("api_key")["earlierSecrets"].fields["worksUntil"].format == DATE_TIME


@pytest.mark.parametrize(
    ("kind", "amounts"), [("invoice", AMOUNTS + CORRECTED), ("bill", AMOUNTS + " amountCredited"), ("leave", "")]
)
def test_each_decimal_that_is_shown_with_a_currency_is_an_amount(kind, amounts):
    shown = {name for name, type_ in _with_entries(value_types(kind)) if type_.format == MONEY}
    assert sorted(shown) == sorted(amounts.split())


@pytest.mark.parametrize("kind", ROWS)
def test_the_entries_of_lists_and_mappings_have_a_noun(kind):
    assert [name for name, noun in _nouns(ROWS[kind].resource_types) if not noun] == []


def _with_entries(types, place=""):
    """Yield all fields with their types, also those of the entries of lists, as `items.amount`."""
    for name, type_ in types.items():
        yield f"{place}{name}", type_
        yield from _with_entries(type_.fields, f"{name}.")


def _nouns(structs):
    """Yield each field that holds Structs as entries, with the noun of such an entry."""
    for struct in structs:
        info: Any = inspect.type_info(struct)
        for field in info.fields:
            types = getattr(field.type, "types", (field.type,))
            for entry in (getattr(each, "item_type", getattr(each, "value_type", None)) for each in types):
                if isinstance(entry, inspect.StructType):
                    yield field.encode_name, getattr(entry.cls, "noun", "")
                    yield from _nouns([entry.cls])
