"""The copies of personal values beside the log: each table that holds some, and how they are taken out of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlencode

import msgspec
from psycopg import Connection

from infra.audit.privacy.traces import Pair, Traces, ViewWords, patterns_of
from infra.log.mapper import MAPPER
from infra.log.reading.histories import list_histories
from infra.postgres.database import Row
from infra.projector.following.past_rows import PastRowTable
from infra.projector.skips import read_skips
from projections.query.metadata import condition
from projections.registry import PAST_ROWS, ROWS

PAGE_OBJECTS = 200
"""How many objects are folded at once."""
_UPDATE_RESPONSE = "UPDATE idempotency_keys SET answer = %s WHERE org_id = %s AND object_id = %s"
_FORGET_RESPONSES_OF_RECEIVERS = """
UPDATE webhook_deliveries d SET attempts = (
    SELECT coalesce(jsonb_agg(a.value || '{"response": ""}' ORDER BY a.ordinality), '[]')
    FROM jsonb_array_elements(d.attempts) WITH ORDINALITY a
) WHERE d.org_id = %s AND d.position = ANY(%s) AND d.attempts <> '[]'
"""
_SELECT_FILES = "SELECT file_id, kind, filters FROM list_files WHERE org_id = %s"
_DELETE_FILES = "DELETE FROM list_files WHERE org_id = %s AND file_id = ANY(%s)"
_DELETE_PDFS = "DELETE FROM pdf_files WHERE org_id = %s AND object_id = ANY(%s)"
_SELECT_VIEWS = "SELECT view_id, kind, name, query FROM saved_views WHERE org_id = %s"
_DELETE_VIEWS = "DELETE FROM saved_views WHERE org_id = %s AND view_id = ANY(%s)"

_filters = msgspec.json.Decoder(dict[str, str]).decode


def fold_again(conn: Connection[Row], org_id: str, ids: Mapping[str, Sequence[str]], upto: int) -> None:
    """Write the rows of these objects, by their kinds, again: what lists and searches read, and kept responses."""
    for kind, every in ids.items():
        projection = ROWS[kind]
        skipped = read_skips(conn, org_id, projection.name)
        for page in _pages(every):
            log = list_histories(conn, org_id, page, upto)
            for folded in projection.fold_log(org_id, log, MAPPER.event, skipped):
                for sql, values in projection.statements(org_id, folded.id, folded.row, is_new=False):
                    conn.execute(sql, values)
                answer = projection.to_json(folded.row).decode()
                conn.execute(_UPDATE_RESPONSE, (answer, org_id, folded.id))
            if kind in PAST_ROWS.kinds:
                PastRowTable(PAST_ROWS).fold_again(conn, org_id, page)


def forget_responses_of_receivers(conn: Connection[Row], org_id: str, positions: Sequence[int]) -> int:
    """Delete what receivers of webhooks have answered to the events at these positions: they may repeat values."""
    return conn.execute(_FORGET_RESPONSES_OF_RECEIVERS, (org_id, list(positions))).rowcount


def delete_files(conn: Connection[Row], org_id: str, kinds: Collection[str], traces: Traces) -> int:
    """Delete the files of lists of these kinds, and those that are filtered by the person. Return how many there were.

    Files that are being made go, too. People can ask for them again.
    """
    patterns = patterns_of(traces.texts)
    files = conn.execute(_SELECT_FILES, (org_id,)).fetchall()
    found = [id for id, kind, filters in files if kind in kinds or _filtered_by(kind, filters, patterns, traces)]
    return conn.execute(_DELETE_FILES, (org_id, found)).rowcount


def _filtered_by(kind: str, filters: str, patterns: Collection[re.Pattern[str]], traces: Traces) -> bool:
    try:
        words = ViewWords.of(kind, "", urlencode(_filters(filters)))
    except msgspec.MsgspecError:
        return True  # nobody can tell what is in it, and people can ask for it again
    return words.has_any(patterns) or not traces.pairs.isdisjoint(words.pairs)


def delete_pdfs(conn: Connection[Row], org_id: str, ids: Collection[str]) -> int:
    """Delete the kept PDFs of these objects, in all versions. Without the erased values, they are made again."""
    return conn.execute(_DELETE_PDFS, (org_id, list(ids))).rowcount


def delete_views(conn: Connection[Row], org_id: str, traces: Traces) -> int:
    """Delete the saved views that name the person. Return how many there were. Call it after `fold_again`.

    A view is deleted if it has one of the texts as whole words, in its name or in what was typed into a filter; or if
    it filters by a pair of metadata that no object of its list has any more.
    """
    patterns = patterns_of(traces.texts)
    views = conn.execute(_SELECT_VIEWS, (org_id,)).fetchall()
    words = {id: ViewWords.of(kind, name, query) for id, kind, name, query in views}
    wanted = {pair for each in words.values() for pair in each.pairs & traces.pairs}
    gone = {pair for pair in wanted if not _has_object(conn, org_id, pair)}
    found = [id for id, each in words.items() if each.has_any(patterns) or not gone.isdisjoint(each.pairs)]
    return conn.execute(_DELETE_VIEWS, (org_id, found)).rowcount


def _has_object(conn: Connection[Row], org_id: str, pair: Pair) -> bool:
    """Return whether an object of the kind has the pair."""
    sql, value, *_ = condition("metadata_keys", pair.key, pair.value)
    select = f"SELECT FROM {ROWS[pair.kind].view} WHERE org_id = %s AND {sql} LIMIT 1"
    return conn.execute(select, (org_id, value)).rowcount > 0


def _pages(ids: Sequence[str]) -> Iterable[list[str]]:
    for start in range(0, len(ids), PAGE_OBJECTS):
        yield list(ids[start : start + PAGE_OBJECTS])
