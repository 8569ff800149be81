"""The form for a new object and for its change: its fields, the lines of a document, and the totals that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec

from api.console.objects.fields import Field, initial_texts, problem_of, split_problems, texts_of
from api.console.objects.forms.declared import FIELDS, changeable
from api.console.objects.forms.lines import (
    API_NAMES,
    EMPTY_LINES,
    GROUP,
    LINE_FIELDS,
    MAX_LINES,
    TAX_FIELDS,
    Group,
    LineForm,
    empty_lines,
    group_with,
    groups_of,
    line_form,
    read_lines,
)
from api.console.objects.one.facts import Fact
from api.console.objects.one.totals import totals_of
from api.http.form import Form
from api.pages.formats import format_money
from api.pages.translation import gettext as _
from commands.document import DraftDocument
from commands.objects import parse_fields
from domain.document import Document, camel
from domain.documents.pricing import NEAREST, price_lines
from domain.documents.taxation import TaxRequest
from domain.errors import Invalid
from domain.errors.violation import Violation
from domain.money import DEFAULT_CURRENCY
from domain.registry import AGGREGATES
from domain.tax.parties import Sides
from domain.tax.supply import REQUEST

_LINE = re.compile(r"items\[([0-9]+)\]\.(\w+)(?:\.\w+)?")


ALL_FIELDS = (*LINE_FIELDS, *TAX_FIELDS)


class WrongField(NamedTuple):
    """A wrong field: its id on the page, what is wrong with it, and the number of its line; 0 if it is in none."""

    id: str
    problem: str
    line: int = 0


class ObjectForm(msgspec.Struct):
    """What the form shows."""

    fields: tuple[Field, ...]
    texts: dict[str, str]
    lines: list[LineForm] | None = None
    """The lines of a document; None if there are none, or if they cannot be changed any more."""
    at: int = 1
    """The number of a line that the form shows: those of its group are shown, too."""
    has_focus: bool = False
    """Whether that line has the focus, because the user has asked for it."""
    problems: dict[str, str] = {}
    notices: list[str] = []
    """What is wrong without belonging to a field."""
    changes: list[str] = []
    """What somebody else has changed meanwhile, in sentences."""
    totals: tuple[Fact, ...] = ()
    shows_tax_fields: bool = False
    """Whether the user has asked for the fields of lines that few documents need."""

    @property
    def group(self) -> Group:
        """The lines that the form shows."""
        return group_with(self.at, self.lines or ())

    @property
    def groups(self) -> list[Group]:
        return groups_of(self.lines or ())

    @property
    def shown_lines(self) -> list[tuple[int, LineForm]]:
        """The lines that the form shows, with their numbers."""
        group = self.group
        return list(enumerate((self.lines or [])[group.first - 1 : group.last], group.first))

    @property
    def has_tax_fields(self) -> bool:
        """Whether each line shows its discount and its cess."""
        return self.shows_tax_fields or any(line.has_tax_fields for line in self.lines or ())

    @property
    def wrong_fields(self) -> list[WrongField]:
        """The wrong fields in the order of the page."""
        found = [
            WrongField(field.name, self.problems[field.name]) for field in self.fields if field.name in self.problems
        ]
        for number, line in enumerate(self.lines or (), 1):
            for name, problem in line.problems.items():
                text = _("Line %(number)s: %(problem)s", number=number, problem=problem)
                found.append(WrongField(f"{name}-{number}", text, number))
        return found

    def body(self) -> dict[str, Any]:
        """Return the body of the request that the form makes. Empty fields are null, and empty lines are left out."""
        body: dict[str, Any] = {field.name: field.value(self.texts[field.name]) for field in self.fields}
        if self.lines is not None:
            body["items"] = [line.body for line in self._filled()]
        return body

    def changes_from(self, present: ObjectForm) -> dict[str, Any]:
        """Return the body of the request that makes the object what the form says. `present` is its form as it is.

        Without lines, it has only the fields that differ. So what follows from them, such as the State from a GSTIN,
        is not sent back as it was.
        """
        body = self.body()
        if self.lines is not None:
            return body
        before = present.body()
        return {name: value for name, value in body.items() if name not in before or value != before[name]}

    def refuse(self, violations: Iterable[Violation]) -> None:
        """Show a message at each wrong field, and the first line with one."""
        sent = self._filled()
        others: list[Violation] = []
        for each in violations:
            place = _LINE.fullmatch(each.field)
            field = next(
                (field for field in ALL_FIELDS if place and API_NAMES.get(field.name, field.name) == place[2]), None
            )
            if place and field and int(place[1]) < len(sent):
                sent[int(place[1])].problems[field.name] = problem_of(field, each.message, ALL_FIELDS)
            elif each.field == "items" and not sent:
                self._miss_a_line()
            else:
                others.append(each)
        self.problems, notices = split_problems(others, self.fields)
        self.notices += notices
        for field in self.fields:
            if field.is_required and field.value(self.texts[field.name]) is None:
                self.problems[field.name] = _("%(field)s is required.", field=_(field.label))
        wrong = [each.line for each in self.wrong_fields if each.line]
        group = self.group
        if wrong and not any(group.first <= number <= group.last for number in wrong):
            self.at = wrong[0]

    def _miss_a_line(self) -> None:
        """Say that a line is missing: at the first empty one, so that the message leads to it."""
        if self.lines:
            self.lines[0].problems[LINE_FIELDS[0].name] = _("Enter at least one line.")
        else:
            self.notices.append(_("Enter at least one line."))

    def show_line(self, number: str) -> None:
        """Show the line with this number, counted from 1, and those of its group."""
        if self.lines and number.isascii() and number.isdecimal():
            self.at, self.has_focus = max(1, int(number[:6])), True

    def add_lines(self) -> None:
        """Add empty lines, as many as a document can still have: a whole group to many lines. Show them."""
        if self.lines is not None:
            count = GROUP if len(self.lines) >= GROUP else EMPTY_LINES
            self.at, self.has_focus = len(self.lines) + 1, True
            self.lines += empty_lines(min(count, MAX_LINES - len(self.lines)))

    def remove_line(self, number: str) -> None:
        """Remove the line with this number, counted from 1; nothing if there is none."""
        if self.lines is not None:
            self.lines = [line for place, line in enumerate(self.lines, 1) if str(place) != number]

    def compute(self, command: type[DraftDocument], sides: Sides, today: date) -> None:
        """Show the totals of the lines and of the document; if a line is wrong, show what is wrong with it.

        They are those that the document has when it is saved, with these sides. Without a day, it is of today.
        """
        if self.lines is None:
            return
        day = camel(command.target.date_field)
        named = ("items", "currency", "discount", "roundOff", "placeOfSupply", "reverseCharge", day)
        body = {name: value for name, value in self.body().items() if name in named and value is not None}
        values, violations = parse_fields(command, body)
        wrong = [each for each in violations if each.field.startswith(named) and each.field != day]
        if wrong:
            self.refuse(wrong)
            return
        currency = values.get("currency", DEFAULT_CURRENCY)
        request = TaxRequest(
            values.get("place_of_supply"),
            bool(values.get("reverse_charge")),
            values.get("discount"),
            values.get("round_off"),
        )
        supply = command.target.supply(request, sides, values.get(command.target.date_field, today))
        try:
            if refused := request.check(supply, sides, values["items"]):
                raise Invalid(refused)
            priced = price_lines(values["items"], currency, request.terms(supply))
        except Invalid as error:
            self.refuse(error.violations)
            return
        for line, item in zip(self._filled(), priced["items"], strict=True):
            line.total = format_money(item.total_amount, currency)
        self.totals = totals_of(priced, currency)

    def _filled(self) -> list[LineForm]:
        return [line for line in self.lines or () if not line.is_empty]


def new_form(kind: str, values: Mapping[str, Any]) -> ObjectForm:
    """Return the form of a new object. `values` are what its fields contain at first, by their API names."""
    lines = empty_lines(EMPTY_LINES) if issubclass(AGGREGATES[kind], Document) else None
    return ObjectForm(FIELDS[kind], initial_texts(values, FIELDS[kind]), lines)


def form_of(kind: str, aggregate: type[Any], body: Mapping[str, Any]) -> ObjectForm:
    """Return the form of an object, with the fields that can still be changed. `body` is the object in the API."""
    fields, has_lines = changeable(kind, aggregate, body["status"])
    texts = initial_texts(_requested(body), fields)
    if not has_lines:
        return ObjectForm(fields, texts)
    present = stored_lines(body)
    return ObjectForm(fields, texts, [*present, *empty_lines(min(1, MAX_LINES - len(present)))])


def _requested(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with what requests have said about its tax, in place of what came of it."""
    is_given = body.get("placeOfSupplyFrom") == REQUEST
    return {
        **body,
        "placeOfSupply": body.get("placeOfSupply") if is_given else None,
        "roundOff": NEAREST if body.get("roundOff") is not None else None,
    }


def stored_lines(body: Mapping[str, Any]) -> list[LineForm]:
    """Return the lines of an object in the API as those of a form. A leave has none."""
    return [line_form(item) for item in body.get("items", ())]


def read_form(form: Form, fields: tuple[Field, ...], *, has_lines: bool, stored: Sequence[LineForm] = ()) -> ObjectForm:
    """Return the form as it was sent. `stored` are the lines of the version that it has shown."""
    texts = texts_of(form, fields)
    if not has_lines:
        return ObjectForm(fields, texts)
    lines, first = read_lines(form, stored)
    return ObjectForm(fields, texts, lines, at=first, shows_tax_fields=bool(form.texts(TAX_FIELDS[1].name)))
