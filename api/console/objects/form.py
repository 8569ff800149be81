"""The form for a new object and for its change: its fields, the lines of a document, and the totals that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from api.console.objects.fields import (
    CHOICE,
    DAY,
    LONG_TEXT,
    NUMBER,
    Field,
    initial_texts,
    problem_of,
    read_fields,
    split_problems,
    texts_of,
)
from api.console.objects.views import Fact, totals_of
from api.http.form import Form
from api.pages.formats import format_money
from api.pages.translation import gettext as _
from api.pages.translation import marked
from commands.command import Command
from commands.objects import parse_fields
from domain.bill import Bill
from domain.document import Document, camel
from domain.errors import Invalid
from domain.errors.violation import Violation
from domain.invoice import Invoice
from domain.leave import TYPES, Leave
from domain.leave_days import DAY_PARTS, END_PARTS, START_PARTS
from domain.money import DEFAULT_CURRENCY, MINOR_UNITS
from domain.pricing import price_lines

CHANGED_MEANWHILE = marked(
    "Somebody has changed this since you opened the page. What you typed is below; saving it overwrites the change."
)
MAX_LINES = 200
EMPTY_LINES = 3
"""How many empty lines a new document has, and how many the button adds."""
LINE_FIELDS = (
    Field(name="description", label=marked("Description"), is_required=True, max_length=500),
    Field(name="hsnSac", label=marked("HSN/SAC"), max_length=8),
    Field(name="quantity", label=marked("Quantity"), widget=NUMBER, is_required=True),
    Field(name="unitPrice", label=marked("Unit price"), widget=NUMBER, is_required=True),
    Field(name="taxRate", label=marked("Tax rate, %"), widget=NUMBER, is_required=True),
)
_LINE = re.compile(r"items\[([0-9]+)\]\.(\w+)")
_DATES = (
    Field(name="dueDate", label=marked("Due date"), widget=DAY, is_required=True),
    Field(name="currency", label=marked("Currency"), widget=CHOICE, words=tuple(sorted(MINOR_UNITS))),
    Field(name="notes", label=marked("Notes"), widget=LONG_TEXT, max_length=5000),
)
_OWN_ID = marked("An id of your own, such as acme-traders.")
FIELDS: Mapping[str, tuple[Field, ...]] = {
    Invoice.kind: (
        Field(name="clientId", label=marked("Client id"), hint=_OWN_ID, is_required=True, max_length=64),
        Field(name="clientName", label=marked("Client"), max_length=200),
        Field(
            name="invoiceNumber",
            label=marked("Number"),
            hint=marked("Without one, the invoice gets the next number of your series."),
            max_length=16,
        ),
        Field(name="invoiceDate", label=marked("Date"), widget=DAY, is_required=True),
        *_DATES,
    ),
    Bill.kind: (
        Field(name="vendorId", label=marked("Vendor id"), hint=_OWN_ID, is_required=True, max_length=64),
        Field(name="vendorName", label=marked("Vendor"), max_length=200),
        Field(
            name="billNumber",
            label=marked("Number"),
            hint=marked("The number that the vendor has given the bill."),
            is_required=True,
            max_length=50,
        ),
        Field(name="billDate", label=marked("Date"), widget=DAY, is_required=True),
        *_DATES,
    ),
    Leave.kind: (
        Field(
            name="employeeId",
            label=marked("Employee id"),
            hint=marked("An id of your own, such as asha-rao."),
            is_required=True,
            max_length=64,
        ),
        Field(name="employeeName", label=marked("Employee"), max_length=200),
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
}
"""The fields of each kind of object, which are those of the API."""


class LineForm(msgspec.Struct):
    """A line of the form: its texts and problems by field, and its total in words; empty if it is not known."""

    texts: dict[str, str]
    problems: dict[str, str] = {}
    total: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for text in self.texts.values())


class ObjectForm(msgspec.Struct):
    """What the form shows."""

    fields: tuple[Field, ...]
    texts: dict[str, str]
    lines: list[LineForm] | None = None
    """The lines of a document; None if there are none, or if they cannot be changed any more."""
    problems: dict[str, str] = {}
    notices: list[str] = []
    """What is wrong without belonging to a field."""
    totals: tuple[Fact, ...] = ()

    @property
    def wrong_fields(self) -> list[tuple[str, str]]:
        """The wrong fields in the order of the page: the id of each on the page, and what is wrong with it."""
        found = [(field.name, self.problems[field.name]) for field in self.fields if field.name in self.problems]
        for number, line in enumerate(self.lines or (), 1):
            for name, problem in line.problems.items():
                text = _("Line %(number)s: %(problem)s", number=number, problem=problem)
                found.append((f"{name}-{number}", text))
        return found

    def body(self, form: Form) -> dict[str, Any]:
        """Return the body of the request that the form makes. Empty fields are null, and empty lines are left out."""
        body = read_fields(form, self.fields)
        if self.lines is not None:
            body["items"] = [_line_body(line) for line in self.lines if not line.is_empty]
        return body

    def refuse(self, violations: Iterable[Violation]) -> None:
        """Show a message at each wrong field."""
        sent = [line for line in self.lines or () if not line.is_empty]
        others: list[Violation] = []
        for each in violations:
            place = _LINE.fullmatch(each.field)
            field = next((field for field in LINE_FIELDS if place and field.name == place[2]), None)
            if place and field and int(place[1]) < len(sent):
                sent[int(place[1])].problems[field.name] = problem_of(field, each.message, LINE_FIELDS)
            elif each.field == "items" and not sent:
                self.notices.append(_("Enter at least one line."))
            else:
                others.append(each)
        self.problems, notices = split_problems(others, self.fields)
        self.notices += notices
        for field in self.fields:
            if field.is_required and field.value(self.texts[field.name]) is None:
                self.problems[field.name] = _("%(field)s is required.", field=_(field.label))

    def compare(self, present: ObjectForm) -> None:
        """Keep what the user has typed, and say what somebody else has changed meanwhile.

        `present` is the form of the object as it is now. Fields that cannot be changed any more are left out.
        """
        self.notices.append(_(CHANGED_MEANWHILE))
        self.fields = tuple(field for field in self.fields if field in present.fields)
        self.lines = self.lines if present.lines is not None else None
        for field in self.fields:
            text = present.texts[field.name]
            if field.value(text) != field.value(self.texts[field.name]):
                self.notices.append(_("%(field)s is now: %(text)s", field=_(field.label), text=text or "–"))
        if self.lines is not None and _texts_of(self.lines) != _texts_of(present.lines or ()):
            self.notices.append(_("The lines are not as they are stored now."))

    def add_lines(self) -> None:
        """Add empty lines, as many as a document can still have."""
        if self.lines is not None:
            self.lines += empty_lines(min(EMPTY_LINES, MAX_LINES - len(self.lines)))

    def remove_line(self, number: str) -> None:
        """Remove the line with this number, counted from 1; nothing if there is none."""
        if self.lines is not None:
            self.lines = [line for place, line in enumerate(self.lines, 1) if str(place) != number]

    def compute(self, command: type[Command], form: Form) -> None:
        """Show the totals of the lines and of the document; if a line is wrong, show what is wrong with it."""
        if self.lines is None:
            return
        body = {name: value for name, value in self.body(form).items() if name in ("items", "currency")}
        values, violations = parse_fields(command, body)
        wrong = [each for each in violations if each.field.startswith("items") or each.field == "currency"]
        if wrong:
            self.refuse(wrong)
            return
        currency = values.get("currency", DEFAULT_CURRENCY)
        try:
            priced = price_lines(values["items"], currency)
        except Invalid as error:
            self.refuse(error.violations)
            return
        sent = [line for line in self.lines if not line.is_empty]
        for line, item in zip(sent, priced["items"], strict=True):
            line.total = format_money(item.total_amount, currency)
        self.totals = totals_of(priced, currency)


def _texts_of(lines: Iterable[LineForm]) -> list[dict[str, Any]]:
    return [_line_body(line) for line in lines if not line.is_empty]


def empty_lines(count: int) -> list[LineForm]:
    return [LineForm(dict.fromkeys((field.name for field in LINE_FIELDS), "")) for _number in range(count)]


def new_form(kind: str, values: Mapping[str, Any]) -> ObjectForm:
    """Return the form of a new object. `values` are what its fields contain at first, by their API names."""
    lines = None if kind == Leave.kind else empty_lines(EMPTY_LINES)
    return ObjectForm(FIELDS[kind], initial_texts(values, FIELDS[kind]), lines)


def form_of(kind: str, aggregate: type[Any], body: Mapping[str, Any]) -> ObjectForm:
    """Return the form of an object, with the fields that can still be changed. `body` is the object in the API."""
    fields, lines = changeable(kind, aggregate, body["status"])
    texts = initial_texts(body, fields)
    if not lines:
        return ObjectForm(fields, texts)
    present = [LineForm(initial_texts(item, LINE_FIELDS)) for item in body["items"]]
    return ObjectForm(fields, texts, [*present, *empty_lines(min(1, MAX_LINES - len(present)))])


def changeable(kind: str, aggregate: type[Any], status: str) -> tuple[tuple[Field, ...], bool]:
    """Return the fields that can be changed in this status, and whether lines can."""
    if not issubclass(aggregate, Document):
        return tuple(field for field in FIELDS[kind] if not field.name.startswith("employee")), False
    writable = {camel(name) for name in aggregate.writable_fields(status)}
    return tuple(field for field in FIELDS[kind] if field.name in writable), "items" in writable


def read_form(form: Form, fields: tuple[Field, ...], *, has_lines: bool) -> ObjectForm:
    """Return the form as it was sent."""
    return ObjectForm(fields, texts_of(form, fields), _read_lines(form) if has_lines else None)


def _read_lines(form: Form) -> list[LineForm]:
    columns: Sequence[tuple[str, ...]] = [form.texts(field.name) for field in LINE_FIELDS]
    count = min(MAX_LINES + EMPTY_LINES, max((len(column) for column in columns), default=0))
    return [
        LineForm(
            {
                field.name: column[number] if number < len(column) else ""
                for field, column in zip(LINE_FIELDS, columns, strict=True)
            }
        )
        for number in range(count)
    ]


def _line_body(line: LineForm) -> dict[str, Any]:
    return {field.name: field.value(line.texts[field.name]) for field in LINE_FIELDS}
