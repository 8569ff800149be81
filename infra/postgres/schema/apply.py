"""Applies one migration, and records that it was applied."""

from __future__ import annotations

from psycopg import Connection

from infra.postgres.database import Row, is_distributed
from infra.postgres.schema.distributed.tables import ALLOW_TRIGGERS
from infra.postgres.schema.files import IndexStep, Migration, one_by_one
from infra.postgres.schema.waits import LockLimits

INSERT_APPLIED = "INSERT INTO schema_migrations (version, name, checksum) VALUES (%s, %s, %s)"
IS_INVALID = "SELECT FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"
_SEQUENTIALLY = "SET LOCAL citus.multi_shard_modify_mode = 'sequential'"
"""Lets a transaction change tables and indexes on the nodes after it has read there."""


def apply(conn: Connection[Row], migration: Migration, limits: LockLimits) -> None:
    """Apply the migration. If it fails, it can be applied again: it had no effect, or its statements are repeatable."""
    if migration.is_transactional:
        _apply_inside(conn, migration, limits)
    else:
        _apply_outside(conn, migration, limits)


def _apply_inside(conn: Connection[Row], migration: Migration, limits: LockLimits) -> None:
    with conn.transaction():
        limits.set_in_transaction(conn)
        if is_distributed(conn):  # takes one statement at a time, and drops one object in each
            conn.execute(ALLOW_TRIGGERS)
            conn.execute(_SEQUENTIALLY)
            for statement in migration.statements:
                for part in one_by_one(statement):
                    conn.execute(part)
        else:
            conn.execute(migration.sql)
        _insert_applied(conn, migration)


def _apply_outside(conn: Connection[Row], migration: Migration, limits: LockLimits) -> None:
    steps = migration.steps
    limits.set_in_session(conn)
    try:
        for step in steps:
            _run_step(conn, step)
    finally:
        conn.execute("RESET lock_timeout")
    _insert_applied(conn, migration)


def _run_step(conn: Connection[Row], step: IndexStep) -> None:
    """Run the statement. If an interrupted attempt has left an invalid index behind, drop the index first."""
    if step.creates and conn.execute(IS_INVALID, (step.index_name,)).fetchone() is not None:
        conn.execute(f"DROP INDEX CONCURRENTLY {step.index_name}")
    conn.execute(step.sql)


def _insert_applied(conn: Connection[Row], migration: Migration) -> None:
    conn.execute(INSERT_APPLIED, (migration.version, migration.name, migration.checksum))
