"""The logos in copies of logs. A copy has the logo of which the log up to its head says the hash, and no other one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import msgspec

from domain.accounts.organization import Organization
from domain.reading import InvalidValue
from domain.reading.logo import check_logo
from infra.audit.copies.checks import WrongContent
from infra.audit.copies.lines import LogoLine
from infra.log.records import RecordedEvent

SELECT_LOGO = "SELECT png FROM organization_logos WHERE org_id = %s"
INSERT_LOGO = "INSERT INTO organization_logos (org_id, hash, png) VALUES (%s, %s, %s)"


class _State(msgspec.Struct):
    logo: str | msgspec.UnsetType | None = msgspec.UNSET


_decode = msgspec.json.Decoder(_State).decode


class LogoOfLog:
    """The hash of the logo that a log says, after the events that were followed."""

    def __init__(self) -> None:
        self.hash: str | None = None

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
            self.hash = state.logo


def hash_of(png: bytes) -> str:
    """Return the hash of a logo, as events have it."""
    return hashlib.sha256(png).hexdigest()
