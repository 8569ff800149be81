"""The page `/activity/edit-log`, with which owners and admins take the edit log of a year to their auditor."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from functools import partial
from typing import ClassVar

import falcon

from api.console.activity.edit_log.csv_file import CsvFile
from api.console.activity.edit_log.facts import Source
from api.console.activity.edit_log.lines import Names
from api.console.activity.edit_log.parts import EditLogParts, FileType
from api.console.activity.edit_log.pdf_file import MAX_LINES, PdfFile, TooManyLines
from api.console.activity.edit_log.streamed_xlsx import StreamedXlsx
from api.console.objects.downloads.parts import Downloader
from api.console.objects.downloads.running import RunningDownloads
from api.console.page import see_other
from api.console.settings.export_page import THROTTLED, WRONG_PASSWORD, ExportPage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.http.pdf import PDF
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.formats import format_thousands
from api.pages.responses import CSV, XLSX
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.organization.edit_log import EditLog
from api.ports.reads import PrintingTimedOut
from api.ports.request.deadline import allow_long_read
from api.ports.request.streams import StreamBrokenOff
from api.ports.users import Member, Throttled
from domain.accounts.mode import is_live
from domain.calendar import day_in, financial_year, financial_year_label
from domain.reading import InvalidValue
from domain.reading.period import Days, parse_financial_year

PATH = "/activity/edit-log"
_NOTHING = marked("Nothing was recorded in this financial year. Choose another one.")
_WRONG_YEAR = marked("Choose a financial year from the list.")
_TOO_LONG = marked("A PDF has at most %(lines)s lines, and this financial year has more. Download it as CSV or XLSX.")
_TOO_LATE = marked("The PDF was not made in time. Try again in a minute, or download the edit log as CSV or XLSX.")
_PDF = "pdf"
_FORMATS: dict[str, tuple[str, FileType]] = {"csv": (CSV, CsvFile), "xlsx": (XLSX, StreamedXlsx)}
"""The formats that are sent while the log is read."""
_YEARS = 12
"""How many financial years the page offers. Books are kept for eight."""


class EditLogPage(ExportPage):
    """`GET` says what the file has. `POST` sends it, after the password, or after a factor of a user who has one."""

    managers_only: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages, dependencies, origin, client)
        self._edit_logs, self._users = dependencies.edit_logs, dependencies.users
        self._running = RunningDownloads()

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        year = req.context.sent_form.text("year")
        try:
            days = parse_financial_year(year)
            if not self.proves(req):
                self._show(req, resp, 422, password=_(WRONG_PASSWORD))
                return
        except InvalidValue:
            self._show(req, resp, 422, year=_(_WRONG_YEAR))
        except Throttled as throttled:
            resp.set_header("Retry-After", str(throttled.seconds))
            self._show(req, resp, 429, password=_(THROTTLED))
        else:
            self._take(req, resp, days)

    def _take(self, req: Request, resp: falcon.Response, days: Days) -> None:
        member, wanted = req.context.signed_in_member, req.context.sent_form.text("format")
        extension = wanted if wanted in (*_FORMATS, _PDF) else "csv"
        edit_log = self._edit_logs.begin(member.org_id, days)
        if edit_log is None:
            self._show(req, resp, 422, year=_(_NOTHING))
            return
        name = f"edit-log-{financial_year_label(days.first.year)}.{extension}"
        if extension == _PDF:
            self._print(req, resp, edit_log, days, name)
            return
        content_type, file = _FORMATS[extension]
        parts = self._parts(req, edit_log, days, file)
        self._record(req, days, extension)
        self._running.add(parts, member.org_id)
        resp.content_type, resp.downloadable_as, resp.stream = content_type, name, parts

    def _print(self, req: Request, resp: falcon.Response, edit_log: EditLog, days: Days, name: str) -> None:
        """Send a PDF, which is made as a whole, or say why there is none."""
        allow_long_read()
        org_id, problem = edit_log.organization.id, _TOO_LONG
        if edit_log.last - edit_log.first < MAX_LINES:  # each event has a line
            file = partial(PdfFile, print_=partial(self._edit_logs.print, org_id))
            try:
                content = b"".join(self._parts(req, edit_log, days, file))
                self._record(req, days, _PDF)  # not before: a file that was refused has not left
                resp.data = content
                resp.content_type, resp.downloadable_as = PDF, name
                return
            except PrintingTimedOut:
                problem = _TOO_LATE
            except StreamBrokenOff:
                raise see_other(PATH) from None
            except TooManyLines:
                pass
        status = 503 if problem == _TOO_LATE else 422
        self._show(req, resp, status, form=_(problem, lines=format_thousands(MAX_LINES)))

    def _record(self, req: Request, days: Days, extension: str) -> None:
        org_id = req.context.signed_in_member.org_id
        self._edit_logs.record(org_id, days, self.person(req), req.context.request_id, extension)

    def _parts(self, req: Request, edit_log: EditLog, days: Days, file: FileType) -> Iterator[bytes]:
        member = req.context.signed_in_member
        names = Names(self._users.get_names(member.org_id), edit_log.keys)
        who = Downloader(self.token(req), member.org_id)
        return iter(EditLogParts(edit_log, _source(edit_log, days, member), names, who, self._users, file))

    def _show(self, req: Request, resp: falcon.Response, status: int = 200, **problems: str) -> None:
        resp.status = status
        this_year = financial_year(day_in(req.context.signed_in_member.time_zone, req.context.signed_in_member.now))
        years = [financial_year_label(this_year - ago) for ago in range(_YEARS)]
        chosen = req.context.sent_form.text("year") if req.method == "POST" else years[1]
        self.render(
            req,
            resp,
            "edit_log.html",
            problems=problems,
            years=years,
            chosen=chosen,
            has_factor=self.has_factor(req),
        )


def _source(edit_log: EditLog, days: Days, member: Member) -> Source:
    found = edit_log.organization
    return Source(
        name=found.name,
        org_id=found.id,
        created_at=found.created_at,
        is_live=is_live(found.id),
        first=days.first,
        last=days.last,
        time_zone=found.time_zone,
        made_at=member.now,
        version=importlib.metadata.version("smartdhandha"),
        head=found.head,
        root=found.root,
    )
