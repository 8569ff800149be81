"""The download of a file that the background worker has made: `/home/files/{id}`."""

from __future__ import annotations

import falcon

from api.console.access.cookies import SESSION, cookie
from api.console.access.rights import check_readable
from api.console.objects.downloads.asking import owner_of
from api.console.objects.downloads.download import stored_filters
from api.console.objects.downloads.file_name import file_name
from api.console.objects.downloads.parts import Downloader, file_pieces
from api.console.objects.downloads.running import RunningDownloads
from api.console.objects.kinds import OBJECT_PAGES
from api.console.page import ConsolePage
from api.http.address import ClientOf
from api.http.errors import ApiError
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.responses import XLSX
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.users import Member
from api.ports.users.downloads import ListDownload
from api.ports.users.files import KEPT_HOURS, READY, ListFile
from commands.command import Person

_PATHS = {kind.kind: kind.type.path for kind in OBJECT_PAGES}
_GONE = marked(
    "There is no such file any more. A file is kept for %(hours)s hours; ask for it again on the page of the list."
)
_NOT_READY = marked("The file is not ready. Your files say how far it is.")


class FilePage(ConsolePage):
    """A file that is ready. Each piece is read when the client has the last one, and rights are checked before it."""

    def __init__(
        self,
        pages: PageFactory,
        dependencies: Dependencies,
        origin: Origin,
        client: ClientOf,
        running: RunningDownloads,
    ) -> None:
        super().__init__(pages)
        self._files, self._users = dependencies.list_files, dependencies.users
        self._downloads, self._running = dependencies.downloads, running
        self._origin, self._client = origin, client

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        member = req.context.signed_in_member
        file = self._files.find(owner_of(member), id)
        if file is None:
            raise ApiError(404, "not_found", _(_GONE, hours=KEPT_HOURS))
        check_readable(member, file.kind)
        if file.state != READY:
            raise ApiError(409, "conflict", _(_NOT_READY))
        who = Downloader(cookie(req, SESSION, self._origin(req)) or "", member.org_id)
        pieces = file_pieces(self._files, self._users, who, owner_of(member), file)
        self._running.add(pieces, member.org_id)
        self._record(req, member, file)
        resp.content_type = XLSX
        resp.downloadable_as = file_name(_PATHS[file.kind], file.filters, file.asked_at, member.time_zone, "xlsx")
        resp.set_stream(pieces, file.size)

    def _record(self, req: Request, member: Member, file: ListFile) -> None:
        person = Person("user", member.user_id, self._client(req).address)
        self._downloads.record(
            ListDownload(
                org_id=member.org_id,
                person=person,
                request_id=req.context.request_id,
                list=file.kind,
                format="xlsx",
                filters=stored_filters(file.filters),
                rows=file.rows,
            )
        )
