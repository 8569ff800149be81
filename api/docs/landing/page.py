"""The landing page `/`: what the API does, a request in several languages with its response, and all endpoints.

The page works without JavaScript. A script only adds the buttons Copy.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import falcon
from markupsafe import Markup

from api.docs.guides import USERS, Guide, guide_sources, guides_in
from api.docs.landing.facts import endpoints_by_tag, figures_of, free_of, sample_answer, sample_body, scopes_of
from api.docs.landing.run import RunIt, Visit, run_command
from api.docs.pictures import ON_LANDING, picture_routes
from api.docs.reference.scalar import SAMPLE_LANGUAGES
from api.http.origin import Origin
from api.openapi.examples import EXAMPLE_ORIGIN
from api.openapi.failure_examples import failure_example
from api.pages.factory import PageFactory
from api.pages.markdown import highlight_code, safe_html
from api.pages.responses import CSS, JAVASCRIPT, CachedResponse, DailyPage
from api.ports.users.setup import Setup
from api.samples.languages import LANGUAGES
from api.samples.placeholders import daily, today
from api.samples.request import SampleRequest
from domain.money import MINOR_UNITS

BuildDocument = Callable[[str], dict[str, Any]]
"""Returns the OpenAPI document. Its argument is the origin of its server."""


_PREFIX = "Using it from "
"""The beginning of the titles of guides about connections to other products."""


class Tab(NamedTuple):
    """A language of the sample request, with the highlighted program."""

    id: str
    label: str
    code: Markup


class LandingPage:
    """The landing page. As long as somebody can set up the first organization, it leads there."""

    def __init__(self, usual: DailyPage, new: DailyPage, setup: Setup) -> None:
        self._usual, self._new, self._setup = usual, new, setup

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        page = self._new if self._setup.is_open() else self._usual
        page.on_get(req, resp)


def landing_routes(
    pages: PageFactory,
    origin: Origin,
    build_document: BuildDocument,
    visit: Visit | None,
    setup: Setup,
) -> list[tuple[str, Any]]:
    """Return the routes of the page and of its files. The samples contain the origin, and dates from today on.

    With `visit`, visitors can run a request.
    """
    make = partial(_landing_page, pages, daily(partial(build_document, "")), visit is not None)
    usual, new = (pages.daily_page(partial(make, is_new), origin, today) for is_new in (False, True))
    return [
        ("/", LandingPage(usual, new, setup)),
        ("/static/landing.css", pages.static_file("landing.css", CSS)),
        ("/static/landing.js", pages.static_file("landing.js", JAVASCRIPT)),
        *picture_routes(pages),
        *([] if visit is None else [("/run", RunIt(pages, visit, origin))]),
    ]


def _landing_page(
    pages: PageFactory, document: Callable[[], dict[str, Any]], can_run: bool, is_new: bool, origin: str, day: date
) -> CachedResponse:
    return pages.html(
        "docs/landing/page.html",
        path="/",
        origin=origin,
        tabs=_tabs(origin, day),
        other_languages=SAMPLE_LANGUAGES - len(LANGUAGES),
        answer=_json({"success": True, "data": sample_answer(document())}),
        page=_json(_page(origin)),
        failure=_json(_failure(origin)),
        figures=figures_of(document()),
        groups=endpoints_by_tag(document()),
        scopes=scopes_of(document()),
        free=free_of(document()),
        connections=[(guide.title.removeprefix(_PREFIX), guide.path) for guide in _connections()],
        guides=[(group, guides_in(group)) for group in USERS],
        currencies=len(MINOR_UNITS),
        pictures=ON_LANDING,
        run=run_command(origin) if can_run else None,
        is_new=is_new,
    )


def _connections() -> list[Guide]:
    """Return the guides about other products, and about curl."""
    return [guide for guide in guide_sources() if guide.group == "Without code" or guide.slug == "curl"]


def _tabs(origin: str, day: date) -> list[Tab]:
    request = SampleRequest("POST", f"{origin}/api/v1/invoices", body=sample_body(day))
    return [
        Tab(language.id, language.label, safe_html(highlight_code(language.render(request), language.highlighter)))
        for language in LANGUAGES.values()
    ]


def _page(origin: str) -> Any:
    """Return the outline of a page of a list. Its objects are left out."""
    next_url = f"{origin}/api/v1/invoices?cursor=…"
    pagination = {"limit": 50, "hasMore": True, "nextCursor": "…", "nextUrl": next_url}
    return {"success": True, "data": ["…"], "pagination": pagination}


def _failure(origin: str) -> Any:
    """Return the example of a failure without the fields that the page does not explain."""
    body = failure_example("validation_failed", public=False)
    error = {name: value for name, value in body["error"].items() if name not in ("requestId", "status")}
    return {**body, "error": {**error, "docUrl": error["docUrl"].replace(EXAMPLE_ORIGIN, origin)}}


def _json(value: Any) -> Markup:
    return safe_html(highlight_code(json.dumps(value, indent=2, ensure_ascii=False), "json"))
