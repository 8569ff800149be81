"""Fills a database for `million.py`: one organization with half of all events, and one in which documents fall due."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from infra.postgres.database import connect_as_table_owner
from tests.benchmarks.seed import DAY, Bulk

EVENTS_PER_INVOICE = 3.63
"""The average in the seeded data, where each draft is changed once."""
SMALL_ORGANIZATIONS = 20


class Data(NamedTuple):
    """What the database contains. `waiting` is the organization with `due` invoices to be marked as overdue."""

    whale: str
    waiting: str
    due: int
    invoices: tuple[str, str]
    """Two invoices of the whale."""
    events: int


class _Job(NamedTuple):
    conninfo: str
    number: int
    invoices: int
    waits: bool = False


class _Written(NamedTuple):
    org_id: str
    invoices: list[str]
    events: int


class Waiting(Bulk):
    """An organization whose invoices were all sent, and were never marked as overdue."""

    def _life(self, index: int, drafted: datetime) -> tuple[list[datetime], Iterator[None]]:
        return [drafted, drafted + DAY], self._sent(index)

    def _sent(self, index: int) -> Iterator[None]:
        invoice = self.draft(index, due=14)
        yield
        invoice.transition_to("sent", self.at)
        self.save(invoice)
        yield


def fill(conninfo: str, events: int, due: int) -> Data:
    """Fill an empty, migrated database with so many events, roughly, and `due` invoices that wait for midnight."""
    half = max(2, round(events / EVENTS_PER_INVOICE / 2))
    small = max(1, half // SMALL_ORGANIZATIONS)
    jobs = [_Job(conninfo, 0, half), _Job(conninfo, 1, due, waits=True)]
    jobs += [_Job(conninfo, 2 + number, small) for number in range(SMALL_ORGANIZATIONS)]
    with multiprocessing.get_context("spawn").Pool(2) as workers:
        whale, waiting, *others = workers.map(_write, jobs, chunksize=1)
    with connect_as_table_owner(conninfo) as conn:
        conn.execute("VACUUM ANALYZE")
    total = sum(one.events for one in (whale, waiting, *others))
    return Data(whale.org_id, waiting.org_id, due, (whale.invoices[0], whale.invoices[1]), total)


def _write(job: _Job) -> _Written:
    log = (Waiting if job.waits else Bulk)(job.number, changes=1)
    log.issue_key(0)
    log.write_invoices(job.invoices)
    with connect_as_table_owner(job.conninfo) as conn, conn.transaction():
        log.store(conn)
    return _Written(log.org_id, log.invoices[:2], log.position)
