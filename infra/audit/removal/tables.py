"""Deletes what tables have of an organization. Which tables these are, the database says: none can be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import TopologicalSorter
from itertools import chain

from psycopg import Connection, sql
from psycopg.rows import scalar_row

from infra.postgres.database import Row

OF_ORGANIZATION, OF_USER, OF_KEY = "org_id", "user_id", "key_id"
"""The names of the columns that say to which organization, user or API key a row belongs."""
USERS = ("users", OF_ORGANIZATION)
"""A user may belong to other organizations, too: then the row stays."""
_SELECT_KEYS = "SELECT id FROM api_keys WHERE org_id = ANY(%s)"
_SELECT_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
AND a.attname = %s AND NOT a.attisdropped ORDER BY c.relname
"""
_SELECT_REFERENCES = """
SELECT c.relname, r.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_class r ON r.oid = k.confrelid WHERE k.contype = 'f' AND k.conrelid <> k.confrelid
"""


def delete_organizations(conn: Connection[Row], orgs: Sequence[str], users: Sequence[str]) -> None:
    """Delete all rows of these organizations, of their API keys, and of these users."""
    keys = conn.cursor(row_factory=scalar_row).execute(_SELECT_KEYS, (list(orgs),)).fetchall()
    ids = {OF_USER: users, OF_KEY: keys, OF_ORGANIZATION: orgs}
    columns = {column: list_tables(conn, column) for column in ids}
    for table in _in_order(conn, {*chain.from_iterable(columns.values())}):
        for column, tables in columns.items():
            if table in tables and (table, column) != USERS:
                _delete(conn, table, column, ids[column])


def list_tables(conn: Connection[Row], column: str) -> list[str]:
    """Return the tables that have a column of this name."""
    return conn.cursor(row_factory=scalar_row).execute(_SELECT_TABLES, (column,)).fetchall()


def _in_order(conn: Connection[Row], tables: set[str]) -> list[str]:
    """Return the tables, those to which others refer after these."""
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(sorted(tables), ()))
    for referring, referred in conn.execute(_SELECT_REFERENCES):
        order.add(referred, referring)
    return [table for table in order.static_order() if table in tables]


def _delete(conn: Connection[Row], table: str, column: str, ids: Sequence[str]) -> None:
    statement = sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)")
    conn.execute(statement.format(sql.Identifier("public", table), sql.Identifier(column)), (list(ids),))
