"""The rolling window in which spent credits count, and how long requests can be looked up.

All other code takes these lengths from here.
"""

from __future__ import annotations

from datetime import timedelta

CREDIT_WINDOW = timedelta(days=30)
"""A credit counts for 30 × 24 hours after it was spent, to the microsecond."""
REQUESTS_KEPT = timedelta(days=30)
"""How long an organization can look up a request; the view `request_record_list` says the same."""
