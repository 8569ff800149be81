"""The download of a whole list as CSV: `/home/invoices/list.csv` with the filters of the list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import falcon
import msgspec

from api.console.access.rights import check_readable
from api.console.activity.sentences import capitalized
from api.console.objects.filters import Sent, query_of, read_sent
from api.console.objects.kinds import ObjectKind
from api.console.objects.spreadsheets import harmless
from api.console.page import ConsolePage
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_field
from api.pages.responses import CSV
from api.ports.reads import MemberReads
from projections.query.page import Page
from projections.registry import ROWS

ROWS_PER_PART = 5000
"""How many rows one statement reads. They are in memory until the client has received them."""
_MARK = "\ufeff"
"""At its beginning, it tells spreadsheet programs that the file is in UTF-8."""
_LEFT_OUT = frozenset(("availableActions", "version"))


class CsvDownload(ConsolePage):
    """The rows of the list with all fields, in its order. Each part is read when the client has the last one."""

    def __init__(self, pages: PageFactory, kind: ObjectKind, reads: MemberReads) -> None:
        super().__init__(pages)
        self._kind, self._reads = kind, reads

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member, listing = req.context.signed_in_member, self._kind.type.listing
        check_readable(member, self._kind.kind)
        sent: Sent = {name: text for name, text in read_sent(req.params).items() if name not in ("cursor", "limit")}
        query = query_of(sent, member.time_zone)
        first = self._reads.list_page(member.org_id, listing.query(member.org_id, query, rows=ROWS_PER_PART))
        names = [name for name in ROWS[self._kind.kind].entry_type.__struct_encode_fields__ if name not in _LEFT_OUT]
        heading = _MARK + _lines([[capitalized(format_field(name)) for name in names]])
        resp.content_type = CSV
        resp.downloadable_as = f"{self._kind.type.path}-{member.now.date().isoformat()}.csv"
        resp.stream = self._parts(heading, names, member.org_id, query, first)

    def _parts(
        self, heading: str, names: Sequence[str], org_id: str, query: dict[str, Any], page: Page
    ) -> Iterator[bytes]:
        yield heading.encode() + _rows(names, page)
        while page.next_cursor is not None:
            following = {**query, "cursor": page.next_cursor}
            found = self._kind.type.listing.query(org_id, following, rows=ROWS_PER_PART)
            page = self._reads.list_part(org_id, found)
            yield _rows(names, page)


def _rows(names: Sequence[str], page: Page) -> bytes:
    objects = (msgspec.json.decode(each, type=dict[str, Any]) for each in page.objects)
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
