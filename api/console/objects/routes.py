"""The routes of the pages about objects."""

from __future__ import annotations

from typing import Any

from api.console.objects.away.page import AwayPage
from api.console.objects.downloads.asking import FILES, AskForFile
from api.console.objects.downloads.download import CSV_FILE, XLSX_FILE, DownloadPage
from api.console.objects.downloads.file_page import FilePage
from api.console.objects.downloads.files_page import FilesPage
from api.console.objects.downloads.running import RunningDownloads
from api.console.objects.find_page import PATH as FIND
from api.console.objects.find_page import FindPage, GuideSearch
from api.console.objects.forms.edit_page import EditObject
from api.console.objects.forms.note_pages import EditNote, NewNote
from api.console.objects.forms.pages import NewObject
from api.console.objects.kinds import LEAVE_PAGES, NOTE_PAGES, OBJECT_PAGES
from api.console.objects.list_page import ObjectList
from api.console.objects.one.json_page import ObjectJson
from api.console.objects.one.page import ObjectPage
from api.console.objects.one.pdf_page import ObjectPdf
from api.console.objects.views_page import ViewsPage
from api.http.address import ClientOf
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.pages.responses import CSS
from api.ports.dependencies import Dependencies


def object_pages(
    pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf, guides: GuideSearch
) -> list[tuple[str, Any]]:
    """Return the routes of the lists, the objects and the forms of every kind. The search also looks into `guides`."""
    running = RunningDownloads()
    return [
        route
        for kind in OBJECT_PAGES
        for route in (
            (kind.path, ObjectList(pages, kind, dependencies.member_reads)),
            *(
                (
                    f"{kind.path}/list.{each.name}",
                    DownloadPage(pages, kind, each, dependencies, origin, client, running),
                )
                for each in (CSV_FILE, XLSX_FILE)
            ),
            (f"{kind.path}/files", AskForFile(pages, kind, dependencies)),
            (f"{kind.path}/views", ViewsPage(pages, kind, dependencies)),
            (f"{kind.path}/new", (NewNote if kind in NOTE_PAGES else NewObject)(pages, kind, dependencies, client)),
            (
                f"{kind.path}/{{id}}/edit",
                (EditNote if kind in NOTE_PAGES else EditObject)(pages, kind, dependencies, client),
            ),
            (f"{kind.path}/{{id}}/json", ObjectJson(pages, kind, dependencies.member_reads)),
            *([(f"{kind.path}/{{id}}/pdf", ObjectPdf(pages, kind, dependencies))] if kind.type.prints else []),
            (f"{kind.path}/{{id}}", ObjectPage(pages, kind, dependencies, origin, client)),
        )
    ] + [
        (FIND, FindPage(pages, dependencies, guides)),
        (FILES, FilesPage(pages, dependencies)),
        (f"{FILES}/{{id}}", FilePage(pages, dependencies, origin, client, running)),
        (f"{LEAVE_PAGES.path}/away", AwayPage(pages, dependencies.member_reads)),
        ("/static/objects.css", pages.static_file("objects.css", CSS)),
    ]
