"""The portable copy of logs: JSON Lines with the hash chain. Another installation can import the same events from it.

For each organization, the copy has one OrganizationLine, then an EventLine for each event, and then a LogoLine if there
is a logo. The last line of the copy
is an EndLine.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from domain.accounts.series import DEFAULT_PREFIX
from infra.log.records import RecordedEvent

FORMATS = {1: "smartdhandha-log-1", 2: "smartdhandha-log-2"}
"""The formats of copies, by the format of the log's chain (see infra/log/proofs/chain.py)."""


class OrganizationLine(msgspec.Struct, tag="organization", rename="camel", omit_defaults=True):
    """The line before the events of an organization: the organization's data, and the head of its log."""

    format: str
    id: str
    name: str
    time_zone: str
    created_at: str
    position: int
    chain_hash: str
    recorded_at: str
    """When the last event was recorded; empty for an empty log."""
    series: dict[str, int]
    """The last serial number of each series: of invoices by the financial year and a prefix that is not the default, of
    notes by their kind and the financial year."""
    live_organization: str | None = None
    """Of a test organization: the id of its live sibling."""
    clock_ahead: float = 0.0
    """How many seconds the clock of a test log is ahead of the database's."""
    new_time_zone: str | None = None
    """The time zone that counts from `new_time_zone_from` on; None if none was ever chosen after the first one."""
    new_time_zone_from: str | None = None
    series_prefix: str = DEFAULT_PREFIX
    """How the numbers of the organization's own series begin."""
    document_years: int | None = None
    """For how many years the organization keeps documents; None for those of the law (domain/privacy/retention.py)."""
    leave_years: int | None = None
    """For how many years it keeps leaves; None for the usual ones."""


class EventLine(msgspec.Struct, tag="event", rename="camel"):
    """One event, with its state and metadata exactly as they were hashed."""

    position: int
    originator_id: str
    originator_version: int
    name: str
    schema_version: int
    state: str
    metadata: str
    recorded_at: str
    chain_hash: str
    personal: str | UnsetType = UNSET
    """The personal values beside the state, exactly as they were hashed; absent if there are none."""

    def event(self, recorded_at: datetime) -> RecordedEvent:
        """Return the event of the line, without its hash."""
        values = msgspec.structs.asdict(self)
        personal = None if self.personal is UNSET else self.personal
        return RecordedEvent(**{**values, "recorded_at": recorded_at, "personal": personal, "chain_hash": b""})


class LogoLine(msgspec.Struct, tag="logo", rename="camel"):
    """The logo of the organization, whose hash one of its events has; after these events. JSON has it in Base64."""

    png: bytes


class EndLine(msgspec.Struct, tag="end", rename="camel"):
    """The last line of a copy: how many organizations and events it has. A copy without this line is incomplete."""

    organizations: int
    events: int


Line = OrganizationLine | EventLine | LogoLine | EndLine

encode = msgspec.json.Encoder().encode
line_decoder: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
