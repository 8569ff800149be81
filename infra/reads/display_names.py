"""What the objects of log entries are called: now, and at each entry's event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from psycopg import Connection

from domain.document import camel
from domain.registry import AGGREGATES, kind_of
from infra.log.mapper import MAPPER
from infra.log.reader import list_changed_in_fields, list_named
from infra.log.records import RecordedEvent
from infra.postgres.database import Row
from projections.projection import RowProjection
from projections.registry import ROWS
from projections.views.activity import DisplayName

_KEYS = "SELECT id, name, last_four FROM api_key_list WHERE org_id = %s ORDER BY name, id"


def _column(projection: RowProjection[Any], field: str | None) -> str:
    """The SQL expression for a field: a column of the view, or a field of the resource inside `summary`."""
    if field is None:
        return "NULL"
    return f"{field}::text" if field in projection.columns else f"summary ->> '{camel(field)}'"


def _first_of(projection: RowProjection[Any], fields: Iterable[str]) -> str:
    return f"coalesce({', '.join(_column(projection, field) for field in fields)})"


def _select_names(projection: RowProjection[Any]) -> str:
    display = projection.display
    name, detail = _first_of(projection, display.name), _first_of(projection, display.detail)
    return (
        f"SELECT id, {name}, {detail}, {_column(projection, display.currency)} FROM {projection.view} "
        "WHERE org_id = %(org)s AND id = ANY(%(ids)s)"
    )


_NAMING_EVENTS = [
    topic
    for kind, projection in ROWS.items()
    for topic, event in AGGREGATES[kind].event_classes().items()
    if projection.display.fields.intersection(event.__struct_fields__)
]
"""The events that give an object its name, or another one."""
_NAMING_FIELDS = sorted({camel(field) for projection in ROWS.values() for field in projection.display.fields})

_SELECT_NAMES = " UNION ALL ".join(_select_names(projection) for projection in ROWS.values())


def named_now(conn: Connection[Row], org_id: str, ids: Collection[str]) -> dict[str, DisplayName]:
    """What these objects are called at present, by id; one that has no row is not in it."""
    rows = conn.execute(_SELECT_NAMES, {"org": org_id, "ids": list(ids)})
    return {id: DisplayName(*rest) for id, *rest in rows}


def named_keys(conn: Connection[Row], org_id: str) -> dict[str, DisplayName]:
    """Every key of the organization by id, in the order of their names."""
    return {id: DisplayName(*rest) for id, *rest in conn.execute(_KEYS, (org_id,))}


def named_at(conn: Connection[Row], org_id: str, page: Iterable[RecordedEvent]) -> dict[int, DisplayName]:
    """What the object of each entry was called once its event had happened, by position."""
    page = list(page)
    ids = {record.originator_id for record in page}
    now, then = named_now(conn, org_id, ids), _namings(conn, org_id, ids)
    found: dict[int, DisplayName] = {}
    for record in page:
        past = [each for version, each in then.get(record.originator_id, ()) if version <= record.originator_version]
        display_name = past[-1] if past else now.get(record.originator_id)
        if display_name is not None:
            found[record.position] = display_name
    return found


def _namings(conn: Connection[Row], org_id: str, ids: Collection[str]) -> dict[str, list[tuple[int, DisplayName]]]:
    """The names that each renamed object has had, from which version on: most objects keep their first one."""
    renamed = list_changed_in_fields(conn, org_id, list(ids), _NAMING_EVENTS, _NAMING_FIELDS)
    if not renamed:
        return {}
    found: dict[str, list[tuple[int, DisplayName]]] = defaultdict(list)
    fields: dict[str, dict[str, Any]] = defaultdict(dict)
    for record in list_named(conn, org_id, renamed, _NAMING_EVENTS):
        id = record.originator_id
        try:
            fields[id] |= msgspec.json.decode(MAPPER.state(record), type=dict[str, Any])
        except (LookupError, msgspec.MsgspecError):
            continue  # what was damaged hides no entry: the object goes by the name before it
        found[id].append((record.originator_version, _name_from(record.name, fields[id])))
    return found


def _name_from(event: str, fields: dict[str, Any]) -> DisplayName:
    """The name that these fields give to an object of that event's kind."""
    display = ROWS[kind_of(event)].display
    currency = fields.get(camel(display.currency)) if display.currency else None
    return DisplayName(_first(fields, display.name), _first(fields, display.detail), currency)


def _first(fields: dict[str, Any], names: Iterable[str]) -> str:
    return next((str(value) for name in names if (value := fields.get(camel(name)))), "")
