"""The filters of the page with requests, as people fill them in, and as the query parameters of `GET /requests`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from api.console.keys.base import PATH
from api.pages.translation import marked
from domain.calendar import instant
from domain.reading.when import read_when

REQUESTS = f"{PATH}/requests"
FIELDS = ("requestId", "key", "status", "errorCode", "from", "to", "cursor")
ENDS: Mapping[str, str] = {
    "1xx,2xx,3xx": marked("Answered"),
    "4xx,5xx": marked("Refused or failed"),
    "429": marked("Over the limit (429)"),
    "401,403": marked("Key or scope (401, 403)"),
    "5xx": marked("Failed (500 and above)"),
}
"""The choices of how a request ended: the value of the parameter `status`, and its label."""
_MINUTE = timedelta(minutes=1)
_SHORTEST = timedelta(microseconds=1)


def parameters(filters: Mapping[str, str], time_zone: str) -> dict[str, str]:
    """Return the query parameters of the filters but `key`, which is none. Raises InvalidValue.

    Days and times without an offset are in the time zone. `to` includes its whole day, or its whole minute.
    """
    query = {name: text for name, text in filters.items() if name != "key"}
    if "from" in filters:
        query["from"] = instant(read_when(filters["from"]).first_instant(time_zone))
    if "to" in filters:
        when = read_when(filters["to"])
        end = when.last_instant(time_zone)
        is_whole_minute = isinstance(when.value, datetime) and not (end.second or end.microsecond)
        query["to"] = instant(end + _MINUTE - _SHORTEST if is_whole_minute else end)
    return query


def link(filters: Mapping[str, str], cursor: str | None) -> str:
    """Return the path of a page with these filters, which begins after the cursor."""
    kept = {name: text for name, text in filters.items() if name != "cursor"}
    query = urlencode(kept | ({} if cursor is None else {"cursor": cursor}))
    return f"{REQUESTS}?{query}" if query else REQUESTS
