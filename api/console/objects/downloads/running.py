"""Which downloads this process sends."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock
from weakref import WeakKeyDictionary

from api.http.errors import ApiError
from api.pages.translation import gettext as _

DOWNLOADS_AT_ONCE = 2
"""How many downloads of a list an organization may have in one process, because each holds rows in memory."""


class RunningDownloads:
    """The downloads that this process sends. A download that has ended, or was given up, is no longer here."""

    def __init__(self) -> None:
        self._organizations: WeakKeyDictionary[Iterator[bytes], str] = WeakKeyDictionary()
        self._lock = Lock()

    def add(self, parts: Iterator[bytes], org_id: str) -> None:
        """Add a download of an organization. Raises ApiError if it has DOWNLOADS_AT_ONCE."""
        with self._lock:
            if list(self._organizations.values()).count(org_id) >= DOWNLOADS_AT_ONCE:
                message = _("Other downloads of this list are running. Wait until they have ended, and try again.")
                raise ApiError(409, "conflict", message)
            self._organizations[parts] = org_id
