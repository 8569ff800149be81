"""The routes under `/docs/guides`: the guides as HTML pages and as Markdown.

The commands in the guides contain the origin of the service, and days relative to the current day. If no setting
declares the origin, the origin is that of the request. Therefore each page is rendered once a day for each origin.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import falcon

from api.docs.guide_html import article_of
from api.docs.guides import FOLDER, OPERATORS, SLUGS, USERS, Guide, guide_sources, guides_in, path_of
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.pages.markdown import anchor_of
from api.pages.responses import CSS, JAVASCRIPT, MARKDOWN, CachedResponse
from api.samples.placeholders import fill, fill_days, today

WORKFLOWS = ("n8n-workflow.json", "n8n-draft-invoice.json")
"""The workflows for n8n in `docs/guides/`."""
INDEX, OPERATORS_INDEX = "/docs/guides", "/docs/guides/operators"


def guide_routes(pages: PageFactory, origin: Origin) -> list[tuple[str, Any]]:
    """Return the routes of the indexes, of each guide as a page and as Markdown, and of the static files."""
    routes: list[tuple[str, Any]] = [
        (INDEX, pages.page(partial(_index_page, pages, INDEX))),
        (OPERATORS_INDEX, pages.page(partial(_index_page, pages, OPERATORS_INDEX))),
        ("/static/guides.css", pages.static_file("guides.css", CSS)),
        ("/static/guides.js", pages.static_file("guides.js", JAVASCRIPT)),
        *((f"{INDEX}/{name}", pages.page_by_origin(partial(_workflow, pages, name), origin)) for name in WORKFLOWS),
    ]
    # The guides are read for the first of their pages: parsing them takes longer than all else at the start.
    for number, slug in enumerate(SLUGS):
        page, markdown = partial(_guide_page, pages, number), partial(_guide_markdown, pages, number)
        routes.append((path_of(slug), pages.daily_page(page, origin, today)))
        routes.append((f"{path_of(slug)}.md", pages.daily_page(markdown, origin, today)))
    return routes


def redirect_to_guide(req: falcon.Request, resp: falcon.Response, **segments: str) -> None:
    """Redirect from a guide's name with capitals, such as `/docs/guides/Zapier`, to its page."""
    slug = segments["slug"]
    if slug != slug.lower() and slug.lower() in SLUGS:
        raise falcon.HTTPMovedPermanently(f"{INDEX}/{slug.lower()}")
    raise falcon.HTTPRouteNotFound


def _index_page(pages: PageFactory, path: str) -> CachedResponse:
    names = (OPERATORS,) if path == OPERATORS_INDEX else USERS
    contents = [(anchor_of(group), group) for group in names]
    return pages.html("docs/guides/index.html", path=path, index=path, groups=_groups(names), contents=contents)


def _guide_page(pages: PageFactory, number: int, origin: str, day: date) -> CachedResponse:
    guide = guide_sources()[number]
    names = (OPERATORS,) if guide.is_for_operators else USERS
    groups = _groups(names)
    before, after = _neighbours(guide, [each for _, _, guides in groups for each in guides])
    return pages.html(
        "docs/guides/guide.html",
        path=guide.path,
        index=OPERATORS_INDEX if guide.is_for_operators else INDEX,
        guide=guide,
        groups=groups,
        before=before,
        after=after,
        contents=[(section.anchor, section.heading) for section in guide.sections if section.anchor],
        article=article_of(fill_days(guide.markdown, day), origin),
    )


def _guide_markdown(pages: PageFactory, number: int, origin: str, day: date) -> CachedResponse:
    return pages.text(fill(guide_sources()[number].markdown, origin, day), MARKDOWN)


def _groups(names: Sequence[str]) -> list[tuple[str, str, tuple[Guide, ...]]]:
    """Return the anchor, the title and the guides of each group with one of these names."""
    return [(anchor_of(group), group, guides_in(group)) for group in names]


def _neighbours(guide: Guide, guides: Sequence[Guide]) -> tuple[Guide | None, Guide | None]:
    """Return the guides before and after this guide. None stands for a missing guide."""
    slugs = [each.slug for each in guides]
    place = slugs.index(guide.slug)
    return (guides[place - 1] if place else None), (guides[place + 1] if place + 1 < len(guides) else None)


def _workflow(pages: PageFactory, name: str, origin: str) -> CachedResponse:
    text = (FOLDER / name).read_text("utf-8")
    return pages.text(text.replace("{origin}", json.dumps(origin)[1:-1]), falcon.MEDIA_JSON)
