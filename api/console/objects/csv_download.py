"""The download of a whole list as CSV: `/home/invoices/list.csv` with the filters of the list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import falcon
import msgspec

from api.console.access.rights import check_readable
from api.console.activity.sentences import capitalized
from api.console.objects.filters import Sent, query_of, read_sent
from api.console.objects.kinds import ObjectKind
from api.console.objects.spreadsheets import harmless
from api.console.page import ConsolePage
from api.http.errors import ApiError
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_field
from api.pages.responses import CSV
from api.pages.translation import gettext as _
from api.ports.reads import MemberReads
from projections.query.page import ListQuery, Page
from projections.registry import ROWS

ROWS_PER_PART = 5000
"""How many rows one statement reads. They are in memory until the client has received them."""
ROWS_PER_PIECE = 250
"""How many rows are written at once, so that a thread is soon free for the requests of others."""
DOWNLOADS_AT_ONCE = 2
"""How many downloads of a list an organization may have in one process, because each holds rows in memory."""
_MARK = "\ufeff"
"""At its beginning, it tells spreadsheet programs that the file is in UTF-8."""
_LEFT_OUT = frozenset(("availableActions", "version"))


class RunningDownloads:
    """The downloads that this process sends. A download that has ended, or was given up, is no longer here."""

    def __init__(self) -> None:
        self._organizations: WeakKeyDictionary[Iterator[bytes], str] = WeakKeyDictionary()
        self._lock = Lock()

    def add(self, parts: Iterator[bytes], org_id: str) -> None:
        """Add a download of an organization. Raises ApiError if it has DOWNLOADS_AT_ONCE."""
        with self._lock:
            if list(self._organizations.values()).count(org_id) >= DOWNLOADS_AT_ONCE:
                message = _("Other downloads of this list are running. Wait until they have ended, and try again.")
                raise ApiError(409, "conflict", message)
            self._organizations[parts] = org_id


class CsvDownload(ConsolePage):
    """The rows of the list with all fields, in its order. Each part is read when the client has the last one."""

    def __init__(self, pages: PageFactory, kind: ObjectKind, reads: MemberReads) -> None:
        super().__init__(pages)
        self._kind, self._reads, self._running = kind, reads, RunningDownloads()

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        check_readable(member, self._kind.kind)
        sent: Sent = {name: text for name, text in read_sent(req.params).items() if name not in ("cursor", "limit")}
        query = query_of(sent, member.time_zone)
        first = self._reads.list_page(member.org_id, _query(self._kind, member.org_id, query))
        parts = csv_parts(self._kind, self._reads, member.org_id, query, first)
        self._running.add(parts, member.org_id)
        resp.content_type = CSV
        resp.downloadable_as = f"{self._kind.type.path}-{member.now.date().isoformat()}.csv"
        resp.stream = parts


def csv_parts(kind: ObjectKind, reads: MemberReads, org_id: str, query: dict[str, Any], page: Page) -> Iterator[bytes]:
    """Yield the CSV of the list that begins with `page`, ROWS_PER_PIECE rows at once, and read its other pages."""
    names = [name for name in ROWS[kind.kind].entry_type.__struct_encode_fields__ if name not in _LEFT_OUT]
    yield (_MARK + _lines([[capitalized(format_field(name)) for name in names]])).encode()
    while True:
        for begin in range(0, len(page.objects), ROWS_PER_PIECE):
            yield _rows(names, page.objects[begin : begin + ROWS_PER_PIECE])
        if page.next_cursor is None:
            return
        page = reads.list_part(org_id, _query(kind, org_id, {**query, "cursor": page.next_cursor}))


def _query(kind: ObjectKind, org_id: str, query: dict[str, Any]) -> ListQuery:
    return kind.type.listing.query(org_id, query, rows=ROWS_PER_PART)


def _rows(names: Sequence[str], found: Sequence[bytes]) -> bytes:
    objects = (msgspec.json.decode(each, type=dict[str, Any]) for each in found)
    return _lines([_cell(row.get(name)) for name in names] for row in objects).encode()


def _lines(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    """Return a value as the text of a cell, in which a spreadsheet program finds no formula."""
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, int):
        return str(value)
    return harmless(msgspec.json.encode(value).decode())
