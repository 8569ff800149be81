"""Traffic in the background of a test: threads that write and read, and record every error."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.support.scenarios import LINE
from tests.support.threads import Threads

PAGE = 100


class TrafficError(Exception):
    """The service gave a wrong response or lost data; the message says what was wrong."""


class Request(NamedTuple):
    """A request that got a response."""

    seconds: float
    """How long the request took."""
    at: float
    """When the request was sent, in seconds of `time.monotonic`."""
    what: str
    """The method and the path."""


class Traffic(Threads):
    """Writers create, send, pay and void invoices; readers read whole lists.

    A list must contain each invoice exactly once that was acknowledged before the reader began the list. Each key
    belongs to another organization. `known` has the ids of the invoices that already exist, in the order of the keys.
    `wrong` has the errors.
    """

    def __init__(
        self, url: str, keys: Sequence[str], known: Sequence[Sequence[str]] = (), writers: int = 8, readers: int = 1
    ) -> None:
        works = [partial(self._run, self._write, number) for number in range(writers)]
        super().__init__(*works, *(partial(self._run, self._read, number) for number in range(readers)))
        self._host = urlsplit(url).netloc
        self._keys = keys
        self._acknowledged = [list(ids) for ids in known] or [[] for _ in keys]
        self._lock = threading.Lock()
        self.slowest = Request(0.0, 0.0, "")
        self.requests = self.walks = 0
        self.wrong: list[str] = []

    def is_less_than(self, requests: int, walks: int = 0) -> bool:
        """Whether fewer requests or walks through lists than these have ended so far, all without an error.

        A test repeats its action while this is true. Otherwise, a fast machine could end the test before the first
        requests.
        """
        return not self.wrong and (self.requests < requests or self.walks < walks)

    def _run(self, work: Callable[[http.client.HTTPConnection, int], None], number: int) -> None:
        conn = http.client.HTTPConnection(self._host, timeout=30)
        try:
            while not self.ended.is_set():
                work(conn, number)
        except (TrafficError, OSError, http.client.HTTPException) as error:
            self.wrong.append(f"{type(error).__name__}: {error}")
        finally:
            conn.close()

    def _write(self, conn: http.client.HTTPConnection, number: int) -> None:
        org = number % len(self._keys)
        invoice = self._ask(conn, org, "POST", "invoices", _BODY)
        self._acknowledged[org].append(invoice["id"])
        path = f"invoices/{invoice['id']}"
        if len(self._acknowledged[org]) % 3 == 0:
            self._ask(conn, org, "PATCH", path, {"status": "void"})
        else:
            self._ask(conn, org, "PATCH", path, {"status": "sent"})
            self._ask(conn, org, "POST", f"{path}/payments", {"amount": "1.50", "paidOn": "2026-01-20"})
            paid = self._ask(conn, org, "GET", path)
            if (paid["status"], paid["version"]) != ("partially_paid", 3):
                raise TrafficError(f"{path} was read as {paid['status']}, version {paid['version']}, after its payment")

    def _read(self, conn: http.client.HTTPConnection, number: int) -> None:
        org = (number + self.walks) % len(self._keys)
        expected = list(self._acknowledged[org])
        seen: list[str] = []
        path: str | None = f"invoices?limit={PAGE}&sort=createdAt"
        while path and not self.ended.is_set():
            answer = self._answer(conn, org, "GET", path)
            seen += [invoice["id"] for invoice in answer["data"]]
            cursor = answer["pagination"]["nextCursor"]
            path = cursor and f"invoices?limit={PAGE}&sort=createdAt&cursor={cursor}"
        if len(set(seen)) != len(seen):
            raise TrafficError(f"a list had rows twice: {sorted({id for id in seen if seen.count(id) > 1})[:5]}")
        if not path:
            self.walks += 1
            if missing := set(expected) - set(seen):
                raise TrafficError(
                    f"a list lacked {len(missing)} of {len(expected)} rows, such as {sorted(missing)[:5]}"
                )

    def _ask(self, *request: Any) -> Any:
        return self._answer(*request)["data"]

    def _answer(
        self, conn: http.client.HTTPConnection, org: int, method: str, path: str, body: dict[str, Any] | None = None
    ) -> Any:
        headers = {"Authorization": f"Bearer {self._keys[org]}", "Content-Type": "application/json"}
        at = time.monotonic()
        conn.request(method, f"/api/v1/{path}", json.dumps(body) if body else None, headers)
        response = conn.getresponse()
        answer = response.read()
        took = Request(time.monotonic() - at, at, f"{method} {path}")
        with self._lock:
            self.requests += 1
            self.slowest = max(self.slowest, took)
        if response.status not in (200, 201):
            raise TrafficError(f"{method} {path}: {response.status} {answer.decode()}")
        return json.loads(answer)


_BODY = {"clientId": "acme", "invoiceDate": "2026-01-10", "dueDate": "2099-01-31", "items": [LINE]}
