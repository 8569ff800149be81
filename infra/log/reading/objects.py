"""Queries on what is known of objects without their states: names, first and last events, organizations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from psycopg import Connection, Cursor
from psycopg.rows import args_row

from infra.log.reading.cursors import select_scalars
from infra.postgres.database import Row


class Life(NamedTuple):
    """What is known of an aggregate without its state: its first event's name and time, and its last version."""

    name: str
    began_at: datetime
    version: int


LAST_VERSION = "(SELECT max(originator_version) AS version FROM events WHERE org_id = %s AND originator_id = %s)"
"""A table for other statements: the last version of an aggregate, or null if there is no event of it."""
LAST_POSITION = "(SELECT max(e.position) FROM events e WHERE e.org_id = l.org_id)"
"""An SQL expression for a query on logs `l`: the position of the last event."""
FIRST_POSITIONS = "(SELECT org_id, originator_id, position FROM events WHERE originator_version = 1)"
"""The position of each aggregate's first event, as a table of a query that names the organizations and aggregates."""
SELECT_LIFE = """
SELECT name, recorded_at, (
    SELECT max(originator_version) FROM events WHERE org_id = %(org)s AND originator_id = %(id)s
) FROM events WHERE org_id = %(org)s AND originator_id = %(id)s ORDER BY originator_version LIMIT 1
"""
SELECT_FIRST_BUT = "SELECT FROM events WHERE org_id = %s AND name NOT LIKE %s LIMIT 1"
SELECT_NAME = "SELECT name FROM events WHERE org_id = %s AND position = %s"
SELECT_ORGANIZATIONS_OF = "SELECT DISTINCT org_id FROM events WHERE originator_id = %s AND org_id = ANY(%s)"
SELECT_CHANGED_IN_FIELDS = """
SELECT DISTINCT originator_id FROM events WHERE org_id = %s AND originator_id = ANY(%s) AND originator_version > 1
AND name = ANY(%s) AND state ~ %s
"""
SELECT_OUT_OF_ORDER = """
SELECT min(position) FROM (
    SELECT position, originator_version, split_part(name, '.', 1) AS kind,
        row_number() OVER so_far AS version, first_value(split_part(name, '.', 1)) OVER so_far AS first_kind
    FROM events WHERE org_id = %s WINDOW so_far AS (PARTITION BY originator_id ORDER BY position)
) numbered WHERE originator_version <> version OR kind <> first_kind
"""
DELETE_WITHOUT_ORGANIZATION = """
DELETE FROM events WHERE org_id = %(org)s AND position IN (
    SELECT position FROM events WHERE org_id = %(org)s ORDER BY position LIMIT %(limit)s
) AND NOT EXISTS (SELECT FROM organizations WHERE org_id = %(org)s)
"""
"""Deletes events of an organization that does not exist: an import has stored them, and has not ended."""


def join_changes(table: str, name: str, since: str, fields: Iterable[str]) -> str:
    """Return a join for a query on rows of a projection, with their events `e` that have changed one of these fields.

    `table` are the rows, `name` is the name of the events, and `since` an SQL expression: the events are later. The
    fields hold no personal values, which stand beside the state of an event.
    """
    return f"""JOIN events e ON e.org_id = {table}.org_id AND e.originator_id = {table}.id AND e.name = '{name}'
    AND e.recorded_at > {since} AND e.state ~ '"({"|".join(fields)})":'"""


def select_life(conn: Connection[Row], org_id: str, id: str) -> Cursor[Life]:
    """Query the life of an aggregate. There is no row if the log has no event of it."""
    return conn.cursor(binary=True, row_factory=args_row(Life)).execute(SELECT_LIFE, {"org": org_id, "id": id})


def get_name(conn: Connection[Row], org_id: str, position: int) -> str | None:
    """Return the name of the event at a position; None when the log has no such position."""
    return select_scalars(conn, SELECT_NAME, (org_id, position)).fetchone()


def find_first_out_of_order(conn: Connection[Row], org_id: str) -> int | None:
    """Return the first position at which an event is not the next one of its object, or is of another kind than it."""
    position: int | None = select_scalars(conn, SELECT_OUT_OF_ORDER, (org_id,)).fetchone()
    return position


def list_organizations_of(conn: Connection[Row], id: str, orgs: list[str]) -> list[str]:
    """Return the ids of the organizations, among `orgs`, whose log has events of the aggregate."""
    return select_scalars(conn, SELECT_ORGANIZATIONS_OF, (id, orgs)).fetchall()


def select_changed_in_fields(
    conn: Connection[Row], org_id: str, ids: list[str], names: Collection[str], fields: Iterable[str]
) -> Cursor[str]:
    """Query the ids of the aggregates, among `ids`, in which one of `fields` was changed after the first event.

    Only events with one of `names` are searched.
    """
    pattern = f'"({"|".join(fields)})":'
    return select_scalars(conn, SELECT_CHANGED_IN_FIELDS, (org_id, ids, list(names), pattern))
