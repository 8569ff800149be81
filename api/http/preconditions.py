"""Conditional requests: the versions in `If-Match` and `If-None-Match` (RFC 9110, section 13.1).

The ETag of an object is its version in quotes. It is strong. `If-Match` compares strongly, so that a weak ETag
(`W/"2"`) never matches; `If-None-Match` compares weakly.
"""

from __future__ import annotations

import re

from api.http.errors import ApiError

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_VERSION = re.compile(r'"[1-9][0-9]{0,8}"')


def etag(version: int) -> str:
    """Return the ETag of an object at this version."""
    return f'"{version}"'


def versions_to_match(header: str | None) -> frozenset[int] | None:
    """Return the versions that an `If-Match` header accepts; None without a header, or for `*` (any version).

    Raises ApiError (400) for a header that is not a list of ETags: such a condition must never be ignored.
    """
    if header is None or header.strip() == "*":
        return None
    tags = _tags(header)
    if not tags:
        message = 'must be an ETag in its quotes, such as "3", or several separated by commas'
        details = [("If-Match", "invalid_parameter", message)]
        raise ApiError(400, "invalid_parameter", f"The header If-Match {message}.", details)
    return frozenset(int(tag[1:-1]) for tag in tags if _VERSION.fullmatch(tag))


def is_known(header: str | None, version: int) -> bool:
    """Whether an `If-None-Match` header names this version. A header that is not a list of ETags names none."""
    if header is None:
        return False
    etags = {tag.removeprefix("W/") for tag in _tags(header) or ()}
    return header.strip() == "*" or etag(version) in etags


def _tags(header: str) -> list[str] | None:
    """Return the entity tags in a comma-separated list, whose entries may be empty; None when it is not such a list."""
    between = {part.strip() for part in _TAG.sub('""', header).split(",")}
    return _TAG.findall(header) if between <= {"", '""'} else None
