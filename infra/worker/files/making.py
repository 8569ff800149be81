"""The tasks for files of long lists: make them page by page, and delete those whose time is over.

A turn reads one page of one file, and stores what it makes of it with what the next turn needs. So a worker that is
killed loses one page, and another one goes on. Between two turns, all other tasks and files have theirs.
"""

from __future__ import annotations

import logging
from datetime import timedelta

import psycopg
from psycopg import Connection
from psycopg.pq import TransactionStatus

from api.console.objects.downloads.parts import ROWS_PER_PART
from api.console.objects.downloads.sheets.table import Table
from api.console.objects.downloads.sheets.xlsx_file import XlsxFile
from api.console.objects.downloads.table import table_of
from api.console.objects.kinds import OBJECT_PAGES
from api.pages.translation import in_language
from api.ports.reads import PastRowsMissing
from api.ports.users import role_may_read
from api.ports.users.files import BROKEN, MAX_FILE_MEGABYTES, NO_LONGER_ALLOWED, NOT_READ, TOO_LARGE
from infra.log.reading.lists import read_list
from infra.postgres.database import Row
from infra.postgres.failures import ends_all_work
from infra.worker.batches import delete_batches
from infra.worker.files.queue import FileTurn, Progress, next_turn
from infra.worker.task import TaskFailed
from projections.query.page import ListQuery, Page

logger = logging.getLogger("smartdhandha.worker")

MAX_ATTEMPTS = 3
"""How often it is tried to read a page before the file fails."""
_SET_TIMEOUT = "SET statement_timeout = '10s'"
_RESET_TIMEOUT = "RESET statement_timeout"
_FILES_AT_ONCE = 5
"""How many files one statement deletes, with all their pieces."""
_DELETE_OLD = """
DELETE FROM list_files WHERE (org_id, file_id) IN (
    SELECT org_id, file_id FROM list_files WHERE kept_until < now() - %s::interval LIMIT %s
)
"""
_KINDS = {kind.kind: kind for kind in OBJECT_PAGES}


def make_list_files(conn: Connection[Row], rows_per_page: int = ROWS_PER_PART) -> int:
    """Write a page of the file that has waited longest for a turn. Return how many rows were written.

    Raises TaskFailed for a file that cannot be made because of a fault.
    """
    turn = next_turn(conn)
    if turn is None:
        return 0
    try:
        return _take(conn, turn, rows_per_page)
    except (psycopg.errors.QueryCanceled, PastRowsMissing):
        if turn.postpone(conn) >= MAX_ATTEMPTS:
            turn.fail(conn, NOT_READ)
        return 0
    except psycopg.errors.LockNotAvailable:
        raise
    except Exception as fault:
        if ends_all_work(conn, fault):
            raise
        logger.exception("the file %s of %s could not be made", turn.id, turn.org_id)
        turn.fail(conn, BROKEN)
        raise TaskFailed(f"the file {turn.id} of {turn.org_id} could not be made; see the log", 0) from fault


def forget_list_files(conn: Connection[Row]) -> int:
    """Delete the files whose time is over. Return how many were deleted."""
    return delete_batches(conn, _DELETE_OLD, timedelta(0), _FILES_AT_ONCE)


def _take(conn: Connection[Row], turn: FileTurn, rows_per_page: int) -> int:
    """Write the next page of a file. Return how many rows it has."""
    if turn.role is None or not role_may_read(turn.role, turn.kind):
        turn.fail(conn, NO_LONGER_ALLOWED)
        return 0
    kind = _KINDS[turn.kind]
    with in_language(turn.language):
        table = table_of(kind, turn.time_zone)
    progress = _begun(turn, table)
    filters = turn.filters
    parameters = filters if progress.cursor is None else {**filters, "cursor": progress.cursor}
    page = _read_page(conn, turn.org_id, kind.type.listing.query(turn.org_id, parameters, rows=rows_per_page))
    content = _write(table, progress, page)
    if progress.xlsx.archive.size > MAX_FILE_MEGABYTES * 1_000_000:
        turn.fail(conn, TOO_LARGE)
    else:
        turn.store(conn, progress, content, is_last=page.next_cursor is None)
    return len(page.objects)


def _begun(turn: FileTurn, table: Table) -> Progress:
    """Return how far the file is."""
    columns, progress = tuple(column.name for column in table.columns), turn.progress
    return Progress(columns) if progress is None or progress.columns != columns else progress


def _write(table: Table, progress: Progress, page: Page) -> bytes:
    """Return the next bytes of the file, with the rows of the page. The last page also ends it."""
    file = XlsxFile(table, progress.xlsx)
    content = b"".join(file.add(page))
    progress.cursor, progress.rows = page.next_cursor, progress.rows + len(page.objects)
    return content + file.finish() if page.next_cursor is None else content


def _read_page(conn: Connection[Row], org_id: str, query: ListQuery) -> Page:
    """Return the page. Raises QueryCanceled if its statement takes too long, and PastRowsMissing."""
    conn.execute(_SET_TIMEOUT)
    try:
        return read_list(conn, org_id, query, query.page_of)
    finally:
        if conn.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            conn.rollback()
        conn.execute(_RESET_TIMEOUT)
