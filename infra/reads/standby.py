"""Queries that a standby of the database may execute.

Every caller is admitted on the primary. In the same trip, the primary says which position of the log the caller must
see at least. Then a standby executes the query if it has this position, otherwise the primary does.

Test logs are read on the primary: they can be emptied, and their positions begin again. So a standby that still has the
old log would seem to be far enough.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

import psycopg

from api.ports.admission import Caller
from api.ports.request.deadline import deadline
from commands.unit_of_work import Unavailable
from domain.accounts.mode import is_live
from infra.log.admission import SET_ORGANIZATION, PostgresAdmissionControl
from infra.log.heads import POSITION
from infra.postgres.outcome import Outcome
from infra.postgres.pool import Pool, borrow_wire
from infra.postgres.statements import Call, statement
from infra.postgres.wire import Wire
from infra.reads.queries import Queries
from infra.reads.servers import START, Database, Servers
from infra.telemetry.standby_outcomes import ANSWERED, AWAY, BEHIND, FAILED, NO_STANDBY, OTHER_DATABASE, UNCERTAIN

logger = logging.getLogger("smartdhandha.database")

T = TypeVar("T")
LOOK_SECONDS = 0.5
"""How long a standby may need for a query. Then the primary executes it."""
PAUSE_SECONDS = 1.0
"""How long a standby is not asked after it could not be reached or did not respond in time."""

_MAX_REQUESTS = 64
_LOOK = statement(f"SELECT {POSITION}, pg_is_in_recovery(), {START}", str)
_SELECT_WRITTEN = statement(
    f"""
SELECT CASE WHEN coalesce(bool_or(method <> 'GET'), false) OR count(*) = {_MAX_REQUESTS} THEN {POSITION} ELSE 0 END,
       {START}
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
_SAID = {
    NO_STANDBY: "the server at SMARTDHANDHA_READ_URL is not a standby, perhaps not any longer: the primary answers",
    OTHER_DATABASE: "the standby at SMARTDHANDHA_READ_URL has another database than the primary, which answers",
}
"""What the program log says about outcomes that do not end by themselves."""


class Unused(Exception):
    """The standby does not answer. `outcome` says why."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Needed(NamedTuple):
    """What a standby must have for a query: the organization's log up to a position, of the primary's database."""

    org_id: str
    position: int
    database: Database | None


class Standby:
    """Asks a standby through a pool of connections to it. A standby that is away costs one attempt a second."""

    def __init__(self, pool: Pool, servers: Servers) -> None:
        self._pool, self._servers, self._asked_from = pool, servers, 0.0

    def ask(self, needed: Needed, calls: Sequence[Call], read: Callable[[Outcome], T]) -> T:
        """Return `read(outcome)` of the calls. Raises Unused."""
        if time.monotonic() < self._asked_from:
            raise Unused(AWAY)
        try:
            return self._ask(needed, calls, read)
        except Unavailable:
            self._asked_from = time.monotonic() + PAUSE_SECONDS
            raise Unused(AWAY) from None
        except psycopg.Error as error:  # the primary decides whether the query has a fault
            self._pool.failures.report(error)
            raise Unused(FAILED) from None

    def _ask(self, needed: Needed, calls: Sequence[Call], read: Callable[[Outcome], T]) -> T:
        """Read the position first, in a transaction of its own: then the query sees at least what it stands for."""
        until = min(deadline(), time.monotonic() + LOOK_SECONDS)
        look = (SET_ORGANIZATION.call(needed.org_id), _LOOK.call(needed.org_id))
        with borrow_wire(self._pool) as wire:
            looked, outcome = wire.send(until, look, calls)
            self._check(needed, wire, until, *looked.rows()[0])
            return read(outcome)

    def _check(
        self, needed: Needed, wire: Wire, until: float, shown: int | None, is_standby: bool, start: datetime
    ) -> None:
        """Raise Unused unless the server is a standby of the right database and has the position."""
        if not is_standby:
            raise Unused(NO_STANDBY)
        database = self._servers.known(start) or self._servers.ask(start, wire, until)
        if database is None or database != needed.database:
            raise Unused(OTHER_DATABASE)
        if shown is None or shown < needed.position:
            raise Unused(BEHIND)


class StandbyQueries(Queries):
    """Executes queries of callers on a standby where it may answer, otherwise on the primary.

    `on_outcome` is called with what came of each query that a standby could have answered, one of OUTCOMES.
    """

    def __init__(
        self,
        pool: Pool,
        admission_control: PostgresAdmissionControl,
        standby: Pool,
        on_outcome: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__(pool, admission_control)
        self._servers, self._on_outcome, self._said = Servers(), on_outcome, ""
        self._standby = Standby(standby, self._servers)

    def run(
        self,
        caller: Caller,
        calls: Sequence[Call],
        read: Callable[[Outcome], T],
        is_certain: Callable[[T], object] = bool,
        *,
        admits_last: bool = False,
    ) -> T:
        if caller.least_position is None or not is_live(caller.owner.org_id):
            return super().run(caller, calls, read, is_certain, admits_last=admits_last)
        needed, outcome = self._admit(caller), UNCERTAIN
        try:
            answer = self._standby.ask(needed, calls, read)
            if is_certain(answer):
                self._report(ANSWERED)
                return answer
        except Unused as unused:
            outcome = unused.outcome
        self._report(outcome)
        return super().run(caller, calls, read, is_certain, admits_last=admits_last)

    def _admit(self, caller: Caller) -> Needed:
        """Admit the caller if needed. Return what a standby needs: also the position that its key may have written."""
        org_id, key_id, _ = caller.owner
        calls = (SET_ORGANIZATION.call(org_id), _SELECT_WRITTEN.call(org_id, key_id))
        written, start = super().run(caller, calls, Outcome.rows)[0]
        least = max(caller.least_position or 0, int(written))
        return Needed(org_id, least, self._primary_database(start))

    def _primary_database(self, start: datetime) -> Database | None:
        if known := self._servers.known(start):
            return known
        with borrow_wire(self._pool) as wire:
            return self._servers.ask(start, wire, deadline())

    def _report(self, outcome: str) -> None:
        """Count the outcome. Log one that does not end by itself, when it begins."""
        self._on_outcome(outcome)
        said = _SAID.get(outcome, "")
        if said and said != self._said:
            logger.warning("%s", said)
        if said or outcome == ANSWERED:
            self._said = said
