"""Converts events to their stored form and back: stable names, schema versions, upcasters, JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, MapperDeserialisationError, StoredEvent
from msgspec import UNSET
from msgspec.structs import force_setattr

from domain.aggregate import Event
from domain.registry import EVENTS
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.log.proofs.personal import WrongPersonalValues, split, whole_state
from infra.log.records import RecordedEvent
from projections.folding.stored_event import FoldedEvent

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""Upcasters by stored name and schema version. Each takes the decoded JSON of an event of this version, and returns the
same event in the form of the next version."""


@dataclass(frozen=True)
class SplitEvent(StoredEvent):
    """The stored form of an event. In a log of format 2, its personal values, if it has some, are beside it."""

    personal: str | None


class EventMapper(Mapper[str]):
    """A mapper for the event sourcing library. It stores events under stable names, not under the paths of classes."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())
        self._encode = msgspec.json.Encoder().encode
        self._decoders = {name: msgspec.json.Decoder(event) for name, event in EVENTS.items()}
        self._versions = {name: event.schema_version for name, event in EVENTS.items()}

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        event = cast("Event", domain_event)
        return StoredEvent(event.originator_id, event.originator_version, event.topic, self._encode(_bare(event)))

    def to_stored_events(
        self, events: Iterable[Event], chain_format: int, random: Callable[[int], bytes]
    ) -> list[SplitEvent]:
        """Return the stored form of events in a log of this format. `random` makes salts for personal values."""
        is_split = chain_format >= PERSONAL_FORMAT
        return [
            SplitEvent(
                event.originator_id,
                event.originator_version,
                event.topic,
                *(split(_bare(event), random) if is_split else (self._encode(_bare(event)), None)),
            )
            for event in events
        ]

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        return self.event(cast("RecordedEvent", stored_event))

    def event(self, record: FoldedEvent) -> Event:
        """Return the event of a record. Raises MapperDeserialisationError, whose message names the event."""
        try:
            decoder = self._decoders[record.name]
            if record.schema_version == EVENTS[record.name].schema_version:
                event = decoder.decode(whole_state(record))
            else:
                event = msgspec.convert(self._upcast(record), EVENTS[record.name])
        except (LookupError, msgspec.MsgspecError, WrongPersonalValues) as error:
            raise MapperDeserialisationError(
                f"The event '{record.name}' (version {record.originator_version} of {record.originator_id}) "
                f"cannot be read: {error}"
            ) from error
        force_setattr(event, "originator_id", record.originator_id)
        force_setattr(event, "originator_version", record.originator_version)
        force_setattr(event, "timestamp", record.recorded_at)
        return event

    def state(self, record: FoldedEvent) -> str | bytes:
        """Return the event's whole state as JSON in the current schema version.

        Raises LookupError, MsgspecError and WrongPersonalValues.
        """
        if record.schema_version == self._versions[record.name]:
            return whole_state(record)
        return self._encode(self._upcast(record))

    def _upcast(self, record: FoldedEvent) -> dict[str, Any]:
        known = EVENTS[record.name].schema_version
        if record.schema_version > known:
            raise LookupError(f"its schema version is {record.schema_version}, but this code reads at most {known}")
        raw = msgspec.json.decode(whole_state(record), type=dict[str, Any])
        for version in range(record.schema_version, known):
            raw = UPCASTERS[record.name, version](raw)
        return raw


def _bare(event: Event) -> Event:
    """Return the event without the fields that have their own columns."""
    return msgspec.structs.replace(event, originator_id=UNSET, originator_version=UNSET, timestamp=UNSET)


MAPPER = EventMapper()
