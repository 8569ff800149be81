"""Lets a migration wait for its locks. Each wait is short and is repeated, since requests queue behind a migration."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import psycopg
from psycopg import Connection
from psycopg.rows import args_row

from infra.postgres.database import Row
from infra.postgres.schema.files import MigrationError

SELECT_BLOCKERS = """
SELECT blocker.pid, usename, application_name, state, to_char(xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
FROM unnest(pg_blocking_pids(%s)) AS blocker (pid) LEFT JOIN pg_stat_activity USING (pid) ORDER BY blocker.pid
"""


class LockLimits(NamedTuple):
    """How long a migration waits for a lock, and how often it tries again."""

    transaction_seconds: float = 1.0
    """The limit inside a transaction. It is shorter than the `lock_timeout` of requests, which wait behind the
    migration."""
    outside_seconds: float = 600.0
    """The limit outside a transaction. It is long: CREATE INDEX CONCURRENTLY waits for all earlier transactions, but
    requests do not wait behind it."""
    attempts: int = 30
    pause_seconds: float = 2.0
    """The time between two attempts."""

    def set_in_transaction(self, conn: Connection[Row]) -> None:
        """Limit the wait in the current transaction."""
        conn.execute(f"SET LOCAL lock_timeout = {int(self.transaction_seconds * 1000)}")

    def set_in_session(self, conn: Connection[Row]) -> None:
        """Limit the wait of statements outside a transaction, until RESET lock_timeout."""
        conn.execute(f"SET lock_timeout = {int(self.outside_seconds * 1000)}")


class Blocker(NamedTuple):
    """A session for which a migration waits. PostgreSQL shows the last three fields only to the session's owner."""

    pid: int
    user: str | None
    program: str | None
    state: str | None
    since: str | None

    def __str__(self) -> str:
        if self.pid == 0:
            return "a prepared transaction (see pg_prepared_xacts)"
        since = f"in a transaction since {self.since} UTC" if self.since else None
        facts = [f"user {self.user}" if self.user else None, self.program, self.state, since]
        return f"session {self.pid} ({', '.join(fact for fact in facts if fact) or 'no details are visible'})"


def try_until_unlocked(
    conn: Connection[Row], what: str, limits: LockLimits, on_note: Callable[[str], None], step: Callable[[], None]
) -> None:
    """Call `step`. If it cannot get a lock in time, call it again. Raises MigrationError after the last attempt.

    `step` must have no effect when it fails. `what` names the step in messages. `on_note` is called with a sentence
    about the sessions that hold the lock.
    """
    watch = BlockerWatch(conn, what, on_note)
    for attempt in range(limits.attempts):
        if attempt:
            time.sleep(limits.pause_seconds)
        try:
            with watch.during():
                return step()
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            continue
    raise MigrationError(_refusal(what, limits.attempts, watch.blockers))


def _refusal(what: str, attempts: int, blockers: list[Blocker]) -> str:
    ended = " ".join(f"SELECT pg_terminate_backend({blocker.pid});" for blocker in blockers if blocker.pid)
    held = f"It is held by {_join(blockers)}. " if blockers else ""
    end = f" To end it: {ended}" if ended else ""
    return (
        f"The lock for {what} was not free in {attempts} attempts, so no part of it was applied. {held}"
        f"Wait until the lock is free, then start again.{end}"
    )


class BlockerWatch:
    """Finds the sessions for which a connection waits, by queries on a second connection.

    The second connection is opened only if the wait takes longer than AFTER_SECONDS. `on_note` is called with a
    sentence when sessions are found, and again when other sessions are found.
    """

    AFTER_SECONDS = 0.3

    def __init__(self, conn: Connection[Row], what: str, on_note: Callable[[str], None]) -> None:
        self._dsn, self._password, self._pid = conn.info.dsn, conn.info.password, conn.info.backend_pid
        self._what, self._on_note = what, on_note
        self.blockers: list[Blocker] = []
        """The sessions that were found last; empty if the connection has not waited for any."""

    @contextmanager
    def during(self) -> Iterator[None]:
        """Look for such sessions until the end of the block."""
        over = threading.Event()
        thread = threading.Thread(target=self._run, args=(over,), name="blockers", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _run(self, over: threading.Event) -> None:
        if over.wait(self.AFTER_SECONDS):
            return
        with (
            suppress(psycopg.Error),  # without the second connection, the messages do not name the sessions
            psycopg.connect(self._dsn, password=self._password, autocommit=True, connect_timeout=5) as conn,
        ):
            while not over.wait(self.AFTER_SECONDS):
                self._look(conn)

    def _look(self, conn: Connection[Row]) -> None:
        found = conn.cursor(row_factory=args_row(Blocker)).execute(SELECT_BLOCKERS, (self._pid,)).fetchall()
        if found and {blocker.pid for blocker in found} != {blocker.pid for blocker in self.blockers}:
            self._on_note(f"Waiting for a lock for {self._what}. It is held by {_join(found)}.")
        self.blockers = found or self.blockers


def _join(blockers: list[Blocker]) -> str:
    return " and ".join(map(str, blockers))
