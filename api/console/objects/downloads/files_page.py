"""The page `/home/files` with the files of long lists that the user has asked for."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import falcon

from api.console.objects.downloads.asking import FILES, owner_of
from api.console.objects.downloads.filter_words import FilterWords, words_of
from api.console.objects.filters import link
from api.console.objects.kinds import OBJECT_PAGES
from api.console.page import ConsolePage, see_other
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_thousands, format_time
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.users import Member
from api.ports.users.files import (
    BROKEN,
    FAILED,
    KEPT_HOURS,
    MAX_FILE_MEGABYTES,
    NO_LONGER_ALLOWED,
    NOT_READ,
    READY,
    TOO_LARGE,
    WAITING,
    ListFile,
)

_KINDS = {kind.kind: kind for kind in OBJECT_PAGES}
_FAILURES = {
    NO_LONGER_ALLOWED: marked("Your role does not show this list any more. Ask an owner or admin for another role."),
    NOT_READ: marked("The list could not be read in time. Narrow the filters, or ask for the file again later."),
    TOO_LARGE: marked("The file would have more than %(size)s MB. Narrow the filters, or download the list as CSV."),
    BROKEN: marked("The service has a fault. Ask for the file again; if it fails again, tell the operator."),
}


class FileRow(NamedTuple):
    """A file on the page."""

    id: str
    title: str
    list_href: str
    """The address of the list with the same filters."""
    filter_words: list[FilterWords]
    asked_at: str
    state: str
    """In words: how far it is, or what is wrong."""
    problem: str
    download: str
    """The path of the file; empty while it is not ready."""


class FilesPage(ConsolePage):
    """`GET` shows the files of the user in this organization and mode. `POST` removes one."""

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, dependencies: Dependencies) -> None:
        super().__init__(pages)
        self._files = dependencies.list_files

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        member = req.context.signed_in_member
        found = self._files.list(owner_of(member))
        self.render(
            req,
            resp,
            "objects/files.html",
            files=[_row(each, member) for each in found],
            is_unfinished=any(each.state not in (READY, FAILED) for each in found),
            files_path=FILES,
            hours=KEPT_HOURS,
        )

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        self._files.remove(owner_of(req.context.signed_in_member), req.context.sent_form.id("id"))
        raise see_other(FILES)


def _row(file: ListFile, member: Member) -> FileRow:
    kind, state, problem = _KINDS[file.kind], "", ""
    if file.state == FAILED:
        problem = _(_FAILURES.get(file.failure or BROKEN, _FAILURES[BROKEN]), size=MAX_FILE_MEGABYTES)
    else:
        state = _state(file, member)
    return FileRow(
        file.id,
        _("%(list)s as XLSX", list=_(kind.title)),
        link(kind.path, file.filters),
        words_of(kind, file.filters, member.time_zone),
        format_time(file.asked_at, member.time_zone),
        state,
        problem,
        f"{FILES}/{file.id}" if file.state == READY else "",
    )


def _state(file: ListFile, member: Member) -> str:
    """Return how far a file is."""
    if file.state == WAITING:
        return _("Waits for its turn")
    rows = format_thousands(file.rows)
    if file.state == READY:
        until = format_time(file.kept_until, member.time_zone)
        size = f"{file.size / 1_000_000:.1f}"
        return _("Ready until %(until)s: %(rows)s rows, %(size)s MB", until=until, rows=rows, size=size)
    return _("Is being made: %(rows)s rows so far", rows=rows)
