"""Draws the statuses of a kind of object as SVG, with an arrow to each status that can follow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from markupsafe import Markup

from api.openapi.statuses import Status
from api.pages.markdown import safe_html

_LEFT, _BOX, _ROW, _HEIGHT = 92, 150, 58, 34
"""In pixels: the left edge and the width of the boxes, the distance between two boxes, and the height of a box."""
_BULGE = 23
"""How far an arrow bends sideways for each box that it passes, in pixels."""
_WIDTH = _LEFT + _BOX + 110


def status_diagram(statuses: Sequence[Status], name: str) -> Markup:
    """Return the diagram. Arrows on the right stand for requests, arrows on the left stand for payments.

    `name` is the word for the object, such as `invoice`. A style sheet colours the elements by their classes.
    """
    places = {status.name: place for place, status in enumerate(statuses)}
    arrows = [
        *(_arrow(f"{name}-request", 1, places[each.name], places[to]) for each in statuses for to in each.by_request),
        *(_arrow(f"{name}-payment", -1, places[each.name], places[to]) for each in statuses for to in each.by_payment),
    ]
    height = len(statuses) * _ROW
    parts = [
        f'<svg class="statuses" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" role="img" '
        f'aria-label="{escape(_description(statuses, name))}">',
        *(_marker(kind, name) for kind in ("request", "payment")),
        *arrows,
        *_boxes(statuses),
        "</svg>",
    ]
    return safe_html("".join(parts))


def _boxes(statuses: Sequence[Status]) -> Iterator[str]:
    for place, status in enumerate(statuses):
        y = place * _ROW + (_ROW - _HEIGHT) / 2
        final = "" if status.by_request or status.by_payment else ' class="final"'
        yield f'<rect x="{_LEFT}" y="{y:g}" width="{_BOX}" height="{_HEIGHT}" rx="8"{final}/>'
        yield f'<text x="{_LEFT + _BOX / 2:g}" y="{y + 22:g}" text-anchor="middle">{escape(status.name)}</text>'


def _arrow(marker: str, side: int, start: int, end: int) -> str:
    """Return an arrow between the boxes at two places, on the right (`side` 1) or on the left (-1).

    An arrow down begins below the middle of its box, and an arrow up begins above the middle.
    """
    x = _LEFT + (_BOX if side == 1 else 0)
    shift = 6 if end > start else -6
    y1, y2 = (place * _ROW + _ROW / 2 for place in (start, end))
    bulge = x + side * (12 + _BULGE * abs(end - start))
    path = f"M{x} {y1 + shift:g}C{bulge} {y1 + shift:g} {bulge} {y2 - shift:g} {x + side * 3} {y2 - shift:g}"
    return f'<path class="{marker.rpartition("-")[2]}" d="{path}" marker-end="url(#{marker})"/>'


def _marker(kind: str, name: str) -> str:
    return (
        f'<marker id="{name}-{kind}" class="{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>'
    )


def _description(statuses: Sequence[Status], name: str) -> str:
    """Return the diagram in words, for people who cannot see it."""
    following = (
        f"{status.name} to {' or '.join(dict.fromkeys((*status.by_request, *status.by_payment)))}"
        for status in statuses
        if status.by_request or status.by_payment
    )
    return f"What can follow each status of the {name}: {'; '.join(following)}."
