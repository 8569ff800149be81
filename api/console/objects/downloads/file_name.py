"""The name of a downloaded list: what it is, and of which day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.calendar import day_in
from domain.reading import parse_instant
from projections.query.past.lists import AS_OF


def file_name(list: str, query: Mapping[str, Any], now: datetime, time_zone: str, suffix: str) -> str:
    """Return the name of the file, such as "invoices-2026-03-31.csv".

    A list as it was has the day of its instant, any other the present day, both in the time zone. `query` has the
    parameters of the API.
    """
    at = parse_instant(query[AS_OF]) if AS_OF in query else now
    return f"{list}-{day_in(time_zone, at).isoformat()}.{suffix}"
