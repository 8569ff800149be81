"""Replays an object from its events (its history and past states), and verifies the hash chain of a log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from domain.calendar import instant
from domain.errors import NotFound
from infra.audit.copies.logos import find_wrong_logo
from infra.audit.kept import Kept, watch
from infra.log.heads import get_chain, get_end
from infra.log.mapper import MAPPER
from infra.log.proofs.chain import Break, first_break
from infra.log.proofs.personal import WrongPersonalValues, whole_state
from infra.log.reading.histories import select_history
from infra.log.reading.objects import list_organizations_of
from infra.log.reading.pages import BEFORE_ALL, stream_log
from infra.log.reading.presence import Presence
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


def verify_chain(conn: Connection[Row], org_id: str, kept: Sequence[Kept] = ()) -> Break | None:
    """Verify the hash chain of a log. Return the first broken position; None when the log is intact.

    The log is read page by page up to the end that it has now, not in one snapshot, which would keep PostgreSQL from
    removing old versions of rows.

    With `kept`, what was kept of this log elsewhere, this function also finds a log that was cut short or rewritten
    afterwards. Raises NotFound for an unknown organization.
    """
    chain, (head, last_position) = get_chain(conn, org_id), get_end(conn, org_id)
    log = watch(stream_log(conn, org_id, BEFORE_ALL, last_position), kept)
    if broken := first_break(chain, log, head):
        return broken
    verdicts = [verdict for each in kept if (verdict := each.verdict(head.position))]
    return min(verdicts, default=None)


def verify_log(conn: Connection[Row], present: Presence, kept: Sequence[Kept] = ()) -> Break | None:
    """Verify that a log is there as a whole, its chain (see verify_chain), and the logo beside it.

    Return the first broken position.
    """
    missing = present.missing()
    if missing is not None:
        return Break(1, missing)
    broken = verify_chain(conn, present.org_id, kept)
    end, seen = present.head or 0, present.seen or 0
    if broken is None and seen > end:
        reason = (
            f"the log ends at position {end}, but {present.witness} was made from it up to {seen}: it was cut short"
        )
        return Break(end + 1, reason)
    return broken or find_wrong_logo(conn, present.org_id)


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
