"""The part of a log that days cover, and the check of the whole log around it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from psycopg import Connection

from infra.audit.edit_log.pages import CheckedPages
from infra.log.heads import get_chain, get_end
from infra.log.proofs.chain import Break, Chain, first_break, genesis
from infra.log.proofs.tiles import GrowingTree
from infra.log.reading.cursors import STREAM_ROWS
from infra.log.reading.past import select_days
from infra.log.records import Head
from infra.postgres.database import Row


class Positions(NamedTuple):
    """The first and the last position of some days. Without any event, the last one is before the first one."""

    first: int
    last: int


class CheckedLog(NamedTuple):
    """A log whose hashes were all computed again."""

    chain: Chain
    head: Head
    """The end of the log as it was at the beginning of the check."""
    broken: Break | None
    """The first position that does not fit; None if the log is intact."""
    before: Head
    """The place of the event before the period; the beginning of the log if there is none."""
    last: Head
    """The place of the last event of the period that fits."""
    root: bytes | None
    """The root of the Merkle tree over all hashes, as in a checkpoint; None if the log is broken or empty."""


def find_positions(conn: Connection[Row], org_id: str, first: date, last: date) -> Positions:
    """Return the positions of the days from `first` to `last`, in the organization's present time zone."""
    after = None if last == date.max else last + timedelta(1)
    begin, end = select_days(conn, org_id, first, after).fetchone() or (1, 1)
    return Positions(begin, end - 1)


def check_log(conn: Connection[Row], org_id: str, period: Positions) -> CheckedLog:
    """Compute all hashes of a log again, up to the end that it has now, and check that its times never go back.

    The log is read page by page, without one snapshot for the whole.
    """
    chain, (head, last_position) = get_chain(conn, org_id), get_end(conn, org_id)
    before = last = Head(0, genesis(org_id))
    pages, tree = CheckedPages(chain, before, head, STREAM_ROWS), GrowingTree()
    while pages.has_more:
        for record in pages.read(conn):
            tree.add(record.chain_hash)
            if record.position < period.first:
                before = Head(record.position, record.chain_hash)
            if record.position <= period.last:
                last = Head(record.position, record.chain_hash)
    broken = pages.broken or first_break(chain, (), head, pages.reached._replace(position=last_position))
    root = tree.root() if broken is None and tree.size else None
    return CheckedLog(chain, head, broken, before, last, root)
