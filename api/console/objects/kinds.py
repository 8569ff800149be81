"""The kinds of objects that have pages in the console, and what their lists show."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from api.bill import BILLS
from api.console.objects.columns import (
    Column,
    balance_of,
    day_column,
    day_count,
    given_column,
    money_column,
    name_of,
    number_column,
    own_name_column,
    party_column,
    roles_of,
    state_of,
)
from api.console.objects.words import FILTERS
from api.invoice import INVOICES
from api.leave import LEAVES
from api.notes.credit_note import CREDIT_NOTES
from api.notes.debit_note import DEBIT_NOTES
from api.notes.vendor_credit import VENDOR_CREDITS
from api.pages.formats import format_day_range
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.parties.employee import EMPLOYEES
from api.parties.party import PARTIES
from api.resource_type import ResourceType
from domain.document import Document
from domain.notes.lowering_note import LoweringNote
from domain.notes.note import Note
from domain.parties.party import CLIENT, VENDOR


class NamedIn(msgspec.Struct, frozen=True):
    """A list of objects that name a party or an employee by its id."""

    title: str
    path: str
    parameter: str
    """The filter of the list, and the field of the form for a new object."""
    new: str
    """The link to the form for a new object."""
    role: str = ""
    """The role that a party has in them; empty for an employee."""


class ObjectKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of objects with pages in the console."""

    type: ResourceType
    title: str
    """The heading of the list: "Invoices"."""
    lead: str = ""
    """A sentence below the heading, where it does not say enough."""
    new: str
    """The link to the form for a new object."""
    template: str
    """The template of the page of one object."""
    name: Column
    """The column that names the object, and leads to its page."""
    columns: tuple[Column, ...]
    filters: tuple[str, ...]
    """The filters that the form always shows; the others can be opened."""
    own_labels: Mapping[str, str] = {}
    """The labels of filters that mean something else than in other lists."""
    empty: str
    """The sentence of a list without any object."""
    starts_alone: bool = True
    """Whether a new object is made from the list; a note is made from the page of its document."""
    beside: tuple[tuple[str, str], ...] = ()
    """The paths and titles of other lists to which the head of the list leads."""
    named_in: tuple[NamedIn, ...] = ()
    """The lists of objects that name one of these."""

    @property
    def kind(self) -> str:
        """The stored name of the kind, such as `invoice`."""
        return self.type.aggregate.kind

    @property
    def path(self) -> str:
        """The path of the list, such as `/home/invoices`. The API has `/invoices` below its own path: a program that
        asks for it elsewhere is told so."""
        return f"/home/{self.type.path}"

    def label(self, parameter: str) -> str:
        """Return the label of a parameter of the list; its name if it has no label."""
        return _(self.own_labels.get(parameter) or FILTERS.get(parameter, parameter))

    @property
    def has_amounts(self) -> bool:
        """Whether the objects have totals, which the list sums."""
        return issubclass(self.type.aggregate, Document)


_AMOUNTS = (
    day_column(marked("Due"), "due_date", "dueDate"),
    money_column(marked("Total"), "total_amount", "totalAmount"),
    Column(title=marked("Balance due"), text=balance_of, is_number=True),
)
_DOCUMENT_FILTERS = ("search", "status", "overdue")

INVOICE_PAGES = ObjectKind(
    type=INVOICES,
    title=marked("Invoices"),
    new=marked("New invoice"),
    template="objects/document.html",
    name=number_column("invoice_number", "invoiceNumber"),
    columns=(
        party_column(marked("Client"), "client"),
        day_column(marked("Date"), "invoice_date", "invoiceDate"),
        *_AMOUNTS,
    ),
    filters=_DOCUMENT_FILTERS,
    empty=marked("There is no invoice yet. Draft one here, or send one through the API."),
    beside=(
        (f"/home/{CREDIT_NOTES.path}", marked("Credit notes")),
        (f"/home/{DEBIT_NOTES.path}", marked("Debit notes")),
    ),
)
BILL_PAGES = ObjectKind(
    type=BILLS,
    title=marked("Bills"),
    new=marked("New bill"),
    template="objects/document.html",
    name=number_column("bill_number", "billNumber"),
    columns=(party_column(marked("Vendor"), "vendor"), day_column(marked("Date"), "bill_date", "billDate"), *_AMOUNTS),
    filters=_DOCUMENT_FILTERS,
    empty=marked("There is no bill yet. Enter one here, or send one through the API."),
    beside=((f"/home/{VENDOR_CREDITS.path}", marked("Vendor credits")),),
)
LEAVE_PAGES = ObjectKind(
    type=LEAVES,
    title=marked("Leaves"),
    new=marked("New leave request"),
    template="objects/leave.html",
    name=Column(title=marked("Employee"), text=lambda entry: name_of(entry.employee_name or entry.employee_id)),
    columns=(
        Column(title=marked("Type"), text=lambda entry: _(entry.type)),
        Column(
            title=marked("Days"),
            text=lambda entry: format_day_range(entry.start_date, entry.end_date),
            sort="startDate",
        ),
        Column(title=marked("Length"), text=lambda entry: day_count(entry.days)),
    ),
    filters=("search", "status", "type"),
    own_labels={"dateFrom": marked("Away from"), "dateTo": marked("Away until")},
    empty=marked("There is no leave request yet. Request one here, or send one through the API."),
)


def _note_pages(type_: ResourceType, of: ObjectKind, *, title: str, lead: str, new: str, empty: str) -> ObjectKind:
    """Return the pages of a kind of note, which corrects documents of the kind `of`."""
    is_lowering, is_of_client = issubclass(type_.aggregate, LoweringNote), of is INVOICE_PAGES
    number = f"{of.kind}_number"
    return ObjectKind(
        type=type_,
        title=title,
        lead=lead,
        new=new,
        template="objects/note.html",
        name=Column(title=marked("Number"), text=lambda entry: name_of(entry.number or _("no number yet"))),
        columns=(
            party_column(marked("Client"), "client") if is_of_client else party_column(marked("Vendor"), "vendor"),
            Column(
                title=marked("Invoice") if is_of_client else marked("Bill"),
                text=lambda entry: name_of(getattr(entry, number)),
            ),
            day_column(marked("Date"), "date", "date"),
            money_column(marked("Total"), "total_amount", "totalAmount"),
            *((money_column(marked("To be refunded"), "refund_due"),) if is_lowering else ()),
        ),
        filters=("search", "status", *(("refundDue",) if is_lowering else ())),
        empty=empty,
        starts_alone=False,
        beside=((of.path, of.title),),
    )


CREDIT_NOTE_PAGES = _note_pages(
    CREDIT_NOTES,
    INVOICE_PAGES,
    title=marked("Credit notes"),
    lead=marked("They lower invoices that were sent: goods came back, or too much was charged."),
    new=marked("New credit note"),
    empty=marked("There is no credit note yet. Open an invoice that was sent, and press “New credit note” there."),
)
DEBIT_NOTE_PAGES = _note_pages(
    DEBIT_NOTES,
    INVOICE_PAGES,
    title=marked("Debit notes"),
    lead=marked("They raise invoices that were sent: more was delivered, or too little was charged."),
    new=marked("New debit note"),
    empty=marked("There is no debit note yet. Open an invoice that was sent, and press “New debit note” there."),
)
VENDOR_CREDIT_PAGES = _note_pages(
    VENDOR_CREDITS,
    BILL_PAGES,
    title=marked("Vendor credits"),
    lead=marked("Credit notes that vendors have given you. They lower bills that were opened."),
    new=marked("New vendor credit"),
    empty=marked("There is no vendor credit yet. Open a bill that was opened, and press “New vendor credit” there."),
)
NOTE_PAGES = (CREDIT_NOTE_PAGES, DEBIT_NOTE_PAGES, VENDOR_CREDIT_PAGES)
"""The kinds of notes: a note is made from the page of the document that it corrects."""

PARTY_PAGES = ObjectKind(
    type=PARTIES,
    title=marked("Parties"),
    lead=marked("Your clients and vendors."),
    new=marked("New party"),
    template="objects/party.html",
    name=own_name_column(),
    columns=(
        Column(title=marked("Role"), text=roles_of),
        given_column(marked("GSTIN"), "gstin"),
        Column(title=marked("State or union territory"), text=state_of),
        given_column(marked("Phone"), "phone"),
    ),
    filters=("search", "role", "status"),
    empty=marked("There is no party yet. Add a client or vendor here, or send one through the API."),
    named_in=(
        NamedIn(marked("Invoices to this client"), INVOICE_PAGES.path, "clientId", INVOICE_PAGES.new, CLIENT),
        NamedIn(marked("Bills of this vendor"), BILL_PAGES.path, "vendorId", BILL_PAGES.new, VENDOR),
    ),
)
EMPLOYEE_PAGES = ObjectKind(
    type=EMPLOYEES,
    title=marked("Employees"),
    new=marked("New employee"),
    template="objects/party.html",
    name=own_name_column(),
    columns=(
        given_column(marked("Your own id"), "external_id"),
        given_column(marked("E-mail address"), "email"),
        day_column(marked("First day at work"), "joined_on"),
        day_column(marked("Last day at work"), "left_on"),
    ),
    filters=("search", "status"),
    empty=marked("There is no employee yet. Add one here, or send one through the API."),
    named_in=(NamedIn(marked("Leaves of this employee"), LEAVE_PAGES.path, "employeeId", LEAVE_PAGES.new),),
)
OBJECT_PAGES = (INVOICE_PAGES, BILL_PAGES, *NOTE_PAGES, LEAVE_PAGES, PARTY_PAGES, EMPLOYEE_PAGES)
"""Every kind with pages, in the order of the navigation."""


def notes_of(kind: ObjectKind) -> list[ObjectKind]:
    """Return the kinds of notes that correct documents of a kind."""
    found = ((each, each.type.aggregate) for each in NOTE_PAGES)
    return [each for each, note in found if issubclass(note, Note) and note.corrects is kind.type.aggregate]
