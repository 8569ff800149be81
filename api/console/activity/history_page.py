"""The page `/activity/{id}`: the history of one object, with the fields that each event changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

import falcon
from markupsafe import Markup

from api.console.access.rights import check_readable, hidden_fields, name_for
from api.console.activity.sentences import actor_name, event_label, object_name, object_title
from api.console.objects.kinds import OBJECT_PAGES
from api.console.objects.words import VALUES
from api.console.page import ConsolePage
from api.http.errors import ApiError
from api.http.parameters import parse_end
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_day, format_exact_money, format_field, format_time
from api.pages.others_texts import isolated
from api.pages.translation import gettext as _
from api.ports.overview import Overview
from api.ports.users import Users
from domain.reading import parse_date, parse_instant
from projections.registry import ROWS
from projections.views.activity import History
from projections.views.history import Change, actor_of, as_text
from projections.views.value_types import DATE, DATE_TIME, MONEY, WORD, ValueType, value_types

STEPS_PER_PAGE = 10
_MAX_VALUE_CHARACTERS, _MAX_LINES, _MAX_LINE_CHARACTERS = 250, 3, 180
"""The page shortens values and lists to these limits. The command line shows them completely."""
_UNDECLARED = ValueType()
_PATHS = {each.kind: each.path for each in OBJECT_PAGES}
"""For each kind of object with a page, the beginning of its path."""


class ObjectHistory(ConsolePage):
    """The page that shows the events of one invoice, bill, leave or API key.

    For each event, it shows the time, the actor, and the changed fields with their values before and after.
    """

    def __init__(self, pages: PageFactory, overview: Overview, users: Users) -> None:
        super().__init__(pages)
        self._overview, self._users = overview, users

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        member = req.context.signed_in_member
        history = self._overview.get_history(member.org_id, id, _read_before(req), STEPS_PER_PAGE)
        check_readable(member, history.kind)
        users, name = self._users.get_names(member.org_id), name_for(member, history.kind, history.display_name)
        hidden = hidden_fields(member, history.kind)
        self.render(
            req,
            resp,
            "history.html",
            id=id,
            title=object_name(history.kind, id, name),
            page_title=object_title(history.kind, id, name),
            steps=[step_of(each, history, users, member.time_zone, without=hidden) for each in history.steps],
            unreadable_at=history.unreadable_at,
            object_path=f"{_PATHS[history.kind]}/{id}" if history.kind in _PATHS else "",
            older=f"/activity/{id}?before={history.next_before}" if history.next_before is not None else "",
        )


class Step(NamedTuple):
    """One event of the object, with the texts that the page shows."""

    position: int
    version: int
    title: str
    at: datetime
    actor: Markup
    changes: list[tuple[str, list[str], list[str]]]
    """Each changed field: its name, and the lines of its values before and after. A list has a line for each item."""


def step_of(
    change: Change,
    history: History,
    users: Mapping[str, str],
    time_zone: str,
    without: frozenset[str] = frozenset(),
) -> Step:
    """Return the texts for one event, with times in `time_zone`. Hashes of API keys are left out.

    Of the fields `without`, only the names are shown.
    """
    record, types = change.record, value_types(history.kind)
    place = _Place(time_zone, change.after.get("currency"))
    return Step(
        record.position,
        record.originator_version,
        event_label(record.name).partition(": ")[2],
        record.recorded_at,
        actor_name(actor_of(record), users, history.keys),
        [
            (format_field(field), [], [_("changed")])
            if field in without
            else _change(field, values, types.get(field, _UNDECLARED), place)
            for field, values in change.changes().items()
            if field not in ROWS[history.kind].secret_fields
        ],
    )


class _Place(NamedTuple):
    """What the texts of values depend on."""

    time_zone: str
    currency: str | None
    """The currency of the amounts; None for an object without amounts."""


def _change(
    field: str, values: tuple[object, object], type_: ValueType, place: _Place
) -> tuple[str, list[str], list[str]]:
    before, after = values
    return format_field(field), _lines(type_, before, place), _lines(type_, after, place)


def _lines(type_: ValueType, value: object, place: _Place) -> list[str]:
    """Return the lines that show a value: one line for each of the first items of a list, otherwise a single line."""
    if not isinstance(value, list) or not value:
        show = _item if type_.fields and not type_.is_mapping else _text
        text = show(type_, value, place) if value != [] else "–"
        return [_cut(text, _MAX_VALUE_CHARACTERS)]
    lines = [_cut(_item(type_, each, place), _MAX_LINE_CHARACTERS) for each in value[:_MAX_LINES]]
    return lines if len(value) <= _MAX_LINES else [*lines, _("… and %(number)d more", number=len(value) - _MAX_LINES)]


def _item(type_: ValueType, value: object, place: _Place) -> str:
    """Return one line that shows a payment, a party, or another declared object. Fields that are null are left out."""
    if not isinstance(value, dict):
        return _text(type_, value, place)
    parts = {name: part for name, part in value.items() if part is not None}
    texts = {name: _text(type_.fields.get(name, _UNDECLARED), part, place) for name, part in parts.items()}
    return ", ".join(f"{format_field(name)} {isolated(text)}" for name, text in texts.items())


def _text(type_: ValueType, value: object, place: _Place) -> str:
    """Return a value as text. Its declared type says whether it is a day, an instant, an amount or a word."""
    if isinstance(value, str) and type_.format == DATE:
        return format_day(parse_date(value))
    if isinstance(value, str) and type_.format == DATE_TIME:
        return format_time(parse_instant(value), place.time_zone)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and type_.format == WORD:
        return _(VALUES.get(value, value))
    if isinstance(value, str) and type_.format == MONEY and place.currency is not None:
        return format_exact_money(Decimal(value), place.currency)
    return as_text(value)


def _cut(text: str, max_characters: int) -> str:
    return text if len(text) <= max_characters else f"{text[:max_characters]}…"


def _read_before(req: Request) -> int | None:
    text = req.params.get("before")
    if text is None:
        return None
    try:
        return parse_end(str(text))
    except ValueError:
        message = _("The address of this page is wrong. Open the history again from Activity.")
        raise ApiError(400, "invalid_parameter", message) from None
