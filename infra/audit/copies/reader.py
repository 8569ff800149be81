"""Reads a portable copy of logs line by line, and checks its form: the chain, the order of lines, and the counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from domain.privacy.erasures import Erasures
from domain.reading import InvalidValue, parse_instant
from infra.audit.copies.checks import MAX_LINE, WrongContent
from infra.audit.copies.lines import FORMATS, EndLine, EventLine, Line, LogoLine, OrganizationLine, line_decoder
from infra.audit.copies.logos import LogoOfLog
from infra.audit.refusals import ImportRefused
from infra.log.proofs.chain import VALUES_GONE, Chain, find_wrong_values, genesis, link
from infra.log.proofs.personal import is_incomplete
from infra.log.reading.erasures import positions_in
from infra.log.records import RecordedEvent

NOTHING_IMPORTED = "; nothing was imported."
"""The end of each message about a line."""


def chain_format(line: OrganizationLine) -> int:
    """Return the format of the organization's chain, which the format of its lines says."""
    return next(number for number, name in FORMATS.items() if name == line.format)


def refusal(line: int, reason: str) -> ImportRefused:
    """Return the ImportRefused for what is wrong in a line of the copy."""
    return ImportRefused(f"Line {line}: {reason}{NOTHING_IMPORTED}")


class CopyReader:
    """Reads and checks the lines of a copy. The message of each ImportRefused names the number of the line."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self.line = 0
        """The number of the line that was read last."""
        self._ahead: OrganizationLine | EndLine | None = None
        """The line after an organization's last event: already read, to find the end of the events, but not handled."""
        self.logo: bytes | None = None
        """The logo after the events of the organization that was read last; None without one."""

    def next_organization(self) -> OrganizationLine | None:
        """Return the next organization's line; None at the end of the copy. Raises ImportRefused."""
        if self._ahead is None:
            line = self._next_line()
            if isinstance(line, EventLine | LogoLine):
                raise self.refusal("an organization's line was expected before its events")
            self._ahead = line
        if not isinstance(self._ahead, OrganizationLine):
            return None
        found, self._ahead = self._ahead, None
        if found.format not in FORMATS.values():
            known = " and ".join(map(repr, FORMATS.values()))
            raise self.refusal(f"the format is {found.format!r}; this version reads {known}")
        return found

    def events_of(self, organization: OrganizationLine) -> Iterator[RecordedEvent]:
        """Yield the events of the organization that `next_organization` has returned. Raises ImportRefused."""
        chain = Chain(organization.id, chain_format(organization), is_erased=lambda _: True)  # checked at the end
        position, chain_hash = 0, genesis(organization.id)
        missing: dict[int, int] = {}
        self.logo, logo = None, LogoOfLog()
        while isinstance(line := self._next_line(), EventLine):
            event = line.event(self._parse_time(line.recorded_at))
            position, chain_hash = position + 1, link(chain_hash, chain, event)
            if event.position != position or chain_hash.hex() != line.chain_hash:
                raise self.refusal(f"the chain of {organization.id} is broken at position {position}")
            self._check_values(chain, event, missing)
            yield from logo.follow([msgspec.structs.replace(event, chain_hash=chain_hash)])
        if position != organization.position:
            raise self.refusal(f"the log of {organization.id} ends at position {position} of {organization.position}")
        if chain_hash.hex() != organization.chain_hash:
            raise self.refusal(f"the chain hash in the line of {organization.id} is not the hash of its last event")
        if missing:
            raise refusal(next(iter(missing.values())), VALUES_GONE)
        self._ahead = self._after_logo(line, logo)

    def _after_logo(self, line: Line | None, logo: LogoOfLog) -> OrganizationLine | EndLine | None:
        """Return the line after the logo of an organization; `line` itself if it is no logo. Raises ImportRefused."""
        if isinstance(line, LogoLine):
            try:
                self.logo = logo.check(line)
            except WrongContent as wrong:
                raise self.refusal(str(wrong)) from None
            line = self._next_line()
        if isinstance(line, EventLine | LogoLine):
            raise self.refusal("an organization's line was expected after its logo")
        return line

    def check_end(self, counted: EndLine) -> None:
        """Check that the copy ends with an EndLine that has these counts. Raises ImportRefused."""
        if not isinstance(self._ahead, EndLine):
            raise self.refusal("the copy is cut short: its last line is missing")
        if self._ahead != counted or self._next_line() is not None:
            raise self.refusal("the counts in the last line are wrong, or more lines follow")

    def refusal(self, reason: str) -> ImportRefused:
        """Return an ImportRefused that names the number of the line that was read last."""
        return refusal(self.line, reason)

    def _check_values(self, chain: Chain, event: RecordedEvent, missing: dict[int, int]) -> None:
        """Check the personal values beside an event. Raises ImportRefused.

        `missing` has the position of each event without them, with its line, until an event says they were erased.
        """
        if (wrong := find_wrong_values(chain, event)) is not None:
            raise self.refusal(wrong)
        if is_incomplete(event):
            missing[event.position] = self.line
        if event.name != Erasures.Erased.topic:
            return
        try:
            erased = positions_in([event.state])
        except msgspec.MsgspecError as error:
            raise self.refusal(str(error)) from None
        for position in erased.intersection(missing):
            del missing[position]

    def _parse_time(self, text: str) -> datetime:
        try:
            return parse_instant(text)
        except InvalidValue as error:
            raise self.refusal(f"{text!r} {error}") from None

    def _next_line(self) -> Line | None:
        line = next(self._lines, b"")
        if not line:
            return None
        self.line += 1
        if len(line) > MAX_LINE:
            raise self.refusal(f"the line has more than {MAX_LINE} bytes")
        try:
            return line_decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self.refusal(str(error)) from None
