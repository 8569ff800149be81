"""The rolling window in which credits count. Everything else that needs its length derives it from CREDIT_WINDOW."""

from __future__ import annotations

from datetime import timedelta

CREDIT_WINDOW = timedelta(days=30)
"""A credit counts for 30 × 24 hours after it was spent, to the microsecond."""
