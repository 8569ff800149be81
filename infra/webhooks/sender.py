"""The sender: an event loop that posts deliveries side by side, while a thread does the queries in rounds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import TypeVar
from weakref import WeakValueDictionary

import psycopg
from psycopg import Connection

from infra.postgres.database import DatabaseUnreachable, Row, connect_as_table_owner
from infra.postgres.failures import FailureLog, first_error
from infra.settings.secret_box import SecretBox
from infra.webhooks.client import TIMEOUT_SECONDS, WebhookClient
from infra.webhooks.delivery import Delivery
from infra.webhooks.queue.claim_limits import ClaimLimits
from infra.webhooks.queue.claims import LEASE
from infra.webhooks.queue.results import Result
from infra.webhooks.round import POLL_SECONDS, OnAttempt, Rounds

T = TypeVar("T")

MAX_POSTS_PER_HOST = 4
ROUND_SECONDS = 0.05
"""The shortest time between the begins of two rounds. Results of posts that end in it are stored together."""
STOP_SECONDS = 2.0
"""How long a stop waits for receivers. A post that is given up is sent again after its claim, with the same id."""
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_MAX_WAIT_SECONDS = LEASE.total_seconds() - TIMEOUT_SECONDS - 1
"""How long a claimed delivery can wait for its turn. After that, its attempt could outlast the claim."""


class Sender:
    """Delivers events until `stop` is called. Several senders, also on several machines, share the work.

    `on_attempt` is called after each attempt.
    """

    def __init__(
        self, conninfo: str, client: WebhookClient, box: SecretBox, on_attempt: OnAttempt = lambda *_: None
    ) -> None:
        self._conninfo, self._client = conninfo, client
        self._rounds, self._limits = Rounds(box, on_attempt), ClaimLimits()
        self._is_stopped = False
        self._queries = ThreadPoolExecutor(1, "queries")
        self._failures = FailureLog("the sender of webhooks")
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()  # of hosts in use
        self._runs: set[asyncio.Task[None]] = set()

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
            begin = time.monotonic()
            for run in runs(await self._query(self._rounds.next, conn, self._limits.room())):
                self._begin(run)
            if self._runs:
                await asyncio.wait(self._runs, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(max(0.0, begin + ROUND_SECONDS - time.monotonic()))
            else:
                await asyncio.sleep(POLL_SECONDS)
        await self._end_posts()
        await self._query(self._rounds.record, conn)

    async def _end_posts(self) -> None:
        """Wait for the posts in flight, for STOP_SECONDS at most, and give up the others."""
        if self._runs:
            _, late = await asyncio.wait(self._runs, timeout=STOP_SECONDS)
            for post in late:
                post.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _query(self, function: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._queries, function, *arguments)

    def _begin(self, run: Sequence[Delivery]) -> None:
        for each in run:
            self._limits.begin(each.claim.lane, each.claim.is_failing)
        task = asyncio.create_task(self._post_all(run))
        self._runs.add(task)
        task.add_done_callback(self._runs.discard)

    async def _post_all(self, run: Sequence[Delivery]) -> None:
        """Post the deliveries of a run one after the other. After a failure or a gap, the others are given up."""
        is_ended = False
        for place, each in enumerate(run):
            is_ended = is_ended or (each.claim.ordered and each.claim.place != place + 1)
            is_taken = False
            try:
                result = Result(each.claim, each.now(), None) if is_ended else await self._post(each)
                is_taken = result.attempt is not None and result.attempt.is_taken
            finally:
                self._limits.end(each.claim.lane, each.claim.is_failing, is_taken)
            is_ended = is_ended or not is_taken
            self._rounds.add(result._replace(ends_run=place == len(run) - 1))

    async def _post(self, delivery: Delivery) -> Result:
        """Post a delivery when it is its host's turn. Give it up if its claim ends soon."""
        host = delivery.claim.host
        async with self._turns.setdefault(host, asyncio.Semaphore(MAX_POSTS_PER_HOST)):
            at = delivery.now()
            if time.monotonic() - delivery.claimed_at > _MAX_WAIT_SECONDS:
                return Result(delivery.claim, at, None)
            attempt = await self._client.post(delivery.claim.url, delivery.headers(at), delivery.body)
        return Result(delivery.claim, at, attempt)


def runs(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    """Yield the deliveries in runs: those of an ordered webhook together, any other one alone."""
    ordered = sorted((each for each in deliveries if each.claim.ordered), key=lambda each: each.claim.lane)
    for _, run in groupby(ordered, key=lambda each: each.claim.lane):
        yield list(run)
    yield from ([each] for each in deliveries if not each.claim.ordered)
