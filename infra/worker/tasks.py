"""The background worker's tasks, and how often each task runs.

A task may be interrupted at any point and run again: each step is a transaction that first reads the current state.
Only the database's clock decides what is old or due, because the clock of the worker's host may be wrong.
"""

from __future__ import annotations

import logging
import sys
from datetime import timedelta
from functools import partial

import psycopg
from psycopg import Connection

from commands.accounts.api_key import ExpireKey
from commands.overdue import OVERDUE, RefreshOverdue
from domain.document import Document
from domain.text import counted
from infra.log.heads import LOGS
from infra.log.reading.zones import day_at
from infra.log.unkeyed import end_comparing
from infra.postgres.database import Row, get_now
from infra.postgres.failures import ends_all_work
from infra.projector.following import LogFollower
from infra.projector.following.log_tiles import LogTileTable
from infra.projector.following.past_rows import PastRowTable
from infra.projector.rows import organizations_with_older_rows, rebuild_organization
from infra.projector.runner import sum_runner_of
from infra.settings import DEFAULT_TRACE_DAYS
from infra.worker.batches import delete_batches, execute_for_each, execute_in_turns
from infra.worker.deliveries import forget_deliveries, pause_without_key
from infra.worker.drafts import refresh_drafts
from infra.worker.erasures import TASK as ERASE_PERSONS
from infra.worker.erasures import erase_persons, forget_erasure_requests
from infra.worker.files.making import forget_list_files, make_list_files
from infra.worker.mails import forget_mails
from infra.worker.partitions import (
    at_least_as_the_law,
    forget_request_counts,
    turn_credit_partitions,
    turn_request_partitions,
)
from infra.worker.pauses import PAUSES, Pauses
from infra.worker.task import Task, TaskFailed
from infra.worker.thresholds import TASK as RECORD_THRESHOLDS
from infra.worker.thresholds import record_thresholds
from projections.registry import LOG_TILES, PAST_ROWS, ROWS, SUMS
from projections.sums import SumProjection

logger = logging.getLogger("smartdhandha.worker")

RETRIES_RETENTION = timedelta(hours=25)
"""How long the response to a request with an Idempotency-Key is kept. The API promises 24 hours."""
LOGIN_FAILURES_RETENTION = timedelta(minutes=15)
"""How long a counter of failed log-ins is kept after its failures are forgotten: the longest wait of a log-in."""
_FORGET_SECURITY_EVENTS = "forget_security_events"

_UNMARKED = "NOT d.is_overdue AND d.status IN ({statuses})"
_FALLEN_DUE = f"d.due_date < {day_at('now()')} AND {_UNMARKED}"
_FALLEN_DUE_BY_LOG = f"d.due_date < {day_at('(now() + l.clock_offset)')} AND {_UNMARKED}"
"""The same by the clock of the log, which in test mode may be ahead."""
# The logs whose clock was moved are looked at apart, so that the plan for all others does not depend on a log's clock.
_SELECT_ORGANIZATIONS_WITH_FALLEN_DUE = f"""
SELECT l.org_id FROM {LOGS} l JOIN organizations o USING (org_id) WHERE EXISTS (
    SELECT 1 FROM {{table}} d WHERE d.org_id = l.org_id AND {_FALLEN_DUE}
) UNION SELECT l.org_id FROM {LOGS} l JOIN organizations o USING (org_id) WHERE l.clock_offset > '0' AND EXISTS (
    SELECT 1 FROM {{table}} d WHERE d.org_id = l.org_id AND {_FALLEN_DUE_BY_LOG}
) ORDER BY org_id
"""
# Without an order: the partial index hands over any of them, and a document that was marked is no longer in it.
_SELECT_FALLEN_DUE = f"""
SELECT d.id FROM organizations o JOIN {LOGS} l USING (org_id) JOIN {{table}} d USING (org_id)
WHERE o.org_id = %s AND {_FALLEN_DUE_BY_LOG} AND d.id <> ALL (%s::text[]) LIMIT %s
"""
SELECT_EXPIRED_KEYS = f"""
SELECT org_id, id FROM (
    SELECT org_id, id FROM api_keys WHERE status = 'active' AND expires_at <= now()
    UNION SELECT org_id, k.id FROM {LOGS} l JOIN api_keys k USING (org_id)
    WHERE l.clock_offset > '0' AND k.status = 'active' AND k.expires_at <= now() + l.clock_offset
) found WHERE (org_id, id) > (%s, %s) ORDER BY org_id, id LIMIT %s
"""
_DELETE_OLD_RETRIES = """
DELETE FROM idempotency_keys WHERE (org_id, key) IN (
    SELECT org_id, key FROM idempotency_keys WHERE created_at < now() - %s::interval ORDER BY created_at LIMIT %s
)
"""
_DELETE_OLD_SECURITY_EVENTS = """
DELETE FROM security_events WHERE event_id IN (
    SELECT event_id FROM security_events WHERE at < now() - %s::interval ORDER BY at LIMIT %s
)
"""
# SKIP LOCKED: a log-in has locked a counter that it uses.
_DELETE_OLD_LOGIN_FAILURES = """
DELETE FROM login_failures WHERE subject IN (
    SELECT subject FROM login_failures WHERE until < now() - %s::interval LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


def mark_overdue(command: type[RefreshOverdue], conn: Connection[Row]) -> int:
    """Mark documents whose due date has passed in their organization's time zone, in turns. Return how many."""
    return execute_in_turns(conn, *fallen_due_queries(command.target), command)


def expire_keys(conn: Connection[Row]) -> int:
    """Record which keys have expired. Return how many. Admission refuses expired keys even without this record."""
    return execute_for_each(conn, SELECT_EXPIRED_KEYS, ExpireKey)


def forget_retries(conn: Connection[Row]) -> int:
    """Delete the responses that are older than RETRIES_RETENTION. Return how many were deleted."""
    return delete_batches(conn, _DELETE_OLD_RETRIES, RETRIES_RETENTION)


def forget_login_failures(conn: Connection[Row]) -> int:
    """Delete the counters of failed log-ins that count nothing any more. Return how many were deleted."""
    return delete_batches(conn, _DELETE_OLD_LOGIN_FAILURES, LOGIN_FAILURES_RETENTION)


def forget_security_events(retention: timedelta, conn: Connection[Row]) -> int:
    """Delete the security events that are older than `retention`, and than the law asks for. Return how many."""
    return delete_batches(conn, _DELETE_OLD_SECURITY_EVENTS, at_least_as_the_law(retention, get_now(conn)))


def add_to_sums(projection: SumProjection, conn: Connection[Row]) -> int:
    """Add new events or requests to the sums of a projection. Return how many were added.

    If an event cannot be read, the sums of the other organizations are still brought up to date. At the end, TaskFailed
    is raised. An organization that has failed is tried again ever more rarely.
    """
    runner = sum_runner_of(projection)
    if not isinstance(runner, LogFollower):
        return runner.add_new(conn).events
    return _add_new(runner, conn, PAUSES[projection.name])


def add_to_past_rows(conn: Connection[Row]) -> int:
    """Store the rows that new events have replaced, for lists with `asOf`, in turns. Return how many events were read.

    Fails as `add_to_sums` does.
    """
    return _add_new(PastRowTable(PAST_ROWS), conn, PAUSES[PAST_ROWS.name], max_pages=1)


def add_log_tiles(conn: Connection[Row]) -> int:
    """Store the tiles of Merkle trees that new events complete, in turns. Return how many events are in them."""
    return _add_new(LogTileTable(LOG_TILES), conn, PAUSES[LOG_TILES.name], max_pages=1)


def _add_new(follower: LogFollower, conn: Connection[Row], pauses: Pauses, max_pages: int = sys.maxsize) -> int:
    resting = pauses.resting()
    added = follower.add_new(conn, max_pages, resting)
    pauses.settle(added.failures)
    if failures := {**resting, **added.failures}:
        raise TaskFailed("; ".join(failures.values()), added.events)
    return added.events


def refold_older_rows(conn: Connection[Row]) -> int:
    """Fold all rows again that an older version of a projection has written. Return how many were folded.

    If an organization's log cannot be folded, the rows of the other organizations are still folded. At the end,
    TaskFailed is raised. The rows that have failed are tried again ever more rarely.
    """
    refolded, failed, pauses = 0, dict[str, str](), PAUSES["refold_older_rows"]
    resting = pauses.resting()
    for projection in ROWS.values():
        for org_id in organizations_with_older_rows(conn, projection):
            if (rows := f"{projection.table} of {org_id}") in resting:
                continue
            try:
                refolded += rebuild_organization(conn, projection, org_id, only_older=True).rows
            except psycopg.errors.LockNotAvailable:
                raise
            except Exception as fault:
                if ends_all_work(conn, fault):
                    raise
                failed[rows] = str(fault)
                logger.exception(
                    "could not fold the rows again that an older version has written: organization %s, table %s",
                    org_id,
                    projection.table,
                )
    end_comparing(conn)
    pauses.settle(failed)
    if failures := {*resting, *failed}:
        organizations = counted(len({rows.rpartition(" ")[2] for rows in failures}), "organization")
        message = f"rows of {organizations} could not be folded again; folded again: {refolded}; see the log"
        raise TaskFailed(message, refolded)
    return refolded


def fallen_due_queries(aggregate: type[Document]) -> tuple[str, str]:
    """Return the queries for the organizations that have documents to mark, and for such documents of one of them."""
    # PostgreSQL uses the partial index only if the statuses are literals, as they are in the index's condition.
    statuses = ", ".join(f"'{status}'" for status in sorted(aggregate.payable_statuses()))
    values = {"table": ROWS[aggregate.kind].table, "statuses": statuses}
    return _SELECT_ORGANIZATIONS_WITH_FALLEN_DUE.format(**values), _SELECT_FALLEN_DUE.format(**values)


TASKS = (
    *(
        Task(f"mark_overdue_{ROWS[command.target.kind].name}", partial(mark_overdue, command), in_turns=True)
        for command in OVERDUE
    ),
    Task("refresh_drafts", refresh_drafts, in_turns=True),
    Task("expire_keys", expire_keys),
    Task(RECORD_THRESHOLDS, record_thresholds, in_turns=True),
    Task("pause_webhooks_without_key", pause_without_key),
    Task("forget_retries", forget_retries),
    Task("forget_login_failures", forget_login_failures),
    Task("forget_deliveries", forget_deliveries),
    Task("forget_mails", forget_mails),
    Task("forget_list_files", forget_list_files),
    Task(ERASE_PERSONS, erase_persons),
    Task("forget_erasure_requests", forget_erasure_requests),
    Task(_FORGET_SECURITY_EVENTS, partial(forget_security_events, timedelta(days=DEFAULT_TRACE_DAYS))),
    *(Task(f"sum_{projection.name}", partial(add_to_sums, projection)) for projection in SUMS),
    Task("add_past_rows", add_to_past_rows, in_turns=True),
    Task("add_log_tiles", add_log_tiles, in_turns=True),
    Task("make_list_files", make_list_files, in_turns=True),
    Task("refold_older_rows", refold_older_rows, every_n_rounds=30),  # this task and the next one read whole tables
    Task("turn_credit_partitions", turn_credit_partitions, every_n_rounds=30),
    Task("turn_request_partitions", turn_request_partitions, every_n_rounds=30),
    Task("forget_request_counts", forget_request_counts, every_n_rounds=30),
)


def tasks_keeping(trace_days: int) -> tuple[Task, ...]:
    """Return the tasks of a service that keeps security events for this number of days."""
    forget = partial(forget_security_events, timedelta(days=trace_days))
    return tuple(task._replace(run=forget) if task.name == _FORGET_SECURITY_EVENTS else task for task in TASKS)
