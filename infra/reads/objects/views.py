"""Saved views in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import Connection

from api.ports.users.views import ListOfViews, SavedView, TakenName, TooManyViews
from domain.accounts.user.saved_view import MAX_VIEWS
from infra.postgres.database import Row, set_organization
from infra.postgres.pool import Pool, borrow_connection

SELECT_VIEWS = """
SELECT view_id, name, query, is_shared, user_id FROM saved_views
WHERE org_id = %s AND kind = %s AND (user_id = %s OR is_shared) ORDER BY lower(name), view_id
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_COUNT = """
SELECT count(*) FILTER (WHERE user_id = %s), count(*) FILTER (WHERE is_shared) FROM saved_views
WHERE org_id = %s AND kind = %s
"""
_EXISTS = "SELECT FROM saved_views WHERE org_id = %s AND view_id = %s"
_INSERT = """
INSERT INTO saved_views (org_id, kind, user_id, view_id, name, query, is_shared) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_CHANGEABLE = "WHERE org_id = %s AND kind = %s AND view_id = %s AND (user_id = %s OR (is_shared AND %s))"
_RENAME = f"UPDATE saved_views SET name = %s {_CHANGEABLE}"
_REMOVE = f"DELETE FROM saved_views {_CHANGEABLE}"


class PostgresSavedViews:
    """Implements the port SavedViews with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def list(self, views: ListOfViews) -> Sequence[SavedView]:
        with self._transaction(views) as conn:
            found = conn.execute(SELECT_VIEWS, (views.org_id, views.kind, views.user_id)).fetchall()
        return [SavedView(*row) for row in found]

    def save(self, views: ListOfViews, view: SavedView) -> None:
        with self._transaction(views) as conn:
            conn.execute(_LOCK, (f"views {views.org_id} {views.kind}",))
            if conn.execute(_EXISTS, (views.org_id, view.id)).fetchone() is not None:
                return
            counts = conn.execute(_COUNT, (views.user_id, views.org_id, views.kind)).fetchone()
            own, shared = counts or (0, 0)
            if own >= MAX_VIEWS or (view.is_shared and shared >= MAX_VIEWS):
                raise TooManyViews
            conn.execute(_INSERT, (*views[:3], view.id, view.name, view.query, view.is_shared))

    def rename(self, views: ListOfViews, id: str, name: str) -> bool:
        with self._transaction(views) as conn:
            return conn.execute(_RENAME, (name, *_changeable(views, id))).rowcount > 0

    def remove(self, views: ListOfViews, id: str) -> None:
        with self._transaction(views) as conn:
            conn.execute(_REMOVE, _changeable(views, id))

    @contextmanager
    def _transaction(self, views: ListOfViews) -> Iterator[Connection[Row]]:
        try:
            with borrow_connection(self._pool) as conn, conn.transaction():
                conn.execute(set_organization(views.org_id))
                yield conn
        except psycopg.errors.UniqueViolation as error:
            raise TakenName from error


def _changeable(views: ListOfViews, id: str) -> tuple[str, str, str, str, bool]:
    return views.org_id, views.kind, id, views.user_id, views.is_manager
