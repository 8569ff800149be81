"""The windows in which requests count, the names of the limits, and how long requests can be looked up.

All other code takes these lengths from here.
"""

from __future__ import annotations

from datetime import timedelta

CREDIT_WINDOW = timedelta(days=30)
"""A credit counts for 30 × 24 hours after it was spent, to the microsecond."""
REQUESTS_KEPT = timedelta(days=30)
"""How long an organization can look up a request; the view `request_record_list` says the same."""
BURST_WINDOW = timedelta(seconds=1)
"""A request counts for this long in the burst of its key, to the microsecond."""
WINDOW_POLICY, BURST_POLICY, BUDGET_POLICY = f"rolling-{CREDIT_WINDOW.days}d", "burst", "organization"
"""The names of a key's credit window and burst, and of its organization's budget, in headers and errors."""
