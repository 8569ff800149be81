"""The download of a whole list: `/home/invoices/list.csv` and `list.xlsx`, with the filters of the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import falcon

from api.console.access.cookies import SESSION, cookie
from api.console.access.rights import check_readable
from api.console.objects.downloads.file_name import file_name
from api.console.objects.downloads.parts import Downloader, ListParts
from api.console.objects.downloads.running import RunningDownloads
from api.console.objects.downloads.sheets.csv_file import csv_pieces
from api.console.objects.downloads.sheets.table import Table
from api.console.objects.downloads.sheets.xlsx_file import xlsx_pieces
from api.console.objects.downloads.table import table_of
from api.console.objects.filters import Sent, filters_of, link, query_of, read_sent
from api.console.objects.kinds import ObjectKind
from api.console.page import ConsolePage, see_other
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.responses import CSV, XLSX
from api.ports.dependencies import Dependencies
from api.ports.users import Member
from api.ports.users.downloads import ListDownload
from commands.command import Person
from projections.query.page import Page

XLSX_ROWS = 100_000
"""The most rows of a list that is made as XLSX while it is sent."""
_MASKED = ("search", "metadata", "gstin")
"""Parameters whose values are not stored with the security event: people sometimes paste a secret, and the values of
personal fields must not stay there when the person is erased."""


class FileFormat(NamedTuple):
    """A format of the file."""

    name: str
    """The end of the name of the file."""
    content_type: str
    write: Callable[[Table, Iterable[Page]], Iterator[bytes]]
    max_rows: int | None = None
    """How many rows the file may have; None for any number."""


CSV_FILE = FileFormat("csv", CSV, csv_pieces)
XLSX_FILE = FileFormat("xlsx", XLSX, xlsx_pieces, XLSX_ROWS)


class DownloadPage(ConsolePage):
    """The rows of the list with all fields, in its order. Each part is read when the client has the last one."""

    def __init__(
        self,
        pages: PageFactory,
        kind: ObjectKind,
        file_format: FileFormat,
        dependencies: Dependencies,
        origin: Origin,
        client: ClientOf,
        running: RunningDownloads,
    ) -> None:
        super().__init__(pages)
        self._kind, self._format, self._running = kind, file_format, running
        self._reads, self._users, self._downloads = (
            dependencies.member_reads,
            dependencies.users,
            dependencies.downloads,
        )
        self._origin, self._client = origin, client

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        check_readable(member, self._kind.kind)
        sent = filters_of(read_sent(req.params))
        who = Downloader(cookie(req, SESSION, self._origin(req)) or "", member.org_id)
        query = query_of(sent, member.time_zone, member.now)
        parts = ListParts(self._kind, query, who)
        if self._is_too_long(parts, member):
            raise see_other(link(f"{self._kind.path}/files", sent))
        first = self._reads.list_page(member.org_id, parts.query())
        pages = parts.beginning_with(first, self._reads, self._users)
        pieces = self._format.write(table_of(self._kind, member.time_zone), pages)
        self._running.add(pieces, member.org_id)
        self._record(req, member, sent)
        resp.content_type = self._format.content_type
        resp.downloadable_as = file_name(self._kind.type.path, query, member.now, member.time_zone, self._format.name)
        resp.stream = pieces

    def _is_too_long(self, parts: ListParts, member: Member) -> bool:
        """Return whether the list has more rows than the format may have, so that the worker must make the file."""
        most = self._format.max_rows
        return most is not None and self._reads.is_longer(member.org_id, parts.query(rows=most))

    def _record(self, req: Request, member: Member, sent: Sent) -> None:
        person = Person("user", member.user_id, self._client(req).address)
        self._downloads.record(
            ListDownload(
                org_id=member.org_id,
                person=person,
                request_id=req.context.request_id,
                list=self._kind.kind,
                format=self._format.name,
                filters=stored_filters(sent),
            )
        )


def stored_filters(sent: Sent) -> dict[str, str]:
    """Return the filters and the order as a security event names them."""
    return {name: "…" if name.startswith(_MASKED) else str(text) for name, text in sent.items()}
