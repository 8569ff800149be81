"""Gives the ledger of credits the organization of each key, so that it can be distributed by organization.

On one machine, the rows of the ledger have no organization: the key tells it, and each row would be longer.
"""

from __future__ import annotations

import re

from psycopg import Connection, sql

from infra.postgres.database import Row

_BEFORE = "before_distribution"
"""The schema in which the former ledger waits until its rows are copied."""
_SELECT_PARTITIONS = """
SELECT c.relname, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'public.credits'::regclass ORDER BY c.relname
"""
_SELECT_FORMER = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r' ORDER BY c.relname
"""
_DROP_VIEWS = "DROP VIEW credit_list, credit_window_list, credit_entries, credit_ends"
_TABLES = """
CREATE TABLE credits (
    org_id text COLLATE "C" NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    seq    bigint NOT NULL,
    at     timestamptz NOT NULL,
    method text COLLATE "C" NOT NULL,
    route  text COLLATE "C" NOT NULL,
    clock_at timestamptz,
    CONSTRAINT credits_pkey PRIMARY KEY (org_id, key_id, seq, at)  -- lets a shard move while it is written
) PARTITION BY RANGE (at);
CREATE INDEX credits_at ON credits (org_id, key_id, at, seq);
CREATE TABLE credit_windows (
    org_id    text COLLATE "C" NOT NULL,
    key_id    text COLLATE "C" NOT NULL,
    first_seq bigint NOT NULL,
    first_at  timestamptz NOT NULL,
    last_seq  bigint NOT NULL,
    last_at   timestamptz NOT NULL,
    budgeted  boolean NOT NULL DEFAULT false,
    mark      bigint DEFAULT 0,
    CONSTRAINT credit_windows_pkey PRIMARY KEY (org_id, key_id)
) WITH (fillfactor = 50);
INSERT INTO credit_windows
SELECT k.org_id, w.key_id, w.first_seq, w.first_at, w.last_seq, w.last_at, w.budgeted, w.mark
FROM before_distribution.credit_windows w JOIN api_keys k ON k.id = w.key_id;
DROP TABLE before_distribution.credit_windows;
"""
_VIEWS = """
CREATE VIEW credit_entries AS SELECT org_id, key_id, seq, at, method, route FROM credits;
CREATE VIEW credit_ends AS SELECT org_id, key_id, first_seq, first_at, last_seq, last_at FROM credit_windows;
CREATE VIEW credit_list AS
    SELECT org_id, key_id, seq, at, method, route FROM credits WHERE org_id = current_setting('app.org', true);
CREATE VIEW credit_window_list AS
    SELECT org_id, key_id, first_seq, first_at, last_seq, last_at FROM credit_windows
    WHERE org_id = current_setting('app.org', true);
GRANT SELECT ON credit_list, credit_window_list TO smartdhandha_app;
"""
_COPY = """
INSERT INTO public.credits SELECT k.org_id, c.key_id, c.seq, c.at, c.method, c.route, c.clock_at
FROM {former} c JOIN public.api_keys k ON k.id = c.key_id
"""
_ADAPTED = ("admit", "set_budget", "settle_use")
"""The functions that write the ledger."""
_DEFINITION = "SELECT pg_get_functiondef(%s::regproc)"
_OF_KEY = re.compile(r"\b([a-z])\.key_id OPERATOR\(pg_catalog\.=\) h\.key_id")
_AT_ONCE = "IF NOT p_free AND k.burst IS NULL THEN"
"""Begins the statement that counts most requests at once. Its condition subtracts from a column of times, which Citus
refuses in an UPDATE; without it, a request takes the statements that follow."""
_HAS_ORGANIZATION = re.compile(r"h\.org_id AND \w\.key_id OPERATOR\(pg_catalog\.=\) h\.key_id")
_NEW_ROW = re.compile(r"(INSERT INTO public\.credit(?:s|_windows) VALUES \()h\.key_id")


class UnknownAdmission(Exception):
    """A function on the ledger has another form than this version of the program expects."""


def prepare_ledger(conn: Connection[Row]) -> None:
    """Replace the tables of the ledger by those with the organization, in one transaction. `copy_former` fills them."""
    with conn.transaction():
        partitions = conn.execute(_SELECT_PARTITIONS).fetchall()
        conn.execute(_DROP_VIEWS)
        conn.execute(f"CREATE SCHEMA {_BEFORE}")
        for name in ("credits", "credit_windows", *(name for name, _ in partitions)):
            conn.execute(
                sql.SQL("ALTER TABLE {} SET SCHEMA {}").format(_table("public", name), sql.Identifier(_BEFORE))
            )
        conn.execute(_TABLES)
        for name, bounds in partitions:
            statement = sql.SQL("CREATE TABLE {} PARTITION OF credits {}")
            conn.execute(statement.format(_table("public", name), sql.SQL(bounds)))
        conn.execute(_VIEWS)
        adapt_admission(conn)


def copy_former(conn: Connection[Row]) -> int:
    """Copy the rows of the former ledger, month by month, each in a transaction. Return how many were copied."""
    copied = 0
    for (name,) in conn.execute(_SELECT_FORMER, (_BEFORE,)).fetchall():
        former = _table(_BEFORE, name)
        with conn.transaction():
            copied += conn.execute(sql.SQL(_COPY).format(former=former)).rowcount
            conn.execute(sql.SQL("DROP TABLE {}").format(former))
    conn.execute(f"DROP SCHEMA IF EXISTS {_BEFORE} CASCADE")
    return copied


def adapt_admission(conn: Connection[Row]) -> None:
    """Let the functions name the organization in each statement on the ledger of keys. Raises UnknownAdmission.

    Their texts come from the migrations, and are changed here, so that there are no second ones to keep equal.
    """
    for name in _ADAPTED:
        row = conn.execute(_DEFINITION, (f"public.{name}",)).fetchone()
        assert row is not None
        conn.execute(with_organization(row[0]))


def with_organization(function: str) -> str:
    """Return the text of a function with the organization in each statement on the ledger of keys."""
    if _HAS_ORGANIZATION.search(function):
        return function
    equal = r"\1.org_id OPERATOR(pg_catalog.=) h.org_id AND \1.key_id OPERATOR(pg_catalog.=) h.key_id"
    changed, conditions = _OF_KEY.subn(equal, function)
    changed = _NEW_ROW.sub(r"\1h.org_id, h.key_id", changed).replace(_AT_ONCE, "IF false THEN")
    if not conditions or (_AT_ONCE not in function and "RETURNING" in function):
        raise UnknownAdmission("A function on the ledger has another form than this version of the program expects.")
    return changed


def _table(schema: str, name: str) -> sql.Identifier:
    return sql.Identifier(schema, name)
