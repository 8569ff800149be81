"""The sender: finds new deliveries in the logs, posts those that are due, and records what came of each attempt.

The queries run one after the other on a thread of their own, and the posts run side by side in an event loop.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple, TypeVar

import psycopg
from psycopg import Connection

from commands.command import Actor, Command, Context
from commands.webhook import DisableWebhook, PauseWebhook
from domain.calendar import instant
from domain.errors import NotFound
from domain.webhook import FAILING, GONE, SECRET_UNREADABLE
from infra.log.command_bus import execute_on
from infra.postgres.database import DatabaseUnreachable, Row, connect_as_table_owner
from infra.postgres.failures import FailureLog, first_error
from infra.webhooks.claims import LEASE, Claim, claim, group_by_organization, record_attempt
from infra.webhooks.client import TIMEOUT_SECONDS, Attempt, WebhookClient
from infra.webhooks.delivery import Delivery, Unsendable, prepare
from infra.webhooks.schedule import DISABLED_AFTER
from infra.webhooks.search import find_deliveries
from infra.webhooks.secrets import SecretBox

T = TypeVar("T")
logger = logging.getLogger("smartdhandha.webhooks")

MAX_IN_FLIGHT = 100
MAX_POSTS_PER_HOST = 4
POLL_SECONDS = 0.2
"""How often the logs are searched. A delivery starts half of this time after its event, in the median."""
STOP_SECONDS = 2.0
"""How long a stop waits for receivers. A post that is given up is sent again after its claim, with the same id."""
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_MAX_WAIT_SECONDS = LEASE.total_seconds() - TIMEOUT_SECONDS - 1
"""How long a claimed delivery can wait for its turn. After that, its attempt could outlast the claim."""

OnAttempt = Callable[[Claim, datetime, Attempt], None]
"""A function that is called with each attempt and the time when it began, such as one that counts it."""


class _Result(NamedTuple):
    claim: Claim
    at: datetime
    attempt: Attempt


class Sender:
    """Delivers events until `stop` is called. Several senders, also on several machines, share the work.

    `on_attempt` is called after each attempt.
    """

    def __init__(
        self, conninfo: str, client: WebhookClient, box: SecretBox, on_attempt: OnAttempt = lambda *_: None
    ) -> None:
        self._conninfo, self._client, self._box, self._on_attempt = conninfo, client, box, on_attempt
        self._is_stopped = False
        self._queries = ThreadPoolExecutor(1, "queries")
        self._failures = FailureLog("the sender of webhooks")
        self._turns: dict[str, asyncio.Semaphore] = {}
        self._busy: Counter[str] = Counter()
        self._posts: set[asyncio.Task[None]] = set()
        self._results: list[_Result] = []

    def stop(self) -> None:
        """Let `run` return within a few seconds. This method can be called in a signal handler."""
        self._is_stopped = True

    async def run(self) -> None:
        """Deliver until `stop` is called. When the connection to the database is lost, connect again."""
        while not self._is_stopped:
            try:
                with await self._query(connect_as_table_owner, self._conninfo) as conn:
                    await self._deliver(conn)
            except (DatabaseUnreachable, psycopg.Error) as error:
                self._failures.report(first_error(error))
                await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
        await self._client.close()

    async def _deliver(self, conn: Connection[Row]) -> None:
        while not self._is_stopped:
            free = MAX_IN_FLIGHT - len(self._posts)
            for each in await self._query(self._next, conn, free):
                self._begin(each)
            if self._posts:
                await asyncio.wait(self._posts, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            else:
                await asyncio.sleep(POLL_SECONDS)
        await self._end_posts()
        await self._query(self._record, conn)

    async def _end_posts(self) -> None:
        """Wait for the posts in flight, for STOP_SECONDS at most, and give up the others."""
        if self._posts:
            _, late = await asyncio.wait(self._posts, timeout=STOP_SECONDS)
            for post in late:
                post.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _query(self, function: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._queries, function, *arguments)

    def _next(self, conn: Connection[Row], free: int) -> list[Delivery]:
        """Record the results so far, search the logs, and return up to `free` deliveries to send."""
        self._record(conn)
        find_deliveries(conn)
        claimed_at = time.monotonic()
        claims = claim(conn, free, self._busy) if free else []
        ready = []
        for org_id, group in group_by_organization(claims).items():
            for each in prepare(conn, org_id, group, claimed_at, self._box):
                if isinstance(each, Delivery):
                    ready.append(each)
                else:
                    self._give_up(conn, each)
        return ready

    def _give_up(self, conn: Connection[Row], unsendable: Unsendable) -> None:
        """Pause a webhook whose secret is unreadable. Record a failed attempt for an event that is unreadable."""
        claimed = unsendable.claim
        if unsendable.is_secret:
            _execute(conn, claimed, PauseWebhook(id=claimed.webhook_id, reason=SECRET_UNREADABLE))
        else:
            unreadable = Attempt(duration_ms=0, error="the event cannot be read; see the log of the service")
            self._results.append(_Result(claimed, claimed.claimed_at, unreadable))

    def _begin(self, delivery: Delivery) -> None:
        self._busy[delivery.claim.host] += 1
        task = asyncio.create_task(self._post(delivery))
        self._posts.add(task)
        task.add_done_callback(self._posts.discard)

    async def _post(self, delivery: Delivery) -> None:
        claimed, host = delivery.claim, delivery.claim.host
        try:
            async with self._turns.setdefault(host, asyncio.Semaphore(MAX_POSTS_PER_HOST)):
                if time.monotonic() - delivery.claimed_at > _MAX_WAIT_SECONDS:
                    return  # the claim ends soon, and then the delivery is due again
                at = delivery.now()
                attempt = await self._client.post(claimed.url, delivery.headers(at), delivery.body)
            self._results.append(_Result(claimed, at, attempt))
        finally:
            self._busy[host] -= 1
            if not self._busy[host]:
                del self._busy[host], self._turns[host]

    def _record(self, conn: Connection[Row]) -> None:
        """Store the attempts that have ended, and disable webhooks whose receiver has failed for too long."""
        while self._results:
            claimed, at, attempt = self._results[0]
            is_failing = record_attempt(conn, claimed, instant(at), attempt, DISABLED_AFTER)
            if attempt.is_gone or is_failing:
                reason = GONE if attempt.is_gone else FAILING
                _execute(conn, claimed, DisableWebhook(id=claimed.webhook_id, reason=reason))
            del self._results[0]
            _log(claimed, attempt)
            self._on_attempt(claimed, at, attempt)


def _execute(conn: Connection[Row], claimed: Claim, command: Command) -> None:
    request = f"sender_{secrets.token_hex(12)}"
    context = Context(org_id=claimed.org_id, actor=Actor("worker", "smartdhandha"), request_id=request)
    with suppress(NotFound):  # the webhook was deleted meanwhile
        execute_on(conn, command, context)


def _log(claimed: Claim, attempt: Attempt) -> None:
    facts = {
        "org": claimed.org_id,
        "webhook": claimed.webhook_id,
        "event": claimed.event_id,
        "type": claimed.type,
        "attempt": claimed.attempts + 1,
        "status": attempt.status,
        "durationMs": attempt.duration_ms,
        "error": attempt.error,
    }
    logger.info("delivery", extra={"facts": facts})
