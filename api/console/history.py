"""`/activity/{id}`: one object's history, each step with what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import falcon

from api.console.pages import ConsolePage, clock, render
from api.console.sentences import actor_name, label, thing
from api.console.session import signed_in
from api.http.errors import ApiError
from api.http.parameters import parse_position
from api.pages.formats import day, words
from api.ports.overview import Overview
from api.ports.users import Users
from projections.views.activity import History
from projections.views.events import StoredRecord
from projections.views.history import Change, actor_of, as_text

STEPS = 10
"""Steps on a page."""
_LONGEST, _LINES, _LINE = 250, 3, 180
"""Characters of a value, things of a list and characters of one that are shown; the command line shows all of it."""
_DAYS, _TIMES = ("Date", "On"), ("At", "Until")
"""How the names of fields end that hold a day, or a time."""
_SECRET = frozenset(("keyHash", "previousHash"))


class ObjectHistory(ConsolePage):
    """What happened to one invoice, bill, leave or key: when, by whom, and before → after per field."""

    def __init__(self, overview: Overview, users: Users) -> None:
        self._overview, self._users = overview, users

    def on_get(self, req: falcon.Request, resp: falcon.Response, id: str) -> None:
        member = signed_in(req)
        history = self._overview.history(member.org_id, id, _before(req), STEPS)
        users = self._users.names(member.org_id)
        render(
            req,
            resp,
            "history.html",
            id=id,
            title=thing(history.kind, id, history.subject),
            steps=[step_of(each, history, users, member.time_zone) for each in history.steps],
            unreadable_at=history.unreadable_at,
            older=f"/activity/{id}?before={history.next_before}" if history.next_before is not None else "",
        )


class Step(NamedTuple):
    """One event of the object, as it is shown."""

    position: int
    version: int
    what: str
    at: datetime
    actor: str
    changes: list[tuple[str, list[str], list[str]]]
    """Field, before, after; a list has a line for each of its things."""


def step_of(change: Change[StoredRecord], history: History, users: Mapping[str, str], time_zone: str) -> Step:
    """The step in words, its times by that zone's clocks; what a key's secret was hashed to is nobody's business."""
    record = change.record
    return Step(
        record.position,
        record.originator_version,
        label(record.name).partition(": ")[2],
        record.recorded_at,
        actor_name(actor_of(record), users, history.keys),
        [
            (words(field), _shown(field, before, time_zone), _shown(field, after, time_zone))
            for field, (before, after) in change.changes().items()
            if field not in _SECRET
        ],
    )


def _shown(field: str, value: object, time_zone: str) -> list[str]:
    if not isinstance(value, list) or not value:
        text = _text(field, value, time_zone) if value != [] else "–"
        return [_cut(text, _LONGEST)]
    lines = [_cut(_line(each, time_zone), _LINE) for each in value[:_LINES]]
    return lines if len(value) <= _LINES else [*lines, f"… and {len(value) - _LINES} more"]


def _line(value: object, time_zone: str) -> str:
    """A line item or a payment in one line, without what it leaves open."""
    if not isinstance(value, dict):
        return as_text(value)
    return ", ".join(
        f"{words(name)} {_text(name, part, time_zone)}" for name, part in value.items() if part is not None
    )


def _text(field: str, value: object, time_zone: str) -> str:
    """A value; days and times, which are known by the names of their fields, as people write them."""
    if isinstance(value, str) and field.endswith(_DAYS):
        return day(date.fromisoformat(value))
    if isinstance(value, str) and field.endswith(_TIMES):
        return clock(datetime.fromisoformat(value), time_zone)
    return as_text(value)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[:longest]}…"


def _before(req: falcon.Request) -> int | None:
    text = req.params.get("before")
    if text is None:
        return None
    try:
        return parse_position(str(text))
    except ValueError:
        raise ApiError(
            400, "invalid_parameter", "Go back to the beginning of this page: the address is wrong."
        ) from None
