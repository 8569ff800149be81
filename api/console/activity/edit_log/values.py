"""The values of an edit log as texts, as CSV and PDF have them."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal

from projections.views.field_changes import Value


def value_text(value: Value, zone: tzinfo) -> str:
    """Return a value as text: a time with the offset of its zone and without parts of a second, as in a sheet."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat("T", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)
