"""The rolling window in which spent credits count. All other code takes the length of the window from CREDIT_WINDOW."""

from __future__ import annotations

from datetime import timedelta

CREDIT_WINDOW = timedelta(days=30)
"""A credit counts for 30 × 24 hours after it was spent, to the microsecond."""
