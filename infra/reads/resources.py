"""Queries on objects, each in one round trip and within one organization."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from psycopg.rows import args_row

from api.ports.reads import StoredObject
from domain.registry import kind_of
from infra.log.heads import LogState, select_state
from infra.log.mapper import MAPPER
from infra.log.reader import select_history
from infra.log.records import RecordedEvent
from infra.postgres.database import SET_ORGANIZATION, open_pipeline
from infra.postgres.pool import Pool, borrow_connection
from projections.projection import join_details
from projections.query.listing import Listing
from projections.query.page import ListQuery, ListRow
from projections.registry import ROWS
from projections.views.events import InTheFuture, Moment


class ObjectRow(NamedTuple):
    """An object's row: its JSON in one or two parts, and its version."""

    summary: bytes
    details: bytes | None
    version: int


_list_row = args_row(ListRow)
_object_row = args_row(ObjectRow)


class PostgresObjectReads:
    """The ObjectReads on a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def list_page(self, org_id: str, query: ListQuery) -> list[ListRow]:
        # How rare the text of a search or a pair of metadata is decides which index is the best.
        prepare = False if query.plans_by_value else None
        with borrow_connection(self._pool) as conn, open_pipeline(conn):
            conn.execute(SET_ORGANIZATION, (org_id,))
            found = conn.cursor(binary=True, row_factory=_list_row).execute(query.sql, query.args, prepare=prepare)
        return found.fetchall()

    def get(self, org_id: str, listing: Listing, id: str) -> StoredObject | None:
        details = "details" if listing.detailed else "NULL"
        sql = f"SELECT summary, {details}, version FROM {listing.view} WHERE org_id = %s AND id = %s"
        with borrow_connection(self._pool) as conn, open_pipeline(conn):
            conn.execute(SET_ORGANIZATION, (org_id,))
            found = conn.cursor(binary=True, row_factory=_object_row).execute(sql, (org_id, id))
        row = found.fetchone()
        if row is None:
            return None
        return StoredObject(row.summary if row.details is None else join_details(row.summary, row.details), row.version)

    def exists(self, org_id: str, listing: Listing, id: str) -> bool:
        sql = f"SELECT 1 FROM {listing.view} WHERE org_id = %s AND id = %s"
        with borrow_connection(self._pool) as conn, open_pipeline(conn):
            conn.execute(SET_ORGANIZATION, (org_id,))
            found = conn.execute(sql, (org_id, id))
        return found.fetchone() is not None

    def get_past(self, org_id: str, kind: str, id: str, moment: Moment) -> StoredObject | None:
        with borrow_connection(self._pool) as conn, open_pipeline(conn):
            conn.execute(SET_ORGANIZATION, (org_id,))
            state = select_state(conn, org_id)
            found = select_history(conn, org_id, id)
        history = [record for record in found.fetchall() if kind_of(record.name) == kind]
        _check_moment(moment, cast("LogState", state.fetchone()), history)
        projection = ROWS[kind]
        until = [record for record in history if _is_until(record, moment)]
        row: Any = projection.fold_all(MAPPER.event(record) for record in until)
        return None if row is None else StoredObject(projection.to_json(row), len(until))


def _check_moment(moment: Moment, log: LogState, history: list[RecordedEvent]) -> None:
    """Raise InTheFuture for a time after now, and for a version that an existing object does not have yet."""
    if moment.as_of is not None and moment.as_of > log.now:
        raise InTheFuture
    if moment.version is not None and history and moment.version > len(history):
        raise InTheFuture


def _is_until(record: RecordedEvent, moment: Moment) -> bool:
    if moment.version is not None:
        return record.originator_version <= moment.version
    return moment.as_of is not None and record.recorded_at <= moment.as_of
