"""What a sender does in the database, one round after the other: record results, search the logs, claim deliveries."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from psycopg import Connection

from commands.accounts.webhook import DisableWebhook, PauseWebhook
from commands.command import Actor, Command, Context
from domain.errors import NotFound
from domain.webhook import FAILING, GONE, SECRET_UNREADABLE
from infra.log.command_bus import execute_on
from infra.postgres.database import Row
from infra.postgres.failures import ends_all_work
from infra.postgres.readiness.secret_keys import OTHER_KEY, SecretKeyCheck
from infra.settings.secret_box import SecretBox
from infra.webhooks.delivery import Delivery, Unsendable, prepare
from infra.webhooks.queue.attempt import Attempt
from infra.webhooks.queue.claim_limits import Room
from infra.webhooks.queue.claim_statement import TEST
from infra.webhooks.queue.claims import Claim, claim, group_by_organization
from infra.webhooks.queue.results import Result, record_results
from infra.webhooks.queue.schedule import DISABLED_AFTER
from infra.webhooks.queue.search import find_deliveries

logger = logging.getLogger("smartdhandha.webhooks")

POLL_SECONDS = 0.2
"""Seconds between two searches of the logs, idle or under load; each search looks at all webhooks. In the median, a
delivery starts half of this time after its event."""
OnAttempt = Callable[[Claim, datetime, Attempt], None]
"""A function that is called with each attempt and the time when it began, such as one that counts it."""
EVENT_UNREADABLE = "the event cannot be read; see the log of the service"
UNSIGNED = "the secret cannot be read: it was encrypted with another key"


class Rounds:
    """Does the rounds of one sender. `on_attempt` is called after each attempt was recorded."""

    def __init__(self, box: SecretBox, on_attempt: OnAttempt) -> None:
        self._box, self._on_attempt = box, on_attempt
        self._keys, self._had_keys = SecretKeyCheck(box.keys), True
        self._results: list[Result] = []
        self._next_search = 0.0  # of time.monotonic()

    def add(self, result: Result) -> None:
        """Add a result, which the next round records. This method can be called while a round is done."""
        self._results.append(result)

    def next(self, conn: Connection[Row], room: Room) -> list[Delivery]:
        """Record the results so far, search the logs if it is time, and return deliveries to send, if there is room.

        Nothing is sent while another process has other keys: one of the two would pause webhooks that the other serves.
        """
        self.record(conn)
        if not self._may_send(conn):
            return []
        if time.monotonic() >= self._next_search:
            self._next_search = time.monotonic() + POLL_SECONDS
            find_deliveries(conn)
        claimed_at = time.monotonic()
        ready = []
        for org_id, group in group_by_organization(claim(conn, room)).items():
            for each in prepare(conn, org_id, group, claimed_at, self._box):
                if isinstance(each, Delivery):
                    ready.append(each)
                else:
                    self._give_up(conn, each)
        return ready

    def record(self, conn: Connection[Row]) -> None:
        """Store the results so far. Disable webhooks whose receiver says it is gone, or has failed for too long."""
        results = list(self._results)
        if not results:
            return
        failing = record_results(conn, results, DISABLED_AFTER)
        for org_id, id in _gone(results):
            _execute(conn, org_id, DisableWebhook(id=id, reason=GONE))
        for org_id, id in failing:
            _execute(conn, org_id, DisableWebhook(id=id, reason=FAILING))
        del self._results[: len(results)]
        for each in results:
            if each.attempt is not None:
                _log(each.claim, each.attempt)
                self._on_attempt(each.claim, each.at, each.attempt)

    def _may_send(self, conn: Connection[Row]) -> bool:
        has_keys = self._keys.succeeds(conn)
        if has_keys != self._had_keys:
            self._had_keys = has_keys
            logger.warning("the sender delivers again" if has_keys else f"the sender delivers nothing: {OTHER_KEY}")
        return has_keys

    def _give_up(self, conn: Connection[Row], unsendable: Unsendable) -> None:
        """Pause a webhook whose secret is unreadable. Record a failed attempt of a test, and of an unreadable event."""
        claimed = unsendable.claim
        attempt = None
        if not unsendable.is_secret or claimed.origin == TEST:
            attempt = Attempt(duration_ms=0, error=UNSIGNED if unsendable.is_secret else EVENT_UNREADABLE)
        else:
            _execute(conn, claimed.org_id, PauseWebhook(id=claimed.webhook_id, reason=SECRET_UNREADABLE))
        self.add(Result(claimed, claimed.claimed_at, attempt))


def _gone(results: Sequence[Result]) -> set[tuple[str, str]]:
    return {
        (each.claim.org_id, each.claim.webhook_id)
        for each in results
        if each.attempt is not None and each.attempt.is_gone and each.claim.counts
    }


def _execute(conn: Connection[Row], org_id: str, command: Command) -> None:
    """Execute the command. If it fails, log the error: the sender goes on with the webhooks of the others."""
    request = f"sender_{secrets.token_hex(12)}"
    context = Context(org_id=org_id, actor=Actor("worker", "smartdhandha"), request_id=request)
    try:
        execute_on(conn, command, context)
    except NotFound:
        pass  # the webhook was deleted meanwhile
    except Exception as fault:
        if ends_all_work(conn, fault):
            raise
        logger.exception("%s of %s could not be changed", command.aggregate_id(), org_id)


def _log(claimed: Claim, attempt: Attempt) -> None:
    facts = {
        "org": claimed.org_id,
        "webhook": claimed.webhook_id,
        "event": claimed.event_id,
        "type": claimed.type,
        "origin": claimed.origin,
        "attempt": claimed.attempts + 1,
        "status": attempt.status,
        "durationMs": attempt.duration_ms,
        "error": attempt.error,
    }
    logger.info("delivery", extra={"facts": facts})
