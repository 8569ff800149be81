"""Posts events to a server of a developer, signed as webhooks are."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import httpx
import msgspec

from domain.calendar import instant
from infra.cli.clients.events import NewEvent
from infra.webhooks.client import TIMEOUT_SECONDS
from infra.webhooks.delivery import signed_headers


class Outcome(msgspec.Struct, rename="camel"):
    """The result of one post. `error` says why it failed."""

    at: str
    type: str
    event_id: str
    status: int | None
    duration_ms: float
    error: str | None

    def line(self) -> str:
        """Return the outcome for people."""
        result = self.error if self.error is not None else str(self.status)
        return f"{self.at}  {self.type}  {self.event_id}  {result}  ({self.duration_ms:g} ms)"


class Forwarder:
    """Posts events to one URL until the end of the block. `secret` signs them."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        self._client = httpx.Client(trust_env=False, follow_redirects=False, timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> Forwarder:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def post(self, event: NewEvent) -> Outcome:
        """Post an event once. Every failure is part of the outcome."""
        now, begin = datetime.now(UTC), time.monotonic()
        headers = signed_headers([self._secret], event.id, int(now.timestamp()), event.body)
        status = error = None
        try:
            status = self._client.post(self._url, content=event.body, headers=headers).status_code
        except httpx.TimeoutException:
            error = f"no response within {TIMEOUT_SECONDS:g} seconds"
        except httpx.HTTPError as failure:
            error = f"the URL cannot be reached: {failure}"
        return Outcome(instant(now), event.type, event.id, status, round((time.monotonic() - begin) * 1000, 1), error)
