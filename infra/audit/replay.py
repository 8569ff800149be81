"""Replays an object from its events (its history and past states), and verifies the hash chain of a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from domain.calendar import instant
from domain.errors import NotFound
from infra.log.heads import get_chain, get_end
from infra.log.mapper import MAPPER
from infra.log.proofs.chain import Break, first_break
from infra.log.proofs.personal import WrongPersonalValues, whole_state
from infra.log.reading.histories import select_history
from infra.log.reading.objects import list_organizations_of
from infra.log.reading.pages import BEFORE_ALL, stream_log
from infra.log.reading.presence import Presence
from infra.log.records import Head, RecordedEvent
from infra.postgres.database import Row
from projections.folding.stored_event import StoredEvent, UnreadableEvent
from projections.views.history import Change, changes_of


class Step(msgspec.Struct, frozen=True):
    """One event of an object, and the object before and after it."""

    org_id: str
    change: Change

    @property
    def record(self) -> StoredEvent:
        return self.change.record

    @property
    def after(self) -> Mapping[str, Any]:
        return self.change.after

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Return the fields that the event changed, with their values before and after."""
        return self.change.changes()


def steps(conn: Connection[Row], id: str, orgs: list[str]) -> list[Step]:
    """Return an object's history, step by step. Raises NotFound when none of these organizations has the object."""
    found = [
        Step(org_id, change)
        for org_id in list_organizations_of(conn, id, orgs)
        for change in changes_of(select_history(conn, org_id, id).fetchall(), MAPPER.event)
    ]
    if not found:
        raise NotFound("object", id)
    return found


def state_at(history: list[Step], as_of: datetime | None, version: int | None) -> Mapping[str, Any] | None:
    """Return the object as it was at a time or version; None when it did not exist yet.

    If both are None, return the current state.
    """
    state = None
    for step in history:
        late = as_of is not None and step.record.recorded_at > as_of
        if late or (version is not None and step.record.originator_version > version):
            break
        state = step.after
    return state


def verify_chain(conn: Connection[Row], org_id: str, sealed: Head | None = None) -> Break | None:
    """Verify the hash chain of a log. Return the first broken position; None when the log is intact.

    The log is read page by page up to the end that it has now, not in one snapshot, which would keep PostgreSQL from
    removing old versions of rows.

    `sealed` is the head of this log in a seal. With `sealed`, this function also finds a log that was cut short or
    rewritten after the seal was made. Raises NotFound for an unknown organization.
    """
    chain, (head, last_position) = get_chain(conn, org_id), get_end(conn, org_id)
    check = _SealCheck(stream_log(conn, org_id, BEFORE_ALL, last_position), sealed)
    broken = first_break(chain, check, head)
    if broken is None and sealed is not None:
        return check.verdict(head.position)
    return broken


def verify_log(conn: Connection[Row], present: Presence, sealed: Head | None = None) -> Break | None:
    """Verify that a log is there as a whole, and its chain (see verify_chain). Return the first broken position."""
    missing = present.missing()
    if missing is not None:
        return Break(1, missing)
    broken = verify_chain(conn, present.org_id, sealed)
    end, seen = present.head or 0, present.seen or 0
    if broken is None and seen > end:
        reason = (
            f"the log ends at position {end}, but {present.witness} was made from it up to {seen}: it was cut short"
        )
        return Break(end + 1, reason)
    return broken


class _SealCheck:
    """Iterates over a log, and remembers the hash at the sealed position, to compare it with the seal."""

    def __init__(self, log: Iterator[RecordedEvent], sealed: Head | None) -> None:
        self._log, self._sealed = log, sealed
        self._hash: bytes | None = None

    def __iter__(self) -> Iterator[RecordedEvent]:
        for record in self._log:
            if self._sealed is not None and record.position == self._sealed.position:
                self._hash = record.chain_hash
            yield record

    def verdict(self, head: int) -> Break | None:
        """Return where the log differs from the seal; None if it agrees. `head` is the log's last position."""
        assert self._sealed is not None
        position = self._sealed.position
        if position > head:
            return Break(
                head + 1, f"the seal was made at position {position}, but the log ends at {head}: it was cut short"
            )
        if position and self._hash != self._sealed.chain_hash:
            return Break(position, "the hash is not the one in the seal: the log was rewritten up to this position")
        return None


def entry(record: StoredEvent, org_id: str) -> dict[str, Any]:
    """Return an event as the audit commands print it in JSON: its columns, metadata and state.

    Raises UnreadableEvent if its personal values are not those that its hash covers.
    """
    try:
        state = whole_state(record)
    except WrongPersonalValues as wrong:
        raise UnreadableEvent(org_id, record, wrong) from wrong
    metadata = msgspec.json.decode(record.metadata, type=dict[str, Any])
    return {
        "org": org_id,
        "position": record.position,
        "at": instant(record.recorded_at),
        "type": record.name,
        "id": record.originator_id,
        "version": record.originator_version,
        "actor": metadata.get("actor"),
        "requestId": metadata.get("requestId"),
        "data": msgspec.json.decode(state),
        "chainHash": record.chain_hash.hex(),
    }
