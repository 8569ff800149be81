"""The rolling credit window, said once."""

from __future__ import annotations

from datetime import timedelta

CREDIT_WINDOW = timedelta(days=30)
"""A credit that was spent counts for 30 × 24 hours, to the microsecond."""
