"""The port for edit logs, which show an auditor what was changed in a period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple, Protocol

from commands.command import Person
from domain.reading.period import Days
from projections.views.activity import DisplayName
from projections.views.history import Change


class LoggedOrganization(NamedTuple):
    """An organization and its log, when an edit log was begun."""

    id: str
    name: str
    created_at: datetime
    time_zone: str
    """The zone that counts now."""
    head: tuple[int, str]
    """The position and the hash, as hexadecimal digits, of the last event of the log."""
    root: str | None
    """The root of the checkpoint of this end, in Base64, from the tiles that are kept; None while the background worker
    is far behind."""


class EditLog(Protocol):
    """The changes of a period, page by page. Between two pages, neither a connection nor a transaction is held."""

    organization: LoggedOrganization
    keys: Mapping[str, DisplayName]
    """The present names of all API keys, by id."""
    first: int
    """The first position of the period."""
    last: int
    """The last position of the period."""

    @property
    def reached(self) -> int:
        """The last position whose hash was computed again, and fits to the event and the hash before."""

    @property
    def broken(self) -> tuple[int, str] | None:
        """The first position that does not fit, and the reason. There are no changes from there on."""

    @property
    def has_more(self) -> bool:
        """Whether there is a page to read."""

    def read(self) -> Iterator[Change]:
        """Return the changes of the next page, the oldest first.

        Raises Unavailable, and what an event raises that cannot be read.
        """


class EditLogs(Protocol):
    """Edit logs. Each method can raise Unavailable."""

    def begin(self, org_id: str, days: Days) -> EditLog | None:
        """Return the edit log of these days; None if the log has no event of them.

        Days are those of the organization's present time zone.
        """

    def record(self, org_id: str, days: Days, person: Person, request_id: str, file_format: str) -> None:
        """Store that the person takes the edit log of these days. Call it before the first byte is sent."""

    def print(self, org_id: str, content: bytes) -> bytes:
        """Return the PDF of an edit log, from what `PdfFile` has collected. Raises PrintingTimedOut."""
