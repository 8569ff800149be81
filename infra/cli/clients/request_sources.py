"""Where `smartdhandha requests` finds requests: from the API with a key, or of an organization in the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

import httpx
import msgspec
from psycopg import Connection

from api.account.requests import REQUEST_LIST, RequestEntry
from infra.cli.clients.connection import Refused, ask, ask_time
from infra.postgres.database import Row, get_now, set_organization
from projections.query.filters import Condition
from projections.query.listing import MAX_LIMIT
from projections.query.refusals import InvalidQuery


class RequestPage(NamedTuple):
    """A page of requests, the newest first. `next_cursor` is None on the last page."""

    entries: list[RequestEntry]
    next_cursor: str | None


class RequestSource(Protocol):
    """What `requests` asks."""

    def now(self) -> datetime:
        """Return the present time where the requests are stored, or of the service. Raises Unreachable."""

    def page(self, query: Mapping[str, str]) -> RequestPage:
        """Return the page that these query parameters of `GET /requests` select. Raises Refused and Unreachable."""


class ApiRequests:
    """The requests of one key, from the API. Asking costs no credits."""

    def __init__(self, client: httpx.Client) -> None:
        """`client` sends the key, and has the address of the service."""
        self._client = client

    def now(self) -> datetime:
        return ask_time(self._client)

    def page(self, query: Mapping[str, str]) -> RequestPage:
        found = ask(self._client, "/api/v1/requests", query, _Page)
        return RequestPage(found.data, found.pagination.next_cursor)


class StoredRequests:
    """The requests of an organization, or of one of its keys, from the database."""

    def __init__(self, conn: Connection[Row], org_id: str, key_id: str | None) -> None:
        self._conn, self._org_id = conn, org_id
        self._of_key = [] if key_id is None else [Condition("key_id = %s", key_id)]

    def now(self) -> datetime:
        return get_now(self._conn)

    def page(self, query: Mapping[str, str]) -> RequestPage:
        try:
            found = REQUEST_LIST.query(self._org_id, query, self._of_key)
        except InvalidQuery as error:
            raise Refused(f"{error}.") from None
        with self._conn.transaction():
            self._conn.execute(set_organization(self._org_id))
            rows = self._conn.execute(found.sql.encode(), found.args).fetchall()
        entries = [msgspec.json.decode(summary, type=RequestEntry) for summary, _, _ in rows[: found.limit]]
        if len(rows) <= found.limit:
            return RequestPage(entries, None)
        _, at, id = rows[found.limit - 1]
        return RequestPage(entries, found.cursor_after(at, id))


def find_requests(source: RequestSource, filters: Mapping[str, str], most: int) -> Iterator[RequestEntry]:
    """Yield the newest requests that the filters select, at most `most`. Raises Refused and Unreachable."""
    cursor: dict[str, str] = {}
    while most > 0:
        page = source.page({**filters, "limit": str(min(most, MAX_LIMIT)), **cursor})
        yield from page.entries
        if page.next_cursor is None:
            return
        most, cursor = most - len(page.entries), {"cursor": page.next_cursor}


class _Pagination(msgspec.Struct, rename="camel"):
    next_cursor: str | None = None


class _Page(msgspec.Struct):
    data: list[RequestEntry]
    pagination: _Pagination
