"""The codes of violations, as responses of the API name them."""

from __future__ import annotations

VALIDATION_FAILED = "validation_failed"
UNKNOWN_FIELD = "unknown_field"
READ_ONLY_FIELD = "read_only_field"
AMOUNT_EXCEEDS_BALANCE = "amount_exceeds_balance"
BEYOND_OWN_KEY = "beyond_own_key"
