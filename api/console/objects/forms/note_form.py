"""The form of a note: why and when, and which parts of the document's lines it corrects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from markupsafe import Markup

from api.console.long_lists import Part, Rows, bytes_of, part_with
from api.console.objects.fields import CHOICE, DAY, LONG_TEXT, NUMBER, Field, problem_of, split_problems, texts_of
from api.console.objects.forms.object_form import WrongField
from api.console.objects.one.facts import Fact
from api.http.form import Form
from api.pages.formats import format_decimal, format_money
from api.pages.others_texts import bdi, short
from api.pages.translation import gettext as _
from api.pages.translation import marked
from domain.document import Document, camel
from domain.documents.corrections import RAISING
from domain.errors.violation import Violation
from domain.invoice import Invoice
from domain.notes.left import Left, LeftOfLine, left_of
from domain.notes.note import Note

MAX_PARTS = 200
"""The most lines of a document."""
_PARTS_BYTES, _PART_MARKUP = 23_500, 700
"""How many bytes of a page the lines take at most, and about how many of them are markup in each line."""
_ITEM = re.compile(r"items\[([0-9]+)\]\.(\w+)")
_ANSWERS = {"yes": True, "no": False}
PART_FIELDS = (
    Field(name="quantity", label=marked("Quantity"), widget=NUMBER),
    Field(name="amount", label=marked("Amount with tax"), widget=NUMBER),
)
NOTES = Field(name="notes", label=marked("Notes"), widget=LONG_TEXT, max_length=5000)
"""The only field of a note that can be changed after it was issued."""
_NUMBER = Field(
    name="number",
    label=marked("Number"),
    hint=marked("The number that the vendor has given it."),
    is_required=True,
    max_length=50,
)
_REASON = Field(name="reason", label=marked("Reason"), is_required=True, max_length=500)
_DATE = Field(name="date", label=marked("Date"), widget=DAY, is_required=True)
_AMOUNT = Field(
    name="amount",
    label=marked("Amount with tax"),
    widget=NUMBER,
    hint=marked("It is spread over all lines. For parts of some lines, leave it empty and fill those in below."),
)
_TAX = Field(
    name="taxAdjustment",
    label=marked("The tax changes, too"),
    widget=CHOICE,
    words=tuple(_ANSWERS),
    hint=marked("If it is empty: as long as the GST law allows it."),
    can_be_empty=True,
)


class PartForm(msgspec.Struct):
    """A line of the document, and how much of it the note corrects."""

    line: int
    """Its number in the document, from 1."""
    description: Markup
    left: str
    """What is left of it, in words."""
    texts: dict[str, str]
    problems: dict[str, str] = {}

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for text in self.texts.values())

    @property
    def body(self) -> dict[str, Any]:
        """The part in the body of the request."""
        given = {field.name: field.value(self.texts[field.name]) for field in PART_FIELDS}
        return {"lineNumber": self.line, **{name: value for name, value in given.items() if value is not None}}

    @property
    def size(self) -> int:
        """About how many bytes of a page the line takes."""
        return _PART_MARKUP + bytes_of(self.description, self.left, *self.texts.values())


class NoteForm(msgspec.Struct):
    """What the form shows."""

    fields: tuple[Field, ...]
    texts: dict[str, str]
    parts: list[PartForm] = []
    """The lines of the document that the note can correct."""
    everything: Decimal | None = None
    """What all that is left comes to; None for a note that takes nothing, and for one that keeps its amounts."""
    everything_text: str = ""
    at: int = 1
    """The place of a line that the form shows, from 1: those beside it are shown, too."""
    problems: dict[str, str] = {}
    notices: list[str] = []
    """What is wrong without belonging to a field."""
    totals: tuple[Fact, ...] = ()

    @property
    def rows(self) -> Rows:
        """The lines that the form shows."""
        return part_with(self.parts, self.at, _PARTS_BYTES, lambda part: part.size)

    @property
    def group(self) -> Part:
        """The places of the first and of the last of these lines."""
        return self.rows.part

    @property
    def groups(self) -> Sequence[Part]:
        return self.rows.parts

    @property
    def others(self) -> dict[str, str]:
        """The texts of the lines that the form does not show, by the names of their fields."""
        group, texts = self.group, dict[str, str]()
        for place, part in enumerate(self.parts, 1):
            if not group.first <= place <= group.last:
                texts |= {f"{name}-{part.line}": text for name, text in part.texts.items() if text}
        return texts

    @property
    def wrong_fields(self) -> list[WrongField]:
        """The wrong fields in the order of the page."""
        found = [
            WrongField(field.name, self.problems[field.name]) for field in self.fields if field.name in self.problems
        ]
        for place, part in enumerate(self.parts, 1):
            for name, problem in part.problems.items():
                text = _("Line %(number)s: %(problem)s", number=part.line, problem=problem)
                found.append(WrongField(f"{name}-{part.line}", text, place))
        return found

    def body(self) -> dict[str, Any]:
        """Return the body of the request that the form makes. Empty fields are null.

        Without an amount and without parts of lines, the note corrects everything that is left.
        """
        body: dict[str, Any] = {field.name: field.value(self.texts[field.name]) for field in self.fields}
        if "taxAdjustment" in body:
            body["taxAdjustment"] = _ANSWERS.get(body["taxAdjustment"])
        amount = body.pop("amount", None)
        if items := [part.body for part in self._filled()]:
            body["items"] = items
        if amount is not None:
            body["amount"] = amount
        elif not items and self.everything is not None:
            body["amount"] = str(self.everything)
        return body

    def refuse(self, violations: Iterable[Violation], others: tuple[Field, ...]) -> None:
        """Show a message at each wrong field, and the first line with one.

        `others` are fields that messages name, and that the form does not have.
        """
        filled, rest = self._filled(), list[Violation]()
        for each in violations:
            place = _ITEM.fullmatch(each.field)
            field = next((field for field in PART_FIELDS if place and field.name == place[2]), PART_FIELDS[-1])
            if place and int(place[1]) < len(filled):
                filled[int(place[1])].problems[field.name] = problem_of(field, each.message, PART_FIELDS)
            else:
                rest.append(each)
        problems, notices = split_problems(rest, (*self.fields, *others))
        self.notices += [*(problems.pop(field.name) for field in others if field.name in problems), *notices]
        self.problems = problems
        for field in self.fields:
            if field.is_required and field.value(self.texts[field.name]) is None:
                self.problems[field.name] = _("%(field)s is required.", field=_(field.label))
        wrong = [each.line for each in self.wrong_fields if each.line]
        if wrong and not any(self.group.first <= place <= self.group.last for place in wrong):
            self.at = wrong[0]

    def show_line(self, place: str) -> None:
        """Show the line at this place, from 1, and those beside it."""
        if place.isascii() and place.isdecimal():
            self.at = max(1, int(place[:6]))

    def _filled(self) -> list[PartForm]:
        return [part for part in self.parts if not part.is_empty]


def note_form(target: type[Note], document: Document, values: Mapping[str, Any]) -> NoteForm:
    """Return the form of a note. `values` are what its fields contain at first, by their API names."""
    left, raises = left_of(document), target.kind in RAISING
    form = NoteForm(_fields_of(target, document), {}, _parts_of(left, raises=raises))
    if not raises:
        form.everything, form.everything_text = left.total, format_money(left.total, document.currency)
    adjusts = values.get("taxAdjustment")
    answer = ("yes" if adjusts else "no") if values.get("taxAdjustmentFrom") else ""
    given = {**values, "taxAdjustment": answer, "amount": ""}
    form.texts = {field.name: str(given.get(field.name) or "") for field in form.fields}
    corrected = {each["lineNumber"]: each for each in values.get("items", ())}
    for part in form.parts:
        item = corrected.get(part.line, {})
        part.texts = {"quantity": str(item.get("quantity", "")), "amount": ""}
        if item and "quantity" not in item:
            part.texts["amount"] = str(item["totalAmount"])
    return form


def read_note_form(sent: Form, target: type[Note], document: Document) -> NoteForm:
    """Return the form as it was sent."""
    form = note_form(target, document, {})
    form.texts = texts_of(sent, form.fields)
    for part in form.parts:
        part.texts = {field.name: sent.text(f"{field.name}-{part.line}") for field in PART_FIELDS}
    form.show_line(sent.text("at"))
    return form


def others_of(target: type[Note]) -> tuple[Field, ...]:
    """Return the fields that messages about these notes name, and that their form does not have."""
    corrects = target.corrects
    return (
        Field(
            name=camel(target.document_field("id")), label=marked("Invoice") if corrects is Invoice else marked("Bill")
        ),
        Field(name=camel(corrects.date_field), label=marked("the date of the document")),
    )


def _fields_of(target: type[Note], document: Document) -> tuple[Field, ...]:
    given = (_REASON, _DATE, _AMOUNT)
    adjusts = (_TAX,) if target.is_time_limited and document.supply_type is not None else ()
    return (*(() if target.prefix else (_NUMBER,)), *given, *adjusts, NOTES)


def _parts_of(left: Left, *, raises: bool) -> list[PartForm]:
    return [_part_of(line, left.currency) for line in left.lines if raises or line.amounts.total > 0]


def _part_of(line: LeftOfLine, currency: str) -> PartForm:
    amount = format_money(line.amounts.total, currency)
    words = _("%(quantity)s for %(amount)s", quantity=format_decimal(line.quantity), amount=amount)
    texts = {field.name: "" for field in PART_FIELDS}
    return PartForm(
        line.line_number, bdi(short(line.item.description or "–")), words if line.quantity > 0 else amount, texts
    )
