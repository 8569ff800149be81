"""The names of objects in Activity: the current name, and the name right after an event.

The `display` of each projection declares the fields that make a name, so this module works for every kind of object.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection, Cursor
from psycopg.rows import args_row

from domain.document import camel
from domain.registry import AGGREGATES, kind_of
from infra.log.mapper import MAPPER
from infra.log.reading.histories import list_named
from infra.log.reading.objects import select_changed_in_fields
from infra.log.records import RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, Row, open_pipeline
from projections.projection import RowProjection
from projections.registry import ROWS
from projections.views.activity import DisplayName

NAMING_EVENTS = [
    topic
    for kind, projection in ROWS.items()
    for topic, event in AGGREGATES[kind].event_classes().items()
    if projection.display.fields.intersection(event.__struct_fields__)
]
"""The events that give an object its first name or a new one."""
NAMING_FIELDS = sorted({camel(field) for projection in ROWS.values() for field in projection.display.fields})

SELECT_KEY_NAMES = "SELECT id, name, last_four, NULL FROM api_key_list WHERE org_id = %s ORDER BY name, id"


class NameRow(NamedTuple):
    """The name of one object, with its parts."""

    id: str
    name: str
    detail: str | None
    currency: str | None

    @property
    def display_name(self) -> DisplayName:
        return DisplayName(self.name, self.detail, self.currency)


class _NameSince(NamedTuple):
    version: int
    display_name: DisplayName


def select_display_names(conn: Connection[Row], org_id: str, ids: Collection[str]) -> Cursor[NameRow]:
    """Query the current names of these objects. There is no row for an object without a row of its own."""
    return conn.cursor(row_factory=args_row(NameRow)).execute(SELECT_NAMES, {"org": org_id, "ids": list(ids)})


def select_key_names(conn: Connection[Row], org_id: str) -> Cursor[NameRow]:
    """Query the names of all keys of the organization, in the order of their names."""
    return conn.cursor(row_factory=args_row(NameRow)).execute(SELECT_KEY_NAMES, (org_id,))


def names_by_id(rows: Iterable[NameRow]) -> dict[str, DisplayName]:
    """Return the names, by the ids of their objects."""
    return {row.id: row.display_name for row in rows}


def get_display_names_at(conn: Connection[Row], org_id: str, page: Sequence[RecordedEvent]) -> dict[int, DisplayName]:
    """Return the name that the object had after each event of the page, by the event's position.

    Objects without a row are left out.
    """
    ids = {record.originator_id for record in page}
    with open_pipeline(conn):
        conn.execute(SET_ORGANIZATION, (org_id,))
        names_now = select_display_names(conn, org_id, ids)
        renamed = select_changed_in_fields(conn, org_id, list(ids), NAMING_EVENTS, NAMING_FIELDS)
    present, earlier = names_by_id(names_now), _list_names(conn, org_id, renamed.fetchall())
    found = {}
    for record in page:
        names = [
            name for version, name in earlier.get(record.originator_id, ()) if version <= record.originator_version
        ]
        name = names[-1] if names else present.get(record.originator_id)
        if name is not None:
            found[record.position] = name
    return found


def _list_names(conn: Connection[Row], org_id: str, renamed: list[str]) -> dict[str, list[_NameSince]]:
    """Return all names of the objects that were renamed, the oldest name first. Most objects are never renamed."""
    if not renamed:
        return {}
    found: dict[str, list[_NameSince]] = defaultdict(list)
    fields: dict[str, dict[str, Any]] = defaultdict(dict)
    with conn.transaction():
        conn.execute(SET_ORGANIZATION, (org_id,))
        events = list_named(conn, org_id, renamed, NAMING_EVENTS)
    for record in events:
        id = record.originator_id
        try:
            fields[id] |= msgspec.json.decode(MAPPER.state(record), type=dict[str, Any])
        except (LookupError, msgspec.MsgspecError):
            continue  # the object keeps its earlier name: a damaged event must not hide the entry
        found[id].append(_NameSince(record.originator_version, _name_from(kind_of(record.name), fields[id])))
    return found


def _name_from(kind: str, fields: dict[str, Any]) -> DisplayName:
    """Return the name of an object of this kind. `fields` are the fields of its events so far."""
    display = ROWS[kind].display
    currency = fields.get(camel(display.currency)) if display.currency else None
    return DisplayName(_first(fields, display.name), _first(fields, display.detail), currency)


def _first(fields: dict[str, Any], names: Iterable[str]) -> str:
    return next((str(value) for name in names if (value := fields.get(camel(name)))), "")


def _select_names(projection: RowProjection[Any]) -> str:
    """Return the statement that selects NameRows from a projection's view."""
    display = projection.display
    name, detail = _coalesce(projection, display.name), _coalesce(projection, display.detail)
    return (
        f"SELECT id, {name}, {detail}, {_expression(projection, display.currency)} FROM {projection.view} "
        "WHERE org_id = %(org)s AND id = ANY(%(ids)s)"
    )


def _coalesce(projection: RowProjection[Any], fields: Iterable[str]) -> str:
    return f"coalesce({', '.join(_expression(projection, field) for field in fields)})"


def _expression(projection: RowProjection[Any], field: str | None) -> str:
    """Return the SQL for a field: a column of the view, or a member of the JSON in `summary`."""
    if field is None:
        return "NULL"
    return f"{field}::text" if field in projection.columns else f"summary ->> '{camel(field)}'"


SELECT_NAMES = " UNION ALL ".join(_select_names(projection) for projection in ROWS.values())
