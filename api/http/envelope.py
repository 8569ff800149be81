"""The JSON envelope of successful responses."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

_encode = msgspec.json.Encoder().encode


class Pagination(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The place of the next page. `nextCursor` and `nextUrl` are null on the last page."""

    limit: int
    has_more: bool
    next_cursor: str | None
    next_url: str | None


def success(data: bytes) -> bytes:
    """Return the envelope with one resource. `data` is the resource as JSON."""
    return b'{"success":true,"data":%b}' % data


def success_of(data: object) -> bytes:
    """Return the envelope with an object, which is encoded as JSON."""
    return success(_encode(data))


def success_list(items: Iterable[bytes], pagination: Pagination) -> bytes:
    """Return the envelope with a page of resources. `items` are the resources as JSON."""
    return b"".join((b'{"success":true,"data":[', b",".join(items), b'],"pagination":', _encode(pagination), b"}"))
