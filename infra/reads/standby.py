"""Queries that a standby of the database may execute.

Every caller is admitted on the primary. In the same trip, the primary says which position of the log the caller must
see at least. Then a standby executes the query if it has this position, otherwise the primary does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import psycopg

from api.ports.admission import Caller
from api.ports.deadline import deadline
from commands.unit_of_work import Unavailable
from infra.log.admission import SET_ORGANIZATION, PostgresAdmissionControl
from infra.log.heads import POSITION
from infra.postgres.outcome import Outcome
from infra.postgres.pool import Pool, borrow_wire
from infra.postgres.statements import Call, statement
from infra.reads.queries import Queries

T = TypeVar("T")
LOOK_SECONDS = 0.5
"""How long a standby may need for a query. Then the primary executes it."""
PAUSE_SECONDS = 1.0
"""How long a standby is not asked after it could not be reached or did not respond in time."""

_MAX_REQUESTS = 64
_SELECT_POSITION = statement(f"SELECT {POSITION}", str)
_SELECT_WRITTEN = statement(
    f"""
SELECT CASE WHEN coalesce(bool_or(method <> 'GET'), false) OR count(*) = {_MAX_REQUESTS} THEN {POSITION} ELSE 0 END
FROM (
    SELECT c.method FROM credit_list c
    WHERE c.org_id = $1 AND c.key_id = $2 AND c.at > now() - interval '7 seconds'
    ORDER BY c.at DESC, c.seq DESC LIMIT {_MAX_REQUESTS}
) last
""",
    str,
    str,
)
"""The position up to which a key may have written: that of the log if it has sent a write within 7 seconds, else 0.

The API promises that a key reads its own writes for 5 seconds; a write is stored within 2 seconds of its admission. A
key with _MAX_REQUESTS in this time counts as if one of them was a write, so that the query reads a bounded number.
"""


class Standby:
    """Asks a standby through a pool of connections to it. A standby that is away costs one attempt a second."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._asked_from = pool, 0.0

    def answers(
        self, org_id: str, position: int, calls: Sequence[Call], read: Callable[[Outcome], T]
    ) -> tuple[T] | tuple[()]:
        """Return `read(outcome)` of the calls in a tuple; an empty one if the standby lacks the position or is away."""
        if time.monotonic() < self._asked_from:
            return ()
        try:
            return self._ask(org_id, position, calls, read)
        except Unavailable:
            self._asked_from = time.monotonic() + PAUSE_SECONDS
        except psycopg.Error as error:  # the primary decides whether the query has a fault
            self._pool.failures.report(error)
        return ()

    def _ask(
        self, org_id: str, position: int, calls: Sequence[Call], read: Callable[[Outcome], T]
    ) -> tuple[T] | tuple[()]:
        """Read the position first, in a transaction of its own: then the query sees at least what it stands for."""
        until = min(deadline(), time.monotonic() + LOOK_SECONDS)
        look = (SET_ORGANIZATION.call(org_id), _SELECT_POSITION.call(org_id))
        with borrow_wire(self._pool) as wire:
            reached, outcome = wire.send(until, look, calls)
            (shown,) = reached.rows()[0]
            return (read(outcome),) if shown is not None and shown >= position else ()


class StandbyQueries(Queries):
    """Executes queries of callers on a standby where it may answer, otherwise on the primary."""

    def __init__(self, pool: Pool, admission_control: PostgresAdmissionControl, standby: Standby) -> None:
        super().__init__(pool, admission_control)
        self._standby = standby

    def run(
        self,
        caller: Caller,
        calls: Sequence[Call],
        read: Callable[[Outcome], T],
        is_certain: Callable[[T], object] = bool,
    ) -> T:
        if caller.least_position is not None:
            position = max(caller.least_position, self._admit(caller))
            for answer in self._standby.answers(caller.owner.org_id, position, calls, read):
                if is_certain(answer):
                    return answer
        return super().run(caller, calls, read, is_certain)

    def _admit(self, caller: Caller) -> int:
        """Admit the caller if needed, and return the position up to which its key may have written."""
        org_id, key_id, _ = caller.owner
        calls = (SET_ORGANIZATION.call(org_id), _SELECT_WRITTEN.call(org_id, key_id))
        (position,) = super().run(caller, calls, Outcome.rows)[0]
        return int(position)
