"""The JSON envelope of every success."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

_encode = msgspec.json.Encoder().encode


class Pagination(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Where the next page is; null on the last one."""

    limit: int
    has_more: bool
    next_cursor: str | None
    next_url: str | None


def success(data: bytes) -> bytes:
    """Return the envelope around one resource, which is JSON already."""
    return b'{"success":true,"data":%b}' % data


def success_of(data: object) -> bytes:
    """Return the envelope around an object that is not encoded yet."""
    return success(_encode(data))


def success_list(items: Iterable[bytes], pagination: Pagination) -> bytes:
    """Return the envelope around a page of resources, which are JSON already."""
    return b'{"success":true,"data":[%b],"pagination":%b}' % (b",".join(items), _encode(pagination))
