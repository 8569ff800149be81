"""Prometheus metrics of a sender of webhooks.

Like `infra.telemetry.metrics`, this module is imported only through `infra.telemetry.metrics_folder`.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram, values

LAG_BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 600.0)
OUTCOMES = ("taken", "refused", "failed")


class DeliveryMetrics:
    """The counts of one sender. `slot` is as in Metrics."""

    def __init__(self, slot: str) -> None:
        values.ValueClass = values.MultiProcessValue(lambda: slot)  # type: ignore[no-untyped-call]  # the library lacks types
        attempts = Counter(
            "smartdhandha_webhook_attempts",
            "Attempts to deliver an event to a webhook, by outcome.",
            ("outcome",),
            registry=None,
        )
        self._attempts = {outcome: attempts.labels(outcome) for outcome in OUTCOMES}
        self._lag = Histogram(
            "smartdhandha_webhook_lag_seconds",
            "Time from an event to the first attempt to deliver it.",
            buckets=LAG_BUCKETS,
            registry=None,
        )

    def count(self, status: int | None, is_taken: bool, lag_seconds: float | None) -> None:
        """Count an attempt. `status` is None if nobody responded.

        `lag_seconds` is given only for the first attempt of a delivery, otherwise None.
        """
        outcome = "taken" if is_taken else "failed" if status is None else "refused"
        self._attempts[outcome].inc()
        if lag_seconds is not None:
            self._lag.observe(max(0.0, lag_seconds))
