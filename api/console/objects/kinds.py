"""The kinds of objects that have pages in the console, and what their lists show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from markupsafe import Markup

from api.bill import BILLS
from api.console.objects.words import FILTERS, VALUES
from api.invoice import INVOICES
from api.leave import LEAVES
from api.notes.credit_note import CREDIT_NOTES
from api.notes.debit_note import DEBIT_NOTES
from api.notes.vendor_credit import VENDOR_CREDITS
from api.pages.formats import format_day, format_day_range, format_decimal, format_money
from api.pages.others_texts import bdi, short
from api.pages.translation import gettext as _
from api.pages.translation import marked, ngettext
from api.parties.employee import EMPLOYEES
from api.parties.party import PARTIES
from api.resource_type import ResourceType
from domain.document import Document
from domain.notes.note import Note
from domain.parties.party import CLIENT, VENDOR
from domain.tax.states import state_name

Text = Callable[[Any], str | Markup]
"""A function that returns a text about an entry of a list. Texts that other people wrote are isolated in it."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a list."""

    title: str
    text: Text
    sort: str = ""
    """The sort of the API that orders the list by this column; empty if there is none."""
    is_number: bool = False


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


def day_count(days: Any) -> str:
    """Return the length of a leave in words, such as "2.5 days"."""
    return ngettext("%(num)s day", "%(num)s days", 1 if days == 1 else 2, num=format_decimal(days))


def _number(field: str, sort: str) -> Column:
    return Column(title=marked("Number"), text=lambda entry: _name(getattr(entry, field)), sort=sort)


def _name(text: str) -> Markup:
    """Return a name as a list shows it."""
    return bdi(short(text))


def roles_of(entry: Any) -> str:
    """Return the roles of a party in words, such as "client and vendor"."""
    return _(VALUES["+".join(entry.roles)])


def _state(entry: Any) -> str:
    return state_name(entry.state_code) if entry.state_code else "\u2013"


def _own_name() -> Column:
    """Return the column with the name of a party or an employee; after an erasure, it has none."""
    return Column(
        title=marked("Name"), text=lambda entry: _name(entry.name or entry.external_id or entry.id), sort="name"
    )


def _given(title: str, field: str) -> Column:
    """Return the column of a text that is not always given."""
    return Column(title=title, text=lambda entry: _name(getattr(entry, field) or "\u2013"))


def _party(title: str, party: str) -> Column:
    name, id = f"{party}_name", f"{party}_id"
    return Column(title=title, text=lambda entry: _name(getattr(entry, name) or getattr(entry, id)))


def _day(title: str, field: str, sort: str = "") -> Column:
    def text(entry: Any) -> str:
        day = getattr(entry, field)
        return "\u2013" if day is None else format_day(day)

    return Column(title=title, text=text, sort=sort)


def _money(title: str, field: str, sort: str = "") -> Column:
    def text(entry: Any) -> str:
        return format_money(getattr(entry, field), entry.currency)

    return Column(title=title, text=text, sort=sort, is_number=True)


def is_owed(entry: Any) -> bool:
    """Return whether somebody owes the balance of an invoice or a bill: it is neither a draft nor void."""
    return entry.status not in ("draft", "void")


def _balance(entry: Any) -> str:
    return format_money(entry.balance_due, entry.currency) if is_owed(entry) else "\u2013"


_AMOUNTS = (
    _day(marked("Due"), "due_date", "dueDate"),
    _money(marked("Total"), "total_amount", "totalAmount"),
    Column(title=marked("Balance due"), text=_balance, is_number=True),
)
_DOCUMENT_FILTERS, _NOTE_FILTERS = ("search", "status", "overdue"), ("search", "status")
_LOWERING_FILTERS = (*_NOTE_FILTERS, "refundDue")

INVOICE_PAGES = ObjectKind(
    type=INVOICES,
    title=marked("Invoices"),
    new=marked("New invoice"),
    template="objects/document.html",
    name=_number("invoice_number", "invoiceNumber"),
    columns=(_party(marked("Client"), "client"), _day(marked("Date"), "invoice_date", "invoiceDate"), *_AMOUNTS),
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
    name=_number("bill_number", "billNumber"),
    columns=(_party(marked("Vendor"), "vendor"), _day(marked("Date"), "bill_date", "billDate"), *_AMOUNTS),
    filters=_DOCUMENT_FILTERS,
    empty=marked("There is no bill yet. Enter one here, or send one through the API."),
    beside=((f"/home/{VENDOR_CREDITS.path}", marked("Vendor credits")),),
)
LEAVE_PAGES = ObjectKind(
    type=LEAVES,
    title=marked("Leaves"),
    new=marked("New leave request"),
    template="objects/leave.html",
    name=Column(title=marked("Employee"), text=lambda entry: _name(entry.employee_name or entry.employee_id)),
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


def _note_columns(party: Column, of: Column, *more: Column) -> tuple[Column, ...]:
    return (
        party,
        of,
        _day(marked("Date"), "date", "date"),
        _money(marked("Total"), "total_amount", "totalAmount"),
        *more,
    )


_NOTE_NUMBER = Column(title=marked("Number"), text=lambda entry: _name(entry.number or _("no number yet")))
CREDIT_NOTE_PAGES = ObjectKind(
    type=CREDIT_NOTES,
    title=marked("Credit notes"),
    lead=marked("They lower invoices that were sent: goods came back, or too much was charged."),
    new=marked("New credit note"),
    template="objects/note.html",
    name=_NOTE_NUMBER,
    columns=_note_columns(
        _party(marked("Client"), "client"),
        Column(title=marked("Invoice"), text=lambda entry: _name(entry.invoice_number)),
        _money(marked("To be refunded"), "refund_due"),
    ),
    filters=_LOWERING_FILTERS,
    empty=marked("There is no credit note yet. Open an invoice that was sent, and press “New credit note” there."),
    starts_alone=False,
    beside=((INVOICE_PAGES.path, INVOICE_PAGES.title),),
)
DEBIT_NOTE_PAGES = ObjectKind(
    type=DEBIT_NOTES,
    title=marked("Debit notes"),
    lead=marked("They raise invoices that were sent: more was delivered, or too little was charged."),
    new=marked("New debit note"),
    template="objects/note.html",
    name=_NOTE_NUMBER,
    columns=_note_columns(
        _party(marked("Client"), "client"),
        Column(title=marked("Invoice"), text=lambda entry: _name(entry.invoice_number)),
    ),
    filters=_NOTE_FILTERS,
    empty=marked("There is no debit note yet. Open an invoice that was sent, and press “New debit note” there."),
    starts_alone=False,
    beside=((INVOICE_PAGES.path, INVOICE_PAGES.title),),
)
VENDOR_CREDIT_PAGES = ObjectKind(
    type=VENDOR_CREDITS,
    title=marked("Vendor credits"),
    lead=marked("Credit notes that vendors have given you. They lower bills that were opened."),
    new=marked("New vendor credit"),
    template="objects/note.html",
    name=_NOTE_NUMBER,
    columns=_note_columns(
        _party(marked("Vendor"), "vendor"),
        Column(title=marked("Bill"), text=lambda entry: _name(entry.bill_number)),
        _money(marked("To be refunded"), "refund_due"),
    ),
    filters=_LOWERING_FILTERS,
    empty=marked("There is no vendor credit yet. Open a bill that was opened, and press “New vendor credit” there."),
    starts_alone=False,
    beside=((BILL_PAGES.path, BILL_PAGES.title),),
)
NOTE_PAGES = (CREDIT_NOTE_PAGES, DEBIT_NOTE_PAGES, VENDOR_CREDIT_PAGES)
"""The kinds of notes: a note is made from the page of the document that it corrects."""

PARTY_PAGES = ObjectKind(
    type=PARTIES,
    title=marked("Parties"),
    lead=marked("Your clients and vendors."),
    new=marked("New party"),
    template="objects/party.html",
    name=_own_name(),
    columns=(
        Column(title=marked("Role"), text=roles_of),
        _given(marked("GSTIN"), "gstin"),
        Column(title=marked("State or union territory"), text=_state),
        _given(marked("Phone"), "phone"),
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
    name=_own_name(),
    columns=(
        _given(marked("Your own id"), "external_id"),
        _given(marked("E-mail address"), "email"),
        _day(marked("First day at work"), "joined_on"),
        _day(marked("Last day at work"), "left_on"),
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
