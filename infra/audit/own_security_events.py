"""Pages of an organization's security events, as the console's page Settings → Security shows them."""

from __future__ import annotations

from typing import Any

from psycopg.rows import class_row, scalar_row

from infra.postgres.database import open_pipeline_of
from infra.postgres.pool import Pool, borrow_for_long_read
from projections.views.activity import DisplayName
from projections.views.security_events import MAX_EVENTS_SEARCHED, SecurityEntry, SecurityPage, SecurityQuery

_KEY_NAMES = "SELECT id, name, last_four FROM api_key_list WHERE org_id = %(org)s ORDER BY name, id"
_NEWEST_FIRST = "ORDER BY at DESC, event_id DESC"
_EVENTS = """
SELECT event_id AS id, at, kind, actor_type, actor_id, object_id, address, role, list FROM security_event_list
WHERE org_id = %(org)s
"""
_CONDITIONS = {
    "since": "at >= %(since)s",
    "until": "at < %(until)s",
    "before": "(at, event_id) < "
    "(SELECT at, event_id FROM security_event_list WHERE org_id = %(org)s AND event_id = %(before)s)",
}
_SEARCHED = {"who": "(actor_id = %(who)s OR object_id = %(who)s)", "kinds": "kind = ANY (%(kinds)s)"}
"""The filters that no index serves. With one of them, a page searches at most MAX_EVENTS_SEARCHED events."""


class PostgresSecurityReads:
    """Implements the port SecurityReads with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def list_events(self, org_id: str, query: SecurityQuery) -> SecurityPage:
        values = _values(org_id, query)
        searched = [condition for name, condition in _SEARCHED.items() if values[name] is not None]
        events = _events(values)
        with borrow_for_long_read(self._pool, org_id) as conn, open_pipeline_of(conn, org_id):
            found = conn.cursor(row_factory=class_row(SecurityEntry)).execute(_page(events, searched), values)
            end = conn.cursor(row_factory=scalar_row).execute(_last_searched(events, searched), values)
            key_names = conn.execute(_KEY_NAMES, values)
        entries, last_searched = found.fetchall(), end.fetchone()
        page = entries[: query.limit]
        next_before = page[-1].id if len(entries) > query.limit else last_searched
        keys = {id: DisplayName(name, last_four) for id, name, last_four in key_names.fetchall()}
        return SecurityPage(page, keys, next_before)


def _values(org_id: str, query: SecurityQuery) -> dict[str, Any]:
    return {
        "org": org_id,
        "who": query.who,
        "kinds": None if query.kinds is None else list(query.kinds),
        "since": query.since,
        "until": query.until,
        "before": query.before,
        "limit": query.limit + 1,
    }


def _events(values: dict[str, Any]) -> str:
    """Return the statement of the events in the time of the query, which the index gives in their order."""
    conditions = [condition for name, condition in _CONDITIONS.items() if values[name] is not None]
    return f"{' AND '.join([_EVENTS, *conditions])} {_NEWEST_FIRST}"


def _page(events: str, searched: list[str]) -> str:
    """Return the statement of a page with one event more, which says whether there is a next page."""
    if not searched:
        return f"{events} LIMIT %(limit)s"
    window = f"SELECT * FROM ({events} LIMIT {MAX_EVENTS_SEARCHED}) searched"
    return f"{window} WHERE {' AND '.join(searched)} ORDER BY at DESC, id DESC LIMIT %(limit)s"


def _last_searched(events: str, searched: list[str]) -> str:
    """Return the statement of the last event that a page may search, if there are that many; otherwise of nothing."""
    last = f"SELECT id FROM ({events} OFFSET {MAX_EVENTS_SEARCHED - 1} LIMIT 1) last"
    return last if searched else "SELECT NULL WHERE false"
