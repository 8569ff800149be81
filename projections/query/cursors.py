"""Keyset cursors: a cursor is a text for URLs that names the place after one row of a query.

A checksum shows that a cursor was altered. A forged cursor does no harm: it can only name another place in the same
list, because the organization and the filters do not come from the cursor.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from projections.query.filters import Condition, Kind

_CHECKSUM_BYTES = 6
_encode = msgspec.json.Encoder().encode


class InvalidCursor(ValueError):
    """The cursor was altered, or belongs to another query."""


def fingerprint_of(org_id: str, view: str, sort: str, conditions: Sequence[Condition]) -> str:
    """Return a text that identifies a query: the same text for all pages of a query, another text for other queries."""
    parts = sorted(f"{condition.sql}\0{condition.value}" for condition in conditions)
    return hashlib.sha256("\0\0".join((org_id, view, sort, *parts)).encode()).hexdigest()[:16]


def encode_cursor(fingerprint: str, value: Any, id: str) -> str:
    """Return the cursor of the page that begins after the row with this sort value and id."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    payload = _encode([fingerprint, text, id])
    return base64.urlsafe_b64encode(_checksum(payload) + payload).decode().rstrip("=")


def decode_cursor(cursor: str, fingerprint: str, kind: Kind) -> list[Any]:
    """Return the sort value and the id that a cursor holds. Raises InvalidCursor for a cursor of another query."""
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True)
        payload = raw[_CHECKSUM_BYTES:]
        if _checksum(payload) != raw[:_CHECKSUM_BYTES]:
            raise InvalidCursor
        cursor_fingerprint, value, id = msgspec.json.decode(payload, type=tuple[str, str, str])
        if cursor_fingerprint != fingerprint or "\0" in value + id:
            raise InvalidCursor
        return [kind.parse(value), id]
    except (ValueError, msgspec.MsgspecError) as error:
        raise InvalidCursor from error


def _checksum(payload: bytes) -> bytes:
    return hashlib.sha256(payload).digest()[:_CHECKSUM_BYTES]
