"""`/docs/guides`: the guides as pages and as Markdown.

They name the service's own address in every command. It is known when a request comes, unless it is a setting: so each
page is made once for each address that it is asked under.
"""

from __future__ import annotations

import json
from functools import cache, partial
from html import escape
from pathlib import Path
from string import Template
from typing import Any

import falcon

from api.docs.guides import GROUPS, Guide, guides, of_group, written_guides
from api.http.origin import Origin
from api.pages.files import CSS, CURRENT, HTML, JAVASCRIPT, WITHIN, Addressed, Page, navigation, page, static
from api.pages.markdown import ORIGIN, anchor_of, rendered

HERE = Path(__file__).parent

MARKDOWN = "text/markdown; charset=utf-8"
_POLICY = {"style-src": "'self'", "img-src": "'self'", "script-src": "'self'"}


def guide_routes(origin: Origin) -> list[tuple[str, Any]]:
    """The index, each guide in both forms, and what they need."""
    routes: list[tuple[str, Any]] = [
        ("/docs/guides", page(_index(), HTML, _POLICY)),
        ("/static/guides.css", static("guides.css", CSS)),
        ("/static/guides.js", static("guides.js", JAVASCRIPT)),
        ("/docs/guides/n8n-workflow.json", Addressed(_workflow, origin)),
    ]
    for number, guide in enumerate(written_guides()):
        routes.append((guide.path, Addressed(partial(_shown, guide), origin)))
        routes.append((f"{guide.path}.md", Addressed(partial(_markdown, number), origin)))
    return routes


def _shown(guide: Guide, origin: str) -> Page:
    return page(_html(guide).replace(ORIGIN, escape(origin)), HTML, _POLICY)


def _markdown(number: int, origin: str) -> Page:
    return page(guides(origin)[number].markdown, MARKDOWN)


@cache
def _html(guide: Guide) -> str:
    return _framed(
        title=guide.title,
        summary=guide.summary,
        here=guide.slug,
        contents="\n".join(
            f'<li><a href="#{section.anchor}">{escape(section.heading)}</a></li>'
            for section in guide.sections
            if section.anchor
        ),
        article=rendered(guide.markdown),
        source=f'<p class="source"><a href="{guide.path}.md">This page as Markdown</a></p>',
    )


def _index() -> str:
    cards = "\n".join(
        f'<h2 id="{anchor_of(group)}">{group}</h2>\n<ul class="modules">\n'
        + "\n".join(_card(guide) for guide in of_group(group))
        + "\n</ul>"
        for group in GROUPS
    )
    return _framed(
        title="Guides",
        summary="How to use the SmartDhandha API, step by step.",
        here="",
        contents="\n".join(f'<li><a href="#{anchor_of(group)}">{group}</a></li>' for group in GROUPS),
        article=f"<h1>Guides</h1>\n<p>Step by step, with commands that are tested: they work as pasted.</p>\n{cards}",
        source="",
    )


def _card(guide: Guide) -> str:
    return f'<li><a href="{guide.path}"><h3>{escape(guide.title)}</h3><p>{escape(guide.summary)}</p></a></li>'


def _framed(title: str, summary: str, here: str, contents: str, article: str, source: str) -> str:
    template = Template((HERE / "templates" / "guide.html").read_text("utf-8"))
    groups = "\n".join(f"<h2>{group}</h2>\n<ul>\n{_links(group, here)}\n</ul>" for group in GROUPS)
    return template.substitute(
        title=escape(title),
        summary=escape(summary),
        navigation=navigation("/docs/guides", WITHIN if here else CURRENT),
        guides=groups,
        contents=contents,
        article=article,
        source=source,
    )


def _links(group: str, here: str) -> str:
    return "\n".join(_link(guide, here) for guide in of_group(group))


def _link(guide: Guide, here: str) -> str:
    return f'<li><a href="{guide.path}"{CURRENT if guide.slug == here else ""}>{escape(guide.title)}</a></li>'


def _workflow(origin: str) -> Page:
    text = (HERE / "markdown" / "n8n-workflow.json").read_text("utf-8")
    return page(text.replace("{origin}", json.dumps(origin)[1:-1]), falcon.MEDIA_JSON)
