"""The JSON of a batch of records, as the SQL function `record_requests` takes it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

import msgspec

from api.ports.request.observer import KEPT_PER_MINUTE, RequestRecord
from infra.telemetry.requests.backlog import Waiting

_MINUTE_SECONDS = 60.0
_MAX_MICROSECONDS = 2**31 - 1
_encode = msgspec.json.Encoder().encode


class _Entry(msgspec.Struct):
    """A record in a batch; see `record_requests`."""

    org: str | None
    key: str | None
    hash: str | None
    age: float
    request: str
    method: str
    route: str | None
    status: int
    error: str | None
    us: int
    kept: bool


class Batches:
    """Makes batches, and remembers how many requests of each key were kept in this minute."""

    def __init__(self) -> None:
        self._kept: Counter[str] = Counter()
        self._began = 0.0

    def encode(self, waiting: Iterable[Waiting]) -> str:
        """Return the JSON of a batch that is written now."""
        now = time.monotonic()
        if now - self._began >= _MINUTE_SECONDS:
            self._kept.clear()
            self._began = now
        return _encode([self._entry(record, now - since) for since, record in waiting]).decode()

    def _entry(self, record: RequestRecord, waited: float) -> _Entry:
        hash = None if record.key_hash is None else record.key_hash.hex()
        return _Entry(
            org=record.org_id if hash is None else None,
            key=record.key_id,
            hash=hash,
            age=waited + record.seconds,
            request=record.request_id,
            method=record.method,
            route=record.route,
            status=record.status,
            error=record.error_code,
            us=min(int(record.seconds * 1_000_000), _MAX_MICROSECONDS),
            kept=record.has_spent or self._keeps(record.key_id or hash or ""),
        )

    def _keeps(self, key: str) -> bool:
        self._kept[key] += 1
        return self._kept[key] <= KEPT_PER_MINUTE
