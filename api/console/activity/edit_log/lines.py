"""The lines of an edit log: who changed which field of which object, when, from which value to which one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from api.console.activity.sentences import actor_text, event_label, noun_of
from api.console.objects.words import VALUES
from api.pages.formats import format_field
from api.pages.translation import gettext as _
from domain.document import camel
from domain.registry import kind_of
from projections.registry import ROWS
from projections.views.activity import DisplayName
from projections.views.field_changes import FieldChange, Place, Value, field_changes, typed
from projections.views.history import Change, actor_of
from projections.views.value_types import MONEY, WORD, ValueType


class Names(NamedTuple):
    """The present names of those who act."""

    users: Mapping[str, str]
    """The users of the organization, by id."""
    keys: Mapping[str, DisplayName]
    """The API keys of the organization, by id."""


class Line(NamedTuple):
    """One changed field. An event that changed no field has one line, whose field is empty."""

    at: datetime
    actor: str
    actor_id: str
    """The kind and the id of the actor, such as `api_key key_01K…`."""
    kind: str
    name: str
    """The number of a document, or what else identifies the object for people; empty if only the id does."""
    id: str
    event: str
    field: str
    before: Value
    after: Value
    currency: str
    """The currency of the two values, if they are amounts of money."""
    request_id: str
    position: int


def headings(time_zone: str) -> list[str]:
    """Return the heading of each column, in the order of the fields of a Line."""
    return [
        _("Time (%(zone)s)", zone=time_zone),
        _("Actor"),
        _("Actor id"),
        _("Kind"),
        _("Number or name"),
        _("Id"),
        _("Event"),
        _("Field"),
        _("Old value"),
        _("New value"),
        _("Currency"),
        _("Request id"),
        _("Position"),
    ]


def lines_of(change: Change, names: Names) -> Iterator[Line]:
    """Yield the lines of one event, in the language of this thread."""
    record, kind = change.record, kind_of(change.record.name)
    actor = actor_of(record)
    base = Line(
        at=record.recorded_at,
        actor=actor_text(actor, names.users, names.keys),
        actor_id=" ".join(actor),
        kind=noun_of(kind),
        name=_name_of(kind, change.after),
        id=record.originator_id,
        event=event_label(record.name).partition(": ")[2],
        field="",
        before=None,
        after=None,
        currency="",
        request_id=_request_id(record.metadata),
        position=record.position,
    )
    lines = [_line(base, kind, each, change, names) for each in field_changes(kind, change.before, change.after)]
    yield from lines or [base]


def _line(base: Line, kind: str, found: FieldChange, change: Change, names: Names) -> Line:
    is_secret = found.places[0].name in ROWS[kind].secret_fields
    before, after = (_value(found.type, value, is_secret=is_secret) for value in (found.before, found.after))
    currency = change.after.get("currency") if found.type.format == MONEY else None
    field = ", ".join(_place(place, names) for place in found.places)
    return base._replace(field=field, before=before, after=after, currency=currency or "")


def _place(place: Place, names: Names) -> str:
    words = format_field(place.name)
    if place.entry is None:
        return words
    entry = names.users.get(place.entry, place.entry) if isinstance(place.entry, str) else place.entry
    return f"{words} {entry}"


def _value(type_: ValueType, value: object, *, is_secret: bool) -> Value:
    if is_secret:
        return _("not shown") if value else None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and type_.format == WORD:
        return _(VALUES.get(value, value))
    return typed(type_, value)


def _name_of(kind: str, state: Mapping[str, object]) -> str:
    found = (state.get(camel(field)) for field in ROWS[kind].display.name if field != "id")
    return next((str(name) for name in found if name), "")


def _request_id(metadata: str) -> str:
    try:
        return str(msgspec.json.decode(metadata, type=dict[str, object])["requestId"])
    except (msgspec.MsgspecError, LookupError):
        return ""
