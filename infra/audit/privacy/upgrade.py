"""Rewrites a log of the first format in the second, in which personal values can be erased.

Every hash changes, and with them the ids of events. So a copy of the old log is saved first, and the first event of the
new log says how the old one ended. Each event keeps its object, its version, its time and what it says; its position is
one higher, because of this first event.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from commands.command import Actor
from domain.calendar import instant
from domain.privacy.erasures import Erasures, OldLog, erasures_id
from infra.audit.privacy.refusals import PrivacyRefused
from infra.audit.proofs.log_keys import Signer
from infra.audit.proofs.trees import get_size, make_checkpoint
from infra.log.heads import REPLACE_HEAD, LogState, lock_state
from infra.log.mapper import MAPPER
from infra.log.proofs.chain import PERSONAL_FORMAT, Chain, genesis, link
from infra.log.proofs.personal import whole_state
from infra.log.reading.erasures import LogReplacement
from infra.log.reading.pages import list_page
from infra.log.records import Head, RecordedEvent
from infra.postgres.database import Row, is_distributed, set_organization
from infra.postgres.wire import wire_of
from infra.projector.tables.lock import is_rebuilding
from projections.accounts.erasures import ERASURES
from projections.folding.stored_event import UnreadableEvent

SaveCopy = Callable[[Sequence[str]], str]
"""Writes a copy of these organizations to where it is kept, and returns its SHA-256."""
PAGE_EVENTS = 2000
"""How many events are in memory at once."""
ON_SEVERAL_MACHINES = (
    "In a database on several machines, a log cannot be rewritten: it would be one transaction over shards on other "
    "machines and over tables that stay on this one. Move the organization instead: export it, import and upgrade it "
    "in an installation on one machine, and bring the rewritten copy back after `org remove`. See Erasing a person in "
    "docs/operations.md."
)
# The negative positions in between are those of no event: else a row could meet the next one that is not moved yet.
_MOVE = (
    "UPDATE {table} SET position = -position - 1 WHERE org_id = %s AND position > 0",
    "UPDATE {table} SET position = -position WHERE org_id = %s AND position < -1",
)
_MOVED = ("projection_skips",)
_FOLLOWING = (
    "UPDATE balance_progress SET position = position + 1 WHERE org_id = %s",
    "UPDATE past_row_progress SET position = position + 1 WHERE org_id = %s",
    "UPDATE webhook_cursors SET position = position + 1 WHERE org_id = %s",
    """UPDATE webhook_replays SET position = position + 1, after_position = after_position + 1,
        until_position = until_position + 1 WHERE org_id = %s""",
    "DELETE FROM chain_checks WHERE org_id = %s",
    "DELETE FROM log_tiles WHERE org_id = %s",
    "DELETE FROM log_tile_progress WHERE org_id = %s",
)
"""What follows the log by positions goes on where it was. What was computed from hashes is computed again."""
_LOCK_FOLLOWERS = "SELECT FROM {table} WHERE org_id = %s FOR UPDATE"
_FOLLOWERS = ("balance_progress", "past_row_progress", "log_tile_progress", "webhook_cursors")


class Rewritten(NamedTuple):
    """The end of the old log and of the new one, and SHA-256 of the copy of the old one."""

    old: Head
    new: Head
    copy_hash: str


def upgrade_log(
    conn: Connection[Row], org_id: str, signer: Signer, save_copy: SaveCopy, by: str, actor: Actor
) -> Rewritten:
    """Rewrite a log. The connection must be in a transaction; writers of the organization wait meanwhile.

    `by` is the name of the operator. Raises NotFound, PrivacyRefused, CopyRefused, TreeBehind and UnreadableEvent.
    """
    state = _lock(conn, org_id)
    copy_hash = save_copy([org_id])
    checkpoint = make_checkpoint(wire_of(conn), org_id, get_size(wire_of(conn), org_id), signer)
    erasures = Erasures.empty(erasures_id(org_id))
    first = list_page(conn, org_id, 0, 1)
    at = first[0].recorded_at if first else state.now
    erasures.upgrade(OldLog(state.position, state.chain_hash.hex(), checkpoint), by, instant(state.now), at)
    (event,) = events = list(erasures.collect_events())
    (stored,) = MAPPER.to_stored_events(events, PERSONAL_FORMAT, secrets.token_bytes)  # type: ignore[arg-type]
    record = RecordedEvent(
        1, event.originator_id, 1, stored.topic, 1, stored.state.decode(), _metadata(actor), at, stored.personal
    )
    new = _write(conn, org_id, record, at)
    conn.execute(REPLACE_HEAD, (PERSONAL_FORMAT, *new, at, org_id))
    row = ERASURES.fold_all(events)  # type: ignore[arg-type]
    assert row is not None
    for sql, values in ERASURES.statements(org_id, event.originator_id, row, is_new=True):
        conn.execute(sql, values)
    _move_followers(conn, org_id)
    return Rewritten(state.head, new, copy_hash)


def _lock(conn: Connection[Row], org_id: str) -> LogState:
    conn.execute(set_organization(org_id))
    state = lock_state(conn, org_id)
    if state.chain_format >= PERSONAL_FORMAT:
        raise PrivacyRefused(f"The log of {org_id} has format {state.chain_format} already: it can be erased as it is.")
    if is_distributed(conn):
        raise PrivacyRefused(ON_SEVERAL_MACHINES)
    if is_rebuilding(conn):
        raise PrivacyRefused("Projections are being rebuilt; rewrite the log when this has ended.")
    for table in _FOLLOWERS:
        conn.execute(_LOCK_FOLLOWERS.format(table=table), (org_id,))
    return state


def _write(conn: Connection[Row], org_id: str, first: RecordedEvent, at: datetime) -> Head:
    """Write the new log in place of the old one, and return its end."""
    chain, head = Chain(org_id, PERSONAL_FORMAT), Head(0, genesis(org_id))
    with LogReplacement(conn, org_id) as replacement:
        page, after = [first], 0
        while page:
            linked = []
            for record in page:
                head = Head(record.position, link(head.chain_hash, chain, record))
                linked.append(msgspec.structs.replace(record, chain_hash=head.chain_hash))
            replacement.add(linked)
            old = list_page(conn, org_id, after, PAGE_EVENTS)
            after = old[-1].position if old else after
            page = [_split(org_id, record) for record in old]
    return head


def _split(org_id: str, record: RecordedEvent) -> RecordedEvent:
    """Return the event as it stands in the new log, without its hash. Raises UnreadableEvent."""
    moved = msgspec.structs.replace(record, position=record.position + 1)
    try:
        (stored,) = MAPPER.to_stored_events([MAPPER.event(record)], PERSONAL_FORMAT, secrets.token_bytes)
        if stored.personal is None:
            return moved
        split = msgspec.structs.replace(moved, state=stored.state.decode(), personal=stored.personal)
        if _values(whole_state(split)) != _values(record.state):
            raise ValueError("it would not say the same in the second format")
    except Exception as error:
        raise UnreadableEvent(org_id, record, error) from error
    return split


def _values(state: str) -> Any:
    return msgspec.json.decode(state)


def _move_followers(conn: Connection[Row], org_id: str) -> None:
    for statement in _FOLLOWING:
        conn.execute(statement, (org_id,))
    for table in _MOVED:
        for statement in _MOVE:
            conn.execute(statement.format(table=table), (org_id,))


def _metadata(actor: Actor) -> str:
    request = f"cli_{secrets.token_hex(12)}"
    ids = {"requestId": request, "correlationId": request, "causationId": request}
    return msgspec.json.encode({"actor": actor, **ids}).decode()
