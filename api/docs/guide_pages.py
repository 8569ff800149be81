"""The routes under `/docs/guides`: the guides as HTML pages and as Markdown.

The commands in the guides contain the origin of the service. If no setting declares the origin, each request shows it.
Therefore each page is rendered once for each origin.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import falcon

from api.docs.guide_html import article_of
from api.docs.guides import FOLDER, GROUPS, Guide, guide_sources, guides_in, with_origin
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.pages.markdown import anchor_of
from api.pages.responses import CSS, JAVASCRIPT, MARKDOWN, CachedResponse

INDEX = "/docs/guides"


def guide_routes(pages: PageFactory, origin: Origin) -> list[tuple[str, Any]]:
    """Return the routes of the index, of each guide as a page and as Markdown, and of the static files."""
    routes: list[tuple[str, Any]] = [
        (INDEX, pages.page(partial(_index_page, pages))),
        ("/static/guides.css", pages.static_file("guides.css", CSS)),
        ("/static/guides.js", pages.static_file("guides.js", JAVASCRIPT)),
        (f"{INDEX}/n8n-workflow.json", pages.page_by_origin(partial(_workflow, pages), origin)),
    ]
    for number, guide in enumerate(guide_sources()):
        routes.append((guide.path, pages.page_by_origin(partial(_guide_page, pages, number), origin)))
        routes.append((f"{guide.path}.md", pages.page_by_origin(partial(_guide_markdown, pages, number), origin)))
    return routes


def _index_page(pages: PageFactory) -> CachedResponse:
    contents = [(anchor_of(group), group) for group in GROUPS]
    return pages.html("docs/guide_index.html", path=INDEX, groups=_groups(), contents=contents)


def _guide_page(pages: PageFactory, number: int, origin: str) -> CachedResponse:
    guide = guide_sources()[number]
    return pages.html(
        "docs/guide.html",
        path=guide.path,
        guide=guide,
        groups=_groups(),
        contents=[(section.anchor, section.heading) for section in guide.sections if section.anchor],
        article=article_of(guide.markdown, origin),
    )


def _guide_markdown(pages: PageFactory, number: int, origin: str) -> CachedResponse:
    return pages.text(with_origin(guide_sources()[number], origin).markdown, MARKDOWN)


def _groups() -> list[tuple[str, str, tuple[Guide, ...]]]:
    """Return the anchor, the title and the guides of each group of guides."""
    return [(anchor_of(group), group, guides_in(group)) for group in GROUPS]


def _workflow(pages: PageFactory, origin: str) -> CachedResponse:
    text = (FOLDER / "n8n-workflow.json").read_text("utf-8")
    return pages.text(text.replace("{origin}", json.dumps(origin)[1:-1]), falcon.MEDIA_JSON)
