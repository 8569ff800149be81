"""The task that erases persons, as owners and admins have asked for it in the console.

The worker connects as the owner of the tables, who alone may change events.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import NamedTuple

import msgspec
import psycopg
from psycopg import Connection
from psycopg.rows import args_row

from api.ports.organization.privacy import (
    BROKEN,
    EXPIRED,
    GIVEN_UP,
    MAX_ATTEMPTS,
    MAX_HOURS,
    NO_LONGER_ALLOWED,
    NO_RIGHTS,
    OLD_FORMAT,
    ErasureResult,
    Stay,
)
from commands.command import Actor
from domain.accounts.security_event import SecurityEventKind
from domain.accounts.user import MANAGER_ROLES
from domain.privacy.erasures import SubjectKind
from domain.privacy.retention import PROCESSING, RULES
from infra.audit.privacy.erase import facts_of
from infra.audit.privacy.persons import Outcome, erase_found, find
from infra.audit.privacy.refusals import BeingRebuilt, OldFormat
from infra.audit.privacy.requests import group
from infra.audit.privacy.search import Person
from infra.log.security_events import RECORD, write_lines
from infra.postgres.database import Row
from infra.worker.batches import delete_batches
from infra.worker.task import TaskFailed

logger = logging.getLogger("smartdhandha.worker")

TASK = "erase_persons"
"""The name of the task. The SQL function `erasing_worker` knows it, too."""
KEPT = timedelta(days=366 * RULES[PROCESSING].years)
"""How long what came of a request is kept."""
_SELECT_WAITING = f"""
SELECT r.org_id, r.request_id, r.user_id, r.address, r.web_request, r.subject_kind, r.subject, r.left_on, (
    SELECT m.role FROM organizations o JOIN all_members m ON m.org_id = coalesce(o.live_organization, o.org_id)
    WHERE o.org_id = r.org_id AND m.user_id = r.user_id AND m.status = 'active'
), r.asked_at < clock_timestamp() - interval '{MAX_HOURS} hours', r.attempts
FROM erasure_requests r WHERE r.state = 'waiting' ORDER BY r.attempts, r.asked_at, r.request_id
"""
_COUNT_ATTEMPT = """
UPDATE erasure_requests SET attempts = attempts + %s WHERE org_id = %s AND request_id = %s AND state = 'waiting'
"""
_LOCK = "SELECT FROM erasure_requests WHERE org_id = %s AND request_id = %s AND state = 'waiting' FOR UPDATE"
_END = """
UPDATE erasure_requests SET state = %s, failure = %s, result = %s, record = %s, subject = NULL, left_on = NULL,
    ended_at = clock_timestamp() WHERE org_id = %s AND request_id = %s AND state = 'waiting'
"""
_DELETE_OLD = """
DELETE FROM erasure_requests WHERE (org_id, request_id) IN (
    SELECT org_id, request_id FROM erasure_requests WHERE ended_at < now() - %s::interval LIMIT %s
)
"""


class WaitingRequest(NamedTuple):
    """A request that waits."""

    org_id: str
    id: str
    user_id: str
    address: str | None
    web_request: str
    kind: SubjectKind
    subject: str
    left: date | None
    role: str | None
    """The role of the user who has asked; None if the user does not belong to the organization any more."""
    is_too_old: bool
    attempts: int
    """How often the worker has begun to carry it out before."""

    @property
    def person(self) -> Person:
        """The person who is to be erased."""
        return Person(self.org_id, self.kind, self.subject, self.left)

    def count_attempt(self, conn: Connection[Row], times: int = 1) -> None:
        """Store that it is being carried out: a request that ends the worker is known by it afterwards."""
        conn.execute(_COUNT_ATTEMPT, (times, self.org_id, self.id))

    def fail(self, conn: Connection[Row], failure: str) -> None:
        """Store that nothing was erased, and why. The id of the person is forgotten."""
        conn.execute(_END, ("failed", failure, None, None, self.org_id, self.id))


def erase_persons(conn: Connection[Row]) -> int:
    """Erase the persons whose requests wait, each in a transaction of its own. Return how many were erased.

    A request that fails stops no other one, and those that were tried before come last: one that ends the worker does
    so MAX_ATTEMPTS times. Raises TaskFailed at the end.
    """
    done, failed = 0, 0
    for request in conn.cursor(row_factory=args_row(WaitingRequest)).execute(_SELECT_WAITING).fetchall():
        try:
            done += _carry_out(conn, request)
        except psycopg.errors.InsufficientPrivilege as refused:
            request.fail(conn, NO_RIGHTS)
            raise TaskFailed(f"the log-in of this worker does not own the tables: {refused}", done) from refused
        except Exception as error:
            if conn.closed:
                raise
            failed += _settle(conn, request, error)
    if failed:
        raise TaskFailed(f"requests to erase a person that have failed: {failed}; see the log", done)
    return done


def forget_erasure_requests(conn: Connection[Row]) -> int:
    """Delete the requests that have ended longer ago than KEPT. Return how many were deleted."""
    return delete_batches(conn, _DELETE_OLD, KEPT)


def _settle(conn: Connection[Row], request: WaitingRequest, error: Exception) -> bool:
    """Store what comes of a request that was not carried out. Return whether it is a failure of the task."""
    if isinstance(error, BeingRebuilt | psycopg.errors.LockNotAvailable):
        request.count_attempt(conn, -1)  # the next round tries it again
        return False
    if isinstance(error, OldFormat):
        request.fail(conn, OLD_FORMAT)
        return False
    logger.error("the request %s of %s to erase a person has failed", request.id, request.org_id, exc_info=error)
    if not isinstance(error, psycopg.OperationalError):
        request.fail(conn, BROKEN)
    elif request.attempts + 1 >= MAX_ATTEMPTS:  # for example, a statement takes too long
        request.fail(conn, GIVEN_UP)
    return True


def _carry_out(conn: Connection[Row], request: WaitingRequest) -> int:
    if request.role not in MANAGER_ROLES:
        request.fail(conn, NO_LONGER_ALLOWED)
        return 0
    if request.is_too_old:
        request.fail(conn, EXPIRED)
        return 0
    if request.attempts >= MAX_ATTEMPTS:
        request.fail(conn, GIVEN_UP)
        return 0
    request.count_attempt(conn)
    found, events = find(conn, request.person), list[bytes]()
    with conn.transaction():
        if conn.execute(_LOCK, (request.org_id, request.id)).fetchone() is None:
            return 0  # it was taken back meanwhile
        outcome = erase_found(conn, request.person, found, Actor("user", request.user_id))
        _end(conn, request, outcome)
        if outcome.erased is not None:
            facts = msgspec.json.encode(facts_of(request.kind, outcome.erased)).decode()
            who = (request.org_id, "user", request.user_id, request.id, request.address, request.web_request)
            events += [event for (event,) in conn.execute(RECORD, (SecurityEventKind.PERSON_ERASED, *who, facts))]
    write_lines(*events)
    return 1


def _end(conn: Connection[Row], request: WaitingRequest, outcome: Outcome) -> None:
    erased, record = outcome.erased, outcome.record
    stays = [Stay(each.kind, each.why, each.until, each.objects) for each in group(outcome.held) if not each.goes]
    result = ErasureResult(
        0 if record is None else sum(map(len, record.objects.values())),
        0 if erased is None else erased.events,
        None if erased is None else erased.position,
        stays,
    )
    kept = None if record is None else msgspec.json.encode(record).decode()
    values = ("done", None, msgspec.json.encode(result).decode(), kept)
    conn.execute(_END, (*values, request.org_id, request.id))
