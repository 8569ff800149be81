"""Distributes the database by organization, in steps that can be run again after an interruption."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from psycopg import Connection
from psycopg.rows import scalar_row

from infra.postgres.database import Row, configure, is_distributed
from infra.postgres.schema.distributed.ledger import adapt_admission, copy_former, prepare_ledger
from infra.postgres.schema.distributed.rights import grant_shown_columns, prepare_sessions
from infra.postgres.schema.distributed.tables import ALLOW_TRIGGERS, list_placed, missing, place
from infra.postgres.schema.distributed.webhooks import adapt_webhooks

DEFAULT_SHARDS = 64
_HAS_CITUS = "SELECT to_regproc('create_distributed_table') IS NOT NULL AND to_regclass('pg_dist_node') IS NOT NULL"
_HAS_COORDINATOR = "SELECT EXISTS (SELECT FROM pg_dist_node WHERE groupid = 0)"
_HAS_OLDER_ROWS = "SELECT EXISTS (SELECT 1 FROM org_log WHERE unkeyed_numbers)"
_SERVICES = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'smartdhandha'
"""
_SELECT_PROBLEMS = (
    (
        f"SELECT NOT ({_HAS_CITUS})",
        "This database does not have Citus. Run CREATE EXTENSION citus in it first, on every node.",
    ),
    (
        f"SELECT NOT ({_HAS_COORDINATOR})",
        "The coordinator is not among the nodes, so it cannot have copies of tables. Run "
        "SELECT citus_set_coordinator_host('…') first, with an address at which the other nodes reach it.",
    ),
    (
        _HAS_OLDER_ROWS,
        "The background worker has not yet folded the rows of earlier versions again. Let the service run until "
        "'smartdhandha db clashes' says no more about it.",
    ),
    (
        f"SELECT ({_SERVICES}) > 0",
        "A service uses this database. Stop all instances first: until the end, their requests would fail.",
    ),
)


class NotDistributable(Exception):
    """The database cannot be distributed now. The message says why, and what to do."""


def distribute(
    conn: Connection[Row], shards: int = DEFAULT_SHARDS, on_note: Callable[[str], None] = lambda note: None
) -> list[str]:
    """Distribute the tables that are not distributed yet; return their names. Raises NotDistributable.

    `conn` is a connection of the owner, which must be a superuser, or own the database and have CREATEROLE. The tables
    with the data of organizations get this number of shards. `on_note` is called with a sentence at each step.
    """
    check(conn)
    conn.execute(ALLOW_TRIGGERS)
    conn.execute("SELECT set_config('citus.shard_count', %s, false)", (str(shards),))
    if not is_distributed(conn):
        on_note("Preparing the ledger of credits.")
        prepare_ledger(conn)
        configure(conn)
    prepare_sessions(conn)
    adapt_webhooks(conn)
    placed = list(_place_all(conn, on_note))
    on_note("Copying the ledger of credits.")
    copy_former(conn)
    grant_shown_columns(conn)
    return placed


def check(conn: Connection[Row]) -> None:
    """Raise NotDistributable if the database cannot be distributed now."""
    ask = conn.cursor(row_factory=scalar_row)
    for statement, problem in _SELECT_PROBLEMS:
        if ask.execute(statement).fetchone():
            raise NotDistributable(problem)


def adapt(conn: Connection[Row]) -> None:
    """Adapt what migrations have added or replaced, if the database is distributed."""
    if is_distributed(conn):
        adapt_admission(conn)
        adapt_webhooks(conn)
        conn.execute(ALLOW_TRIGGERS)
        list(_place_all(conn, lambda note: None))
        grant_shown_columns(conn)


def _place_all(conn: Connection[Row], on_note: Callable[[str], None]) -> Iterator[str]:
    for table in missing(list_placed(conn)):
        on_note(f"Distributing {table}.")
        place(conn, table)
        yield table
