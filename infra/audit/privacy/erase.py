"""Erases what an organization need not keep about a person, in one transaction: wholly, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection

from commands.command import Actor
from domain.privacy.erasures import Erasures, SubjectKind, erasures_id
from infra.audit.privacy.copies import (
    delete_files,
    delete_pdfs,
    delete_views,
    fold_again,
    forget_responses_of_receivers,
)
from infra.audit.privacy.holdings import Decision, Held, day_of_leaving, get_choice
from infra.audit.privacy.refusals import BeingRebuilt, OldFormat
from infra.audit.privacy.search import Person, SearchResult
from infra.audit.privacy.traces import Traces
from infra.log.heads import LogState, lock_state
from infra.log.mapper import MAPPER
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.log.reading.erasures import delete_values
from infra.log.reading.histories import select_history
from infra.log.recorder import OrganizationRecorder
from infra.log.records import Head
from infra.postgres.database import Row, set_organization
from infra.projector.tables.lock import is_rebuilding
from projections.accounts.erasures import ERASURES


class Erasure(NamedTuple):
    """What is to be erased: objects by their kinds, the positions of their events, and the traces of the person."""

    subject_kind: SubjectKind
    objects: Mapping[str, Sequence[str]]
    positions: Sequence[int]
    traces: Traces


class Erased(NamedTuple):
    """What was erased."""

    position: int
    """Of the event that records the erasure."""
    events: int
    """How many events have lost their personal values."""
    copies: dict[str, int]
    """How many rows of other tables were deleted or emptied, by what they are."""


def lock_log(conn: Connection[Row], org_id: str) -> LogState:
    """Lock the log of an organization until the transaction ends. Raises NotFound, BeingRebuilt and OldFormat."""
    conn.execute(set_organization(org_id))
    state = lock_state(conn, org_id)
    if is_rebuilding(conn):
        raise BeingRebuilt("Projections are being rebuilt; erase when this has ended.")
    check_format(org_id, state)
    return state


def check_format(org_id: str, state: LogState) -> None:
    """Check that personal values of this log can be erased. Raises OldFormat."""
    if state.chain_format < PERSONAL_FORMAT:
        raise OldFormat(
            f"The log of {org_id} has format {state.chain_format}: names stand in its events, and the hash chain "
            "covers them, so that none can be deleted without breaking the chain. Rewrite it first: "
            f"smartdhandha privacy upgrade --org {org_id}"
        )


def decide(conn: Connection[Row], found: SearchResult, state: LogState, person: Person) -> list[Held]:
    """Return what is held about a person, and what happens to it when the person is erased now."""
    org_id = person.org_id
    every = found.every()
    decision = Decision(
        org_id, state.zones.day_at(state.now), get_choice(conn, org_id), person.left or day_of_leaving(every)
    )
    return decision.held(every)


def erasure_of(subject_kind: SubjectKind, held: Sequence[Held]) -> Erasure:
    """Return the erasure of everything that goes."""
    going = [each.found for each in held if each.goes and each.found.positions]
    objects: dict[str, list[str]] = {}
    for found in going:
        objects.setdefault(found.kind, []).append(found.id)
    positions = sorted({position for found in going for position in found.positions})
    return Erasure(subject_kind, objects, positions, Traces.union(found.traces for found in going))


def erase(conn: Connection[Row], org_id: str, erasure: Erasure, state: LogState, actor: Actor) -> Erased:
    """Delete values and all their copies, and record it in the log, which `lock_log` has locked."""
    events = delete_values(conn, org_id, erasure.positions)
    head = _record(conn, org_id, state, actor, erasure)
    fold_again(conn, org_id, erasure.objects, state.position)
    copies = {
        "answers of receivers": forget_responses_of_receivers(conn, org_id, erasure.positions),
        "files of lists": delete_files(conn, org_id, erasure.objects, erasure.traces),
        "PDFs": delete_pdfs(conn, org_id, [id for ids in erasure.objects.values() for id in ids]),
        "saved views": delete_views(conn, org_id, erasure.traces),
    }
    return Erased(head.position, events, copies)


def facts_of(subject_kind: SubjectKind, erased: Erased, *, again: bool = False) -> dict[str, Any]:
    """Return what a security event says of an erasure: nothing about the person."""
    return {"subjectKind": subject_kind, "position": erased.position, "events": erased.events, "again": again}


def _record(conn: Connection[Row], org_id: str, state: LogState, actor: Actor, erasure: Erasure) -> Head:
    """Append the event that says what was erased, and write its row. Return the head after it."""
    id = erasures_id(org_id)
    history = [MAPPER.event(record) for record in select_history(conn, org_id, id).fetchall()]
    at = history[-1].timestamp if history else state.now
    erasures = Erasures.restored(
        id, len(history), at, {"times": sum(isinstance(event, Erasures.Erased) for event in history)}
    )
    objects = sum(map(len, erasure.objects.values()))
    erasures.erase(erasure.subject_kind, objects, erasure.positions, state.now)
    events = list(erasures.collect_events())
    recorder = OrganizationRecorder(conn, org_id)
    recorder.insert_events(
        MAPPER.to_stored_events(events, state.chain_format, secrets.token_bytes),  # type: ignore[arg-type]
        head=state.head,
        chain_format=state.chain_format,
        metadata=_metadata(actor),
        at=state.now,
    )
    row = ERASURES.fold_all([*history, *events])  # type: ignore[list-item]
    assert row is not None and recorder.head is not None
    for sql, values in ERASURES.statements(org_id, id, row, is_new=not history):
        conn.execute(sql, values)
    return recorder.head


def _metadata(actor: Actor) -> str:
    request = f"cli_{secrets.token_hex(12)}"
    ids = {"requestId": request, "correlationId": request, "causationId": request}
    return msgspec.json.encode({"actor": actor, **ids}).decode()
