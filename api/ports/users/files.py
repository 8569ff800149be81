"""The port for files of lists that are too long to be made while they are sent: the background worker makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

MAX_FILES_OF_USER = 5
"""How many files a user can have, whatever their state."""
MAX_FILES = 20
"""How many files the users of an organization can have together."""
KEPT_HOURS = 24
"""How long a file is kept after it was made, or has failed. As long, one that was asked for waits to be made."""
MAX_FILE_MEGABYTES = 512

WAITING, MAKING, READY, FAILED = "waiting", "making", "ready", "failed"
"""The states of a file."""
NO_LONGER_ALLOWED, NOT_READ, TOO_LARGE, BROKEN = "not_allowed", "not_read", "too_large", "broken"
"""Why a file has failed: its user may no longer read the list; a page could not be read in time; it would have more
than MAX_FILE_MEGABYTES; or the service has a fault."""


class FileOwner(NamedTuple):
    """The user who asks for files, and the organization that the session shows."""

    org_id: str
    user_id: str


class FileRequest(NamedTuple):
    """What a user asks for: a list with its filters as XLSX."""

    id: str
    kind: str
    """The kind of the objects in the list, such as `invoice`."""
    filters: Mapping[str, str]
    """The parameters of the list as the API has them: an instant has an offset."""
    language: str
    """The code of the language of its headings."""
    time_zone: str


class ListFile(NamedTuple):
    """A file as its user sees it."""

    id: str
    kind: str
    filters: Mapping[str, str]
    state: str
    rows: int
    """How many rows were written so far."""
    size: int
    """How many bytes it has so far."""
    asked_at: datetime
    kept_until: datetime
    failure: str | None


class TooManyFiles(Exception):
    """The user, or all users of the organization together, have as many files as they can have."""

    def __init__(self, *, are_own: bool) -> None:
        self.are_own = are_own
        super().__init__()


class ListFiles(Protocol):
    """Files of lists. A user sees only own ones. Each method can raise Unavailable."""

    def ask(self, owner: FileOwner, request: FileRequest) -> None:
        """Store a request, once for each id. Raises TooManyFiles."""

    def list(self, owner: FileOwner) -> Sequence[ListFile]:
        """Return the files of the user, the one that was asked for last first."""

    def find(self, owner: FileOwner, id: str) -> ListFile | None:
        """Return a file of the user; None if there is none, or if its time is over."""

    def read_piece(self, owner: FileOwner, id: str, number: int) -> bytes | None:
        """Return a piece of a file that is ready; None after the last one, and if the file is gone."""

    def remove(self, owner: FileOwner, id: str) -> None:
        """Remove a file of the user, or the request for it, if there is one."""
