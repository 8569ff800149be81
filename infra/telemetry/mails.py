"""Prometheus metrics of mails: the attempts of a sender, and what waits in the outbox.

Like `infra.telemetry.metrics`, this module is imported only through `infra.telemetry.metrics_folder`.
"""

from __future__ import annotations

from enum import Enum

from prometheus_client import Counter, values

OUTCOMES = ("sent", "refused", "postponed", "unknown", "interrupted")


class MailMetrics:
    """The counts of one sender. `slot` is as in Metrics."""

    def __init__(self, slot: str) -> None:
        values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]  # the library lacks types
        attempts = Counter(
            "smartdhandha_mail_attempts", "Attempts to send a mail, by outcome.", ("outcome",), registry=None
        )
        self._attempts = {outcome: attempts.labels(outcome) for outcome in OUTCOMES}

    def count(self, outcome: Enum) -> None:
        """Count an attempt."""
        self._attempts[outcome.value].inc()
