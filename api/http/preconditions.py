"""Conditional requests: the versions in `If-Match` and `If-None-Match` (RFC 9110, section 13.1), and `If-Position`.

The ETag of an object is its version in quotes, such as `"2"`. It is a strong ETag. `If-Match` uses the strong
comparison, so a weak ETag such as `W/"2"` never matches. `If-None-Match` uses the weak comparison.
"""

from __future__ import annotations

import re

from api.http.errors import ApiError
from domain.errors.violation import Violation

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_POSITION = re.compile(r"[0-9]{1,18}")
_VERSION = re.compile(r'"[1-9][0-9]{0,8}"')


def etag(version: int) -> str:
    """Return the ETag of an object with this version."""
    return f'"{version}"'


def versions_to_match(header: str | None) -> frozenset[int] | None:
    """Return the versions that an `If-Match` header accepts. None means any version: no header, or `*`.

    Raises ApiError (400) for a header that is not a list of ETags, because ignoring it could overwrite a change.
    """
    if header is None or header.strip() == "*":
        return None
    tags = _tags(header)
    if not tags:
        message = 'must be an ETag in its quotes, such as "3", or several separated by commas'
        details = [Violation("If-Match", "invalid_parameter", message)]
        raise ApiError(400, "invalid_parameter", f"The header If-Match {message}.", details)
    return frozenset(int(tag[1:-1]) for tag in tags if _VERSION.fullmatch(tag))


def least_position(header: str | None) -> int:
    """Return the position in an `If-Position` header; 0 without one. Raises ApiError (400) if it is no position."""
    if header is None:
        return 0
    if not _POSITION.fullmatch(header):
        message = (
            "must be a position of the log, such as 4711: the header `Position` of the response to a write, or the "
            "`position` of an event"
        )
        details = [Violation("If-Position", "invalid_parameter", message)]
        raise ApiError(400, "invalid_parameter", f"The header If-Position {message}.", details)
    return int(header)


def is_not_modified(header: str | None, version: int) -> bool:
    """Return whether an `If-None-Match` header matches this version. A malformed header matches no version."""
    return header is not None and is_etag_sent(header, etag(version))


def is_etag_sent(header: str | None, own: str) -> bool:
    """Return whether an `If-None-Match` header matches this ETag. A malformed header matches none."""
    if header is None:
        return False
    etags = {tag.removeprefix("W/") for tag in _tags(header) or ()}
    return header.strip() == "*" or own in etags


def _tags(header: str) -> list[str] | None:
    """Return the ETags in a comma-separated list; None when the header is not such a list. Entries may be empty."""
    between = {part.strip() for part in _TAG.sub('""', header).split(",")}
    return _TAG.findall(header) if between <= {"", '""'} else None
