"""What the page of an object shows of long lists: as many rows as it has bytes for, and links to the other parts.

An ordinary invoice of 200 lines fits on its page. Very long texts do not: then the lines are shown in parts, and an
address of its own (`?show=all`) has everything, to be printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from api.console.activity.history_page import Step
from api.console.long_lists import EVERYTHING, SHOW, Rows, bytes_of, number_in, part_with, whole
from api.console.objects.one.facts import Fact, ObjectView

_PAGE_BYTES, _FACT_BYTES, _PAYMENT_BYTES, _CORRECTION_BYTES = 49_000, 16_000, 11_000, 5_000
"""How many bytes the page has for facts, history, lines and payments together, and for some of them at most."""
_LEAST_BYTES = 6_000
_FACT_MARKUP, _LINE_MARKUP, _PAYMENT_MARKUP, _STEP_MARKUP, _CORRECTION_MARKUP = 60, 54, 480, 350, 420
"""About how many bytes of markup each of them has besides its texts."""


class Excerpt(NamedTuple):
    """What the page shows of an object."""

    facts: Sequence[Fact]
    is_cut: bool
    """Whether some facts are left out."""
    lines: Rows
    payments: Rows
    corrections: Sequence[Any] = ()
    """The first notes that correct the document; their list has all."""

    @property
    def iswhole(self) -> bool:
        """Whether nothing is left out."""
        return not self.is_cut and len(self.lines.parts) == len(self.payments.parts) == 1


class Place(NamedTuple):
    """What the address of the page asks for: the part with this line, that with this payment, or everything."""

    line: int = 1
    payment: int = 1
    everything: bool = False


def read_place(params: Mapping[str, Any], payments: Sequence[Any], chosen: str) -> Place:
    """Return what the parameters ask for. The page shows the payment with the id `chosen`, if there is one."""
    number = next((number for number, each in enumerate(payments, 1) if each.id == chosen), None)
    return Place(number_in(params, "lines"), number or number_in(params, "payments"), params.get(SHOW) == EVERYTHING)


def excerpt_of(view: ObjectView, steps: Sequence[Step], place: Place) -> Excerpt:
    """Return what the page shows of the object."""
    if place.everything:
        return Excerpt(view.facts, False, whole(view.lines), whole(view.payments), view.corrections)
    facts = _part_of(view.facts, 1, _FACT_BYTES, _FACT_MARKUP)
    payments = _part_of(view.payments, place.payment, _PAYMENT_BYTES, _PAYMENT_MARKUP)
    corrections = _part_of(view.corrections, 1, _CORRECTION_BYTES, _CORRECTION_MARKUP).rows
    used = _bytes_of(facts.rows, _FACT_MARKUP) + _bytes_of(payments.rows, _PAYMENT_MARKUP) + _step_bytes(steps)
    used += _bytes_of(corrections, _CORRECTION_MARKUP)
    lines: Rows = _part_of(view.lines, place.line, max(_LEAST_BYTES, _PAGE_BYTES - used), _LINE_MARKUP)
    return Excerpt(facts.rows, len(facts.parts) > 1, lines, payments, corrections)


def _part_of(rows: Sequence[tuple[str, ...]], number: int, most: int, markup: int) -> Rows:
    return part_with(rows, number, most, lambda row: markup + bytes_of(*row))


def _bytes_of(rows: Iterable[Iterable[str]], markup: int) -> int:
    return sum(markup + bytes_of(*row) for row in rows)


def _step_bytes(steps: Iterable[Step]) -> int:
    return sum(
        _STEP_MARKUP + _bytes_of(((field, *before, *after) for field, before, after in step.changes), _FACT_MARKUP)
        for step in steps
    )
