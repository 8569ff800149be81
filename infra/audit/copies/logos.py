"""The logos beside logs, and in copies of logs: a logo must be the one of which the log says the hash.

A log without the logo that it names is no error: a copy can lack it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec
from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.rows import scalar_row

from domain.accounts.organization import Organization
from domain.reading import InvalidValue
from domain.reading.logo import check_logo
from infra.audit.copies.checks import WrongContent
from infra.audit.copies.lines import LogoLine
from infra.log.proofs.chain import Break
from infra.log.reading.histories import list_histories
from infra.log.records import RecordedEvent
from infra.postgres.database import Row

SELECT_LOGO = "SELECT png FROM organization_logos WHERE org_id = %s"
_END = 2**62
"""After every event."""
INSERT_LOGO = "INSERT INTO organization_logos (org_id, hash, png) VALUES (%s, %s, %s)"


class _State(msgspec.Struct):
    logo: str | msgspec.UnsetType | None = msgspec.UNSET


_decode = msgspec.json.Decoder(_State).decode


class LogoOfLog:
    """The hash of the logo that a log says, after the events that were followed."""

    def __init__(self) -> None:
        self.hash: str | None = None
        self.position = 1
        """The position of the event that says it."""

    def follow(self, events: Iterable[RecordedEvent]) -> Iterator[RecordedEvent]:
        """Yield the events, and remember the logo of the last one that has changed it."""
        for event in events:
            if event.name == Organization.Updated.topic:
                self._note(event)
            yield event

    def line(self, png: bytes | None) -> LogoLine | None:
        """Return the line for a stored logo; None for none, and for one that was stored after the events."""
        return LogoLine(png) if png is not None and hash_of(png) == self.hash else None

    def check(self, line: LogoLine) -> bytes:
        """Return the logo in a line. Raises WrongContent if it is not that of the log, or no picture."""
        if hash_of(line.png) != self.hash:
            raise WrongContent("the logo is not the one that the log says")
        try:
            check_logo(line.png)
        except InvalidValue as error:
            raise WrongContent(f"the logo {error}") from None
        return line.png

    def _note(self, event: RecordedEvent) -> None:
        try:
            state = _decode(event.state)
        except msgspec.MsgspecError:  # an export copies what it finds, and an import has refused it before
            return
        if state.logo is not msgspec.UNSET:
            self.hash, self.position = state.logo, event.position


def find_wrong_logo(conn: Connection[Row], org_id: str) -> Break | None:
    """Return why the stored logo of an organization is not the one that its log says, if it is not."""
    is_own = conn.info.transaction_status == TransactionStatus.IDLE  # one of the caller has its isolation already
    with conn.transaction():
        if is_own:
            conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        png = conn.cursor(binary=True, row_factory=scalar_row).execute(SELECT_LOGO, (org_id,)).fetchone()
        events = [] if png is None else list_histories(conn, org_id, [org_id], _END)
    logo = LogoOfLog()
    if png is None or hash_of(png) == _last(logo, events):
        return None
    return Break(logo.position, "the stored logo is not the one that the log says")


def _last(logo: LogoOfLog, events: Iterable[RecordedEvent]) -> str | None:
    """Return the hash of the logo after these events."""
    for _ in logo.follow(events):
        pass
    return logo.hash


def hash_of(png: bytes) -> str:
    """Return the hash of a logo, as events have it."""
    return hashlib.sha256(png).hexdigest()
