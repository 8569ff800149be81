"""The fields of the forms for each kind of object, which are those of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.console.objects.fields import CHOICE, CONSENT, DAY, DISCOUNT, LONG_TEXT, STATE, STATES, WORDS, Field
from api.pages.translation import marked
from domain.bill import Bill
from domain.document import Document, camel
from domain.documents.pricing import NEAREST
from domain.invoice import Invoice
from domain.leave import TYPES, Leave
from domain.leaves.days import DAY_PARTS, END_PARTS, START_PARTS
from domain.money import MINOR_UNITS
from domain.parties.employee import Employee
from domain.parties.party import CLIENT, VENDOR, Party
from domain.reading.mail_address import MAX_LENGTH
from domain.tax.parties import TREATMENTS

_DATES = (
    Field(name="dueDate", label=marked("Due date"), widget=DAY, is_required=True),
    Field(name="currency", label=marked("Currency"), widget=CHOICE, words=tuple(sorted(MINOR_UNITS))),
    Field(name="notes", label=marked("Notes"), widget=LONG_TEXT, max_length=5000),
)
_TAX = (
    Field(
        name="discount",
        label=marked("Discount"),
        widget=DISCOUNT,
        hint=marked("A percentage, such as 10 %, or an amount. It is spread over the lines."),
        max_length=40,
    ),
    Field(
        name="placeOfSupply",
        label=marked("Place of supply"),
        widget=STATE,
        hint=marked("The GST code or the name of a State; 96 is abroad. If it is empty, that of the party counts."),
        max_length=60,
    ),
    Field(
        name="reverseCharge",
        label=marked("Reverse charge"),
        widget=CONSENT,
        words=("yes",),
        hint=marked("The recipient pays the tax to the government."),
        can_be_empty=True,
    ),
    Field(
        name="roundOff",
        label=marked("Round the total off"),
        widget=CHOICE,
        words=(NEAREST,),
        can_be_empty=True,
    ),
)
_MAIL = Field(name="email", label=marked("E-mail address"), max_length=MAX_LENGTH)
_OWN_ID = Field(
    name="externalId",
    label=marked("Your own id"),
    hint=marked("The id in your own records or in another program, such as acme-traders."),
    max_length=64,
)
_ID_HINT = marked("An id of your own. Without one, the name keeps the id that it had before, or gets one.")
FIELDS: Mapping[str, tuple[Field, ...]] = {
    Invoice.kind: (
        Field(name="clientName", label=marked("Client"), max_length=200, is_expected=True),
        Field(name="clientId", label=marked("Client id"), hint=_ID_HINT, max_length=64),
        Field(
            name="invoiceNumber",
            label=marked("Number"),
            hint=marked("Without one, the invoice gets the next number of your series."),
            max_length=16,
        ),
        Field(name="invoiceDate", label=marked("Date"), widget=DAY, is_required=True),
        *_DATES,
        *_TAX,
    ),
    Bill.kind: (
        Field(name="vendorName", label=marked("Vendor"), max_length=200, is_expected=True),
        Field(name="vendorId", label=marked("Vendor id"), hint=_ID_HINT, max_length=64),
        Field(
            name="billNumber",
            label=marked("Number"),
            hint=marked("The number that the vendor has given the bill."),
            is_required=True,
            max_length=50,
        ),
        Field(name="billDate", label=marked("Date"), widget=DAY, is_required=True),
        *_DATES,
        *_TAX,
    ),
    Leave.kind: (
        Field(name="employeeName", label=marked("Employee"), max_length=200, is_expected=True),
        Field(name="employeeId", label=marked("Employee id"), hint=_ID_HINT, max_length=64),
        Field(name="type", label=marked("Type"), widget=CHOICE, words=TYPES, is_required=True),
        Field(name="startDate", label=marked("First day"), widget=DAY, is_required=True),
        Field(name="endDate", label=marked("Last day"), widget=DAY, is_required=True),
        Field(
            name="dayPart",
            label=marked("Part of the day"),
            widget=CHOICE,
            words=DAY_PARTS,
            hint=marked("For a leave of a single day."),
        ),
        Field(
            name="startPart",
            label=marked("Part of the first day"),
            widget=CHOICE,
            words=START_PARTS,
            hint=marked("For a leave of several days."),
        ),
        Field(
            name="endPart",
            label=marked("Part of the last day"),
            widget=CHOICE,
            words=END_PARTS,
            hint=marked("For a leave of several days."),
        ),
        Field(name="reason", label=marked("Reason"), widget=LONG_TEXT, max_length=2000),
    ),
    Party.kind: (
        Field(name="name", label=marked("Name"), is_required=True, max_length=200),
        Field(
            name="roles",
            label=marked("Role"),
            widget=WORDS,
            words=(CLIENT, VENDOR, f"{CLIENT}+{VENDOR}"),
            hint=marked("You send invoices to clients, and vendors send bills to you."),
            is_required=True,
        ),
        Field(
            name="gstin",
            label=marked("GSTIN"),
            hint=marked("If there is one, it says the State and the PAN."),
            max_length=20,
        ),
        Field(
            name="gstTreatment",
            label=marked("GST treatment"),
            widget=CHOICE,
            words=TREATMENTS,
            hint=marked("If it is empty: registered with a GSTIN, unregistered without one."),
            can_be_empty=True,
        ),
        Field(
            name="stateCode",
            label=marked("State or union territory"),
            widget=STATES,
            hint=marked("Invoices have CGST and SGST in your own State, and IGST in others."),
            can_be_empty=True,
        ),
        Field(name="pan", label=marked("PAN"), max_length=20),
        Field(name="phone", label=marked("Phone"), max_length=30),
        _MAIL,
        _OWN_ID,
        Field(name="address", label=marked("Address"), widget=LONG_TEXT, max_length=500),
    ),
    Employee.kind: (
        Field(name="name", label=marked("Name"), is_required=True, max_length=200),
        _MAIL,
        _OWN_ID,
        Field(name="joinedOn", label=marked("First day at work"), widget=DAY),
        Field(name="leftOn", label=marked("Last day at work"), widget=DAY),
    ),
}
"""By kind."""


def changeable(kind: str, aggregate: type[Any], status: str) -> tuple[tuple[Field, ...], bool]:
    """Return the fields that can be changed in this status, and whether lines can."""
    if not issubclass(aggregate, Document):
        return tuple(field for field in FIELDS[kind] if not field.name.startswith("employee")), False
    writable = {camel(name) for name in aggregate.writable_fields(status)}
    return tuple(field for field in FIELDS[kind] if field.name in writable), "items" in writable
