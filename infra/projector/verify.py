"""Comparing read tables with the log, each organization in a snapshot of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection, IsolationLevel

from infra.log.heads import get_position
from infra.log.mapper import MAPPER
from infra.postgres.database import Row, connect_owner
from infra.projector.rows import copy_rows, read_log
from projections import usage
from projections.projection import RowProjection
from projections.rebuild import fold_log
from projections.verify import Difference, differences_sql

_SKIPS = "SELECT position FROM projection_skips WHERE org_id = %s AND projection = %s"


def differences(conninfo: str, projection: RowProjection[Any], org_id: str) -> Iterator[Difference]:
    """Where the organization's stored rows are not what its log says; none in a sound database, also under load.

    Raises UnreadableEvent for an event that the projection cannot take.
    """
    with connect_owner(conninfo) as reader, connect_owner(conninfo) as conn:
        conn.isolation_level = reader.isolation_level = IsolationLevel.REPEATABLE_READ
        with conn.transaction(), reader.transaction():
            # Before the snapshot, which would not see the rows of a table that a rebuild swaps in after it.
            conn.execute(f"LOCK TABLE public.{projection.table} IN ACCESS SHARE MODE")
            # Both connections look at the same instant, so that a write in between is in the log and in the rows.
            snapshot = conn.execute("SELECT pg_export_snapshot()").fetchone()
            assert snapshot is not None
            reader.execute(f"SET TRANSACTION SNAPSHOT '{snapshot[0]}'")
            skipped = {row[0] for row in reader.execute(_SKIPS, (org_id, projection.name))}
            conn.execute(f"CREATE TEMPORARY TABLE expected (LIKE public.{projection.table}) ON COMMIT DROP")
            log = read_log(reader, projection, org_id, get_position(reader, org_id))
            copy_rows(conn, projection, "expected", org_id, fold_log(org_id, projection, log, MAPPER.event, skipped))
            conn.execute("ANALYZE expected")
            found = conn.execute(differences_sql(projection, "expected"), {"org": org_id}).fetchall()
    for id, column, expected, stored in found:
        yield Difference(projection.table, org_id, id, column, expected, stored)


def usage_differences(conn: Connection[Row], org_id: str) -> Iterator[Difference]:
    """Where the organization's sums of credits are not what the ledger says, as far as the ledger goes back."""
    horizon = conn.execute(usage.HORIZON).fetchone()
    assert horizon is not None
    for key_id, hour, route, expected, stored in conn.execute(
        usage.DIFFERENCES, {"org": org_id, "horizon": horizon[0]}
    ).fetchall():
        texts = (None if value is None else str(value) for value in (expected, stored))
        yield Difference(usage.TABLE, org_id, f"{key_id} {hour.isoformat()} {route}", "credits", *texts)
