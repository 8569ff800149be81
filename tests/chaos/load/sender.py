"""Sends requests with a key, and counts what they cost and how they were answered."""

from __future__ import annotations

import time
from typing import Any

from tests.chaos.load.record import ClientRecord
from tests.chaos.load.wire import Answer, NoAnswer, Wire, request_bytes
from tests.chaos.probe import NO_ANSWER

FREE = ("/api/v1/me", "/api/v1/usage")
"""The paths that cost no credit."""


class Sender:
    """A connection of one client. `auth` is the header with its key."""

    def __init__(self, url: str, record: ClientRecord) -> None:
        self._wire, self.record = Wire(url), record
        self.auth = f"Authorization: Bearer {record.credits.key}\r\n"

    def close(self) -> None:
        self._wire.close()

    def ask(self, method: str, path: str, headers: str, body: Any = None) -> Answer | None:
        """Send a request; return the response, or None without one. Each costs a credit, unless its path is free."""
        credits, costs = self.record.credits, headers.startswith(self.auth) and not path.startswith(FREE)
        credits.sent += costs
        at = time.monotonic()
        try:
            answer = self._wire.ask(request_bytes(method, path, headers, body))
        except NoAnswer:
            self.record.count(at, NO_ANSWER)
            return None
        self.record.count(at, answer.status)
        if costs and answer.status != 503:
            credits.count_answer()
        return answer

    def complain(self, method: str, path: str, answer: Answer, expected: Any) -> None:
        """Remember a response that the contract does not allow."""
        text = f"{method} {path}: {answer.status} {answer.body[:200]!r}, expected {expected}"
        self.record.wrong.append(text)
