"""The last part of a table's rebuild: the shadow catches up with the log, and takes the served table's place."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from psycopg import Connection, sql

from infra.log.heads import get_positions
from infra.log.mapper import MAPPER
from infra.log.reader import list_changed, list_histories
from infra.postgres.database import Row
from infra.postgres.ddl import ddl
from infra.projector.rows import PAGE, Progress, copy_rows, skips
from projections.projection import RowProjection
from projections.rebuild import UnreadableEvent, fold_log
from projections.verify import compared_columns

_GATE_TIMEOUT = "200ms"
_GATE_TRIES = 300


class TableLocked(Exception):
    """The served table could not be locked for the moment that the swap takes."""


def catch_up(
    conn: Connection[Row],
    projection: RowProjection[Any],
    positions: dict[str, int],
    failed: dict[str, str],
    on_progress: Progress,
) -> int:
    """Fold again in the shadow what has changed since `positions`; answers with the number of events behind."""
    behind = 0
    for org_id, head in get_positions(conn).items():
        since = positions.get(org_id, 0)
        if head == since or org_id in failed:
            continue
        behind += head - since
        ids = list_changed(conn, org_id, projection.kind, since, head)
        try:
            _fold_into_shadow(conn, projection, org_id, ids, head)
        except UnreadableEvent as unreadable:
            failed[org_id] = str(unreadable)
        positions[org_id] = head
        on_progress(head - since)
    return behind


def swap(
    conn: Connection[Row],
    projection: RowProjection[Any],
    positions: dict[str, int],
    failed: dict[str, str],
    on_progress: Progress,
) -> None:
    """Shut the gate, take in the rest of the committed log, and let the shadow take the table's place.

    The gate locks the view before the table, as readers do, and never the head of a log: a writer that has appended and
    waits at the gate writes its row to the new table.
    """
    for _ in range(_GATE_TRIES):
        try:
            with conn.transaction():
                conn.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(_GATE_TIMEOUT))
                conn.execute(
                    sql.SQL("LOCK TABLE public.{}, public.{} IN ACCESS EXCLUSIVE MODE").format(
                        sql.Identifier(projection.view), sql.Identifier(projection.table)
                    )
                )
                # Of copies: when the gate does not hold, the shadow goes back, and so must what is known of it.
                late = dict(failed)
                catch_up(conn, projection, dict(positions), late, on_progress)
                _carry_over(conn, projection, list(late))
                conn.execute(sql.SQL(ddl(projection.name, "view")))
                conn.execute(sql.SQL("DROP TABLE public.{}").format(sql.Identifier(projection.table)))
                conn.execute(
                    sql.SQL("ALTER TABLE shadow.{} SET SCHEMA public").format(sql.Identifier(projection.table))
                )
            failed.update(late)
            return
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            catch_up(conn, projection, positions, failed, on_progress)
            time.sleep(0.05)
    raise TableLocked(f"The table {projection.table} stayed in use; nothing was changed. Run the rebuild again later.")


def _fold_into_shadow(
    conn: Connection[Row], projection: RowProjection[Any], org_id: str, ids: list[str], upto: int
) -> None:
    """All of these rows at once and as they were at that position, or one might hold the number that another had."""
    if not ids:
        return
    skipped = skips(conn, org_id, projection)
    table = sql.Identifier("shadow", projection.table)
    with conn.transaction():
        conn.execute(sql.SQL("DELETE FROM {} WHERE org_id = %s AND id = ANY(%s)").format(table), (org_id, ids))
        for start in range(0, len(ids), PAGE):
            page = ids[start : start + PAGE]
            found = list_histories(conn, org_id, page, upto)
            folded = list(fold_log(org_id, projection, found, MAPPER.event, skipped))
            copy_rows(conn, projection, f"shadow.{projection.table}", org_id, folded)


def _carry_over(conn: Connection[Row], projection: RowProjection[Any], orgs: list[str]) -> None:
    """The rows of organizations whose log could not be folded stay as they are served."""
    columns = sql.SQL(", ").join(map(sql.Identifier, compared_columns(projection)))
    names = {"new": sql.Identifier("shadow", projection.table), "old": sql.Identifier("public", projection.table)}
    conn.execute(sql.SQL("DELETE FROM {new} WHERE org_id = ANY(%s)").format(**names), (orgs,))
    copy = "INSERT INTO {new} ({columns}) SELECT {columns} FROM {old} WHERE org_id = ANY(%s)"
    conn.execute(sql.SQL(copy).format(columns=columns, **names), (orgs,))
