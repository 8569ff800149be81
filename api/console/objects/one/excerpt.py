"""What the page of an object shows of long lists: as many rows as it has bytes for, and links to the other parts.

An ordinary invoice of 200 lines fits on its page. Very long texts do not: then the lines are shown in parts, and an
address of its own (`?show=all`) has everything, to be printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from api.console.activity.history_page import Step
from api.console.objects.one.views import Fact, LineView, ObjectView, PaymentView
from domain.reading import MAX_WHOLE_NUMBER, InvalidValue, parse_whole_number

SHOW, EVERYTHING = "show", "all"
"""The parameter of the address, and its value, for a page with everything."""
_PAGE_BYTES, _FACT_BYTES, _PAYMENT_BYTES = 49_000, 16_000, 11_000
"""How many bytes the page has for facts, history, lines and payments together, and for some of them at most."""
_LEAST_BYTES = 6_000
_FACT_MARKUP, _LINE_MARKUP, _PAYMENT_MARKUP, _STEP_MARKUP = 60, 54, 480, 350
"""About how many bytes of markup each of them has besides its texts."""


class Part(NamedTuple):
    """Rows that are shown together: the numbers of the first and of the last, counted from 1."""

    first: int
    last: int


class Rows(NamedTuple):
    """The rows of a list that the page shows."""

    rows: Sequence[Any]
    part: Part
    parts: Sequence[Part]
    """All parts of the list, in order. A list that is shown as a whole has one."""

    @property
    def total(self) -> int:
        return self.parts[-1].last


class Excerpt(NamedTuple):
    """What the page shows of an object."""

    facts: Sequence[Fact]
    is_cut: bool
    """Whether some facts are left out."""
    lines: Rows
    payments: Rows

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.is_cut and len(self.lines.parts) == len(self.payments.parts) == 1


class Place(NamedTuple):
    """What the address of the page asks for: the part with this line, that with this payment, or everything."""

    line: int = 1
    payment: int = 1
    everything: bool = False


def read_place(params: Mapping[str, Any], payments: Sequence[PaymentView], chosen: str) -> Place:
    """Return what the parameters ask for. The page shows the payment with the id `chosen`, if there is one."""
    number = next((number for number, each in enumerate(payments, 1) if each.id == chosen), None)
    return Place(_number(params, "lines"), number or _number(params, "payments"), params.get(SHOW) == EVERYTHING)


def excerpt_of(view: ObjectView, steps: Sequence[Step], place: Place) -> Excerpt:
    """Return what the page shows of the object."""
    if place.everything:
        return Excerpt(view.facts, False, _whole(view.lines), _whole(view.payments))
    facts = _part_of(view.facts, 1, _FACT_BYTES, _FACT_MARKUP)
    payments = _part_of(view.payments, place.payment, _PAYMENT_BYTES, _PAYMENT_MARKUP)
    used = _bytes_of(facts.rows, _FACT_MARKUP) + _bytes_of(payments.rows, _PAYMENT_MARKUP) + _step_bytes(steps)
    lines: Rows = _part_of(view.lines, place.line, max(_LEAST_BYTES, _PAGE_BYTES - used), _LINE_MARKUP)
    return Excerpt(facts.rows, len(facts.parts) > 1, lines, payments)


def _part_of(rows: Sequence[Fact | LineView | PaymentView], number: int, most: int, markup: int) -> Rows:
    """Return the part that contains the row with this number; the last part if there are fewer rows."""
    parts, first, used = [], 1, 0
    for place, row in enumerate(rows, 1):
        size = _bytes_of([row], markup)
        if used and used + size > most:
            parts.append(Part(first, place - 1))
            first, used = place, 0
        used += size
    parts.append(Part(first, len(rows)))
    part = next((each for each in parts if number <= each.last), parts[-1])
    return Rows(rows[part.first - 1 : part.last], part, parts)


def _whole(rows: Sequence[Any]) -> Rows:
    part = Part(1, len(rows))
    return Rows(rows, part, [part])


def _bytes_of(rows: Iterable[Iterable[str]], markup: int) -> int:
    return sum(markup + sum(len(text.encode()) for text in row) for row in rows)


def _step_bytes(steps: Iterable[Step]) -> int:
    return sum(
        _STEP_MARKUP + _bytes_of(((field, *before, *after) for field, before, after in step.changes), _FACT_MARKUP)
        for step in steps
    )


def _number(params: Mapping[str, Any], name: str) -> int:
    """Return the number in the address; 1 if it has none, or something else."""
    try:
        return parse_whole_number(str(params.get(name, "1")), 1, MAX_WHOLE_NUMBER)
    except InvalidValue:
        return 1
