"""Runs the application in this process, and counts the trips to the database that its requests make."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from falcon import testing

from api.ports.admission import Admission, Caller
from api.ports.request.deadline import ARRIVED
from domain.accounts.key_secret import hash_secret
from infra.bootstrap import app_on
from infra.postgres.pool import Pool
from infra.postgres.wire import wire_of
from tests.support.console import SESSION


def caller_of(raw: str, **facts: Any) -> Caller:
    """Return the caller of a request with this key. By default, the organization of the key is not known yet."""
    return Caller(
        key_hash=hash_secret(raw),
        method="GET",
        route="/test",
        scope=None,
        free=False,
        **facts,
    )


def admitted_caller(org_id: str) -> Caller:
    """Return a caller that was already admitted to the organization."""
    admission = Admission(org_id, "key", (), 1, 0, None, None, datetime.now(UTC))
    return caller_of("", is_asked=True, admission=admission)


def without_haste() -> dict[str, float]:
    """Return the entry of the WSGI environ that moves the deadline of a request one minute into the future.

    On a busy machine, a request in the process of the tests could otherwise miss its deadline.
    """
    return {ARRIVED: time.monotonic() + 60}


class Trips:
    """Sends requests to the application, which has a pool of one connection, and counts its trips."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._client = pool, testing.TestClient(app_on(pool))

    def send(self, key: str, method: str, path: str, **options: Any) -> testing.Result:
        """Pass a request with a key to the application, as the server does. The path is relative to `/api/v1`."""
        headers = {"Authorization": f"Bearer {key}", "Host": "localhost", **options.pop("headers", {})}
        return self._client.simulate_request(
            method, f"/api/v1/{path}", headers=headers, extras=without_haste(), **options
        )

    def get(self, key: str, path: str, **options: Any) -> testing.Result:
        return self.send(key, "GET", path, **options)

    def page(self, session: str, address: str) -> testing.Result:
        """Ask for a page of the console with the cookie of this session."""
        path, _, query = address.partition("?")
        headers = {"Cookie": f"{SESSION}={session}", "Host": "localhost"}
        return self._client.simulate_get(path, query_string=query, headers=headers, extras=without_haste())

    @contextmanager
    def counted(self) -> Iterator[list[int]]:
        """Yield a list that contains the number of trips after the block: of the wire, and of psycopg's interface."""
        count: list[int] = []
        conn = self._pool.getconn()
        before, waits, wait = wire_of(conn).trips, itertools.count(), conn.wait

        def counted_wait(*arguments: Any, **options: Any) -> Any:
            next(waits)
            return wait(*arguments, **options)

        with patch.object(conn, "wait", counted_wait):
            self._pool.putconn(conn)
            yield count
            count.append(wire_of(conn).trips - before + next(waits))
