"""The port for downloads of lists by signed-in users."""

from __future__ import annotations

from typing import Protocol

import msgspec

from commands.command import Person


class ListDownload(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored of a download: who takes which rows of which list."""

    org_id: str
    person: Person
    request_id: str
    list: str
    """The kind of the objects, such as `invoice`."""
    format: str
    """`csv` or `xlsx`."""
    filters: dict[str, str]
    """The parameters of the list, without what people type freely."""
    rows: int | None = None
    """How many rows the file has, if it was made before."""


class Downloads(Protocol):
    """Downloads of lists. Each method can raise Unavailable."""

    def record(self, download: ListDownload) -> None:
        """Store the security event that the download begins."""
