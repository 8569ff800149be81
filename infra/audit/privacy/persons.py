"""Erases a person: finds the objects first, then locks the log, looks on, decides and erases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from psycopg import Connection

from commands.command import Actor
from domain.errors import NotFound
from infra.audit.privacy.erase import Erased, check_format, decide, erase, erasure_of, lock_log
from infra.audit.privacy.holdings import Held
from infra.audit.privacy.records import ErasureRecord, record_of
from infra.audit.privacy.search import Person, SearchResult, search, search_on
from infra.log.heads import LogState, select_state
from infra.postgres.database import Row, set_organization


class Outcome(NamedTuple):
    """What came of an erasure."""

    held: Sequence[Held]
    """What was held before, with what had to stay."""
    erased: Erased | None
    """None if nothing could go."""
    record: ErasureRecord | None
    """What `privacy reapply` needs to erase again; None if nothing was erased."""


def find_held(conn: Connection[Row], person: Person) -> list[Held]:
    """Return what is held about a person, and what happens to it when the person is erased now. Raises NotFound."""
    with conn.transaction():
        state = get_state(conn, person.org_id)
        return decide(conn, search(conn, person, state.head), state, person)


def find(conn: Connection[Row], person: Person) -> SearchResult:
    """Return the objects of a person. The log is not locked meanwhile. Raises NotFound and OldFormat."""
    with conn.transaction():
        state = get_state(conn, person.org_id)
        check_format(person.org_id, state)
        return search(conn, person, state.head)


def erase_found(conn: Connection[Row], person: Person, found: SearchResult, actor: Actor) -> Outcome:
    """Erase a person whose objects were found before. Call it in a transaction.

    What was appended since is looked at with the lock. Raises NotFound, BeingRebuilt and OldFormat.
    """
    state = lock_log(conn, person.org_id)
    held = decide(conn, search_on(conn, person, state.head, found), state, person)
    erasure = erasure_of(person.kind, held)
    if not erasure.positions:
        return Outcome(held, None, None)
    record = record_of(conn, person.org_id, erasure)
    return Outcome(held, erase(conn, person.org_id, erasure, state, actor), record)


def get_state(conn: Connection[Row], org_id: str) -> LogState:
    """Return the state of a log, in a transaction of its organization. Raises NotFound."""
    conn.execute(set_organization(org_id))
    state = select_state(conn, org_id).fetchone()
    if state is None:
        raise NotFound("organization", org_id)
    return state
