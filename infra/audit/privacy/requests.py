"""What the console asks: what is held about a person, and that it is erased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.rows import args_row, scalar_row

from api.ports.organization.privacy import (
    FIRST_OBJECTS,
    ErasingWorker,
    ErasureRequest,
    ErasureResult,
    HeldGroup,
    HeldObject,
    Holdings,
    PersonQuery,
    Requests,
    TooManyRequests,
)
from api.ports.users import Client
from api.ports.users.factors import NotProved
from domain.privacy.retention import Choice
from infra.audit.privacy.holdings import Held, get_choice
from infra.audit.privacy.persons import get_state
from infra.audit.privacy.preview import preview
from infra.audit.privacy.search import Person
from infra.identity.sessions import digest
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.log.security_events import write_lines
from infra.postgres.database import Row, set_organization
from infra.postgres.pool import Pool, borrow_connection, borrow_for_long_read

SHOWN = 20
"""How many requests the page shows."""
_ASK = "SELECT problem, events FROM ask_for_erasure(%s, %s, %s, %s, %s, %s, %s)"
_CANCEL = "SELECT cancel_erasure(%s)"
_SELECT = """
SELECT request_id, user_id, subject_kind, subject, state, failure, asked_at, ended_at, result FROM erasure_request_list
WHERE org_id = %s ORDER BY asked_at DESC, request_id LIMIT %s
"""
_SELECT_WORKER = "SELECT ran_at, coalesce(has_failed, false), coalesce(is_late, false) FROM erasing_worker()"
_SELECT_RECORD = "SELECT record FROM erasure_request_list WHERE org_id = %s AND request_id = %s"
_result = msgspec.json.Decoder(ErasureResult).decode


class PostgresPrivacy:
    """Implements the port Privacy with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def get_choice(self, org_id: str) -> Choice:
        with self._transaction(org_id) as conn:
            return get_choice(conn, org_id)

    def look_up(self, org_id: str, subject: PersonQuery) -> Holdings:
        with borrow_for_long_read(self._pool, org_id) as conn, conn.transaction():
            state = get_state(conn, org_id)
            held, more = preview(conn, Person(org_id, *subject), state)
            return Holdings(group(held), more, state.chain_format >= PERSONAL_FORMAT)

    def ask(self, org_id: str, token: str, id: str, subject: PersonQuery, client: Client) -> None:
        values = (digest(token), id, *subject, client.address, client.request_id)
        with self._transaction(org_id) as conn:
            ((problem, events),) = conn.execute(_ASK, values).fetchall()
        if problem in ("unproved", "forbidden"):
            raise NotProved
        if problem == "many":
            raise TooManyRequests
        write_lines(*events or ())

    def list_requests(self, org_id: str) -> Requests:
        with self._transaction(org_id) as conn:
            found = conn.execute(_SELECT, (org_id, SHOWN)).fetchall()
            worker = conn.cursor(row_factory=args_row(ErasingWorker)).execute(_SELECT_WORKER).fetchall()
        return Requests([_request(*row) for row in found], worker[0])

    def cancel(self, org_id: str, id: str) -> bool:
        with self._transaction(org_id) as conn:
            return conn.execute(_CANCEL, (id,)).fetchone() == (True,)

    def get_record(self, org_id: str, id: str) -> bytes | None:
        with self._transaction(org_id) as conn:
            record: bytes | None = conn.cursor(row_factory=scalar_row).execute(_SELECT_RECORD, (org_id, id)).fetchone()
        return record

    @contextmanager
    def _transaction(self, org_id: str) -> Iterator[Connection[Row]]:
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            yield conn


def group(held: Iterable[Held]) -> list[HeldGroup]:
    """Return the objects in groups of which the same is to be said: those that stay first, by their days."""
    groups: dict[tuple[Any, ...], list[Held]] = {}
    for each in held:
        groups.setdefault((each.goes, each.until, each.found.kind, each.why), []).append(each)
    ordered = sorted(groups.items(), key=lambda item: (item[0][0], str(item[0][1] or ""), *item[0][2:]))
    return [_group(every) for _, every in ordered]


def _group(every: Sequence[Held]) -> HeldGroup:
    kind, first = every[0].found.kind, sorted(every, key=lambda each: each.found.id)[:FIRST_OBJECTS]
    shown = [HeldObject(each.found.id, each.found.number or "") for each in first]
    erased = sum(each.found.erased > 0 and not each.found.positions for each in every)
    return HeldGroup(kind, every[0].goes, every[0].until, every[0].why, len(every), erased, shown)


def _request(*values: Any) -> ErasureRequest:
    facts = [*values[:-1], None if values[-1] is None else _result(values[-1])]
    return ErasureRequest(*facts)
