"""Renders the Markdown of a guide as HTML: headings with anchors, tables that scroll, links to other guides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from api.docs.guide_flow import render_flow
from api.docs.guide_tabs import render_tabs, tabs_of
from api.docs.pictures import ADDRESS, THEMES, picture_at
from api.pages.markdown import anchor_of, headings, highlight_code, html_renderer, safe_html

_SIBLING = re.compile(r"^([a-z0-9-]+)\.md(#.*)?$")
_ORIGIN = "ORIGIN_OF_THIS_SERVICE"
"""Replaces `{origin}` during the rendering, because the syntax highlighter would split `{origin}` into parts."""


def article_of(markdown: str, origin: str) -> Markup:
    """Return the guide as HTML. Its commands and links contain `origin`."""
    return safe_html(_render(markdown).replace(_ORIGIN, escape(origin)))


@lru_cache(maxsize=64)
def _render(markdown: str) -> str:
    renderer = _renderer()
    tokens = renderer.parse(markdown.replace("{origin}", _ORIGIN))
    for opening, text in headings(tokens):
        opening.attrs["id"] = anchor_of(text)
    for token in _with_children(tokens):
        if token.type == "link_open":
            token.attrs["href"] = _page_address(str(token.attrs["href"]))
    html: str = renderer.renderer.render(tokens, renderer.options, {})
    return html


def _renderer() -> MarkdownIt:
    renderer = html_renderer()
    renderer.add_render_rule("fence", _render_code)
    renderer.add_render_rule("image", _render_picture)
    renderer.add_render_rule("table_open", _open_table)
    renderer.add_render_rule("table_close", lambda *_: "</table></div>\n")
    renderer.add_render_rule("heading_close", _close_heading)
    return renderer


def _with_children(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _page_address(href: str) -> str:
    """Return the target of a link on the page. `href` is the target in the Markdown, such as `errors.md#not_found`."""
    sibling = _SIBLING.match(href)
    return f"/docs/guides/{sibling[1]}{sibling[2] or ''}" if sibling else href.removeprefix(_ORIGIN)


def _render_code(_self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
    """Return a code block as HTML. A command that other languages can express gets tabs. A flow becomes a picture."""
    token = tokens[index]
    if token.info == "flow":
        return render_flow(token.content)
    tabs = tabs_of(token.content) if token.info == "sh" else None
    return render_tabs(*tabs, id=f"tabs-{index}") if tabs else highlight_code(token.content, token.info)


def _render_picture(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    """Return a picture of the console in each theme. The style sheet shows the one of the page's theme."""
    picture, alternative = picture_at(str(tokens[index].attrs["src"])), escape(tokens[index].content)
    size = f'width="{picture.width}" height="{picture.height}" loading="lazy" decoding="async"'
    return "".join(
        f'<img class="for-{theme}" src="{ADDRESS}/{picture.file(theme)}" alt="{alternative}" {size}>'
        for theme in THEMES
    )


def _open_table(_self: RendererHTML, *_: Any) -> str:
    return '<div class="table" tabindex="0"><table>\n'


def _close_heading(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    """Return the end of a heading, with a link to the heading itself."""
    anchor = tokens[index - 2].attrs.get("id")
    mark = f' <a class="anchor" href="#{anchor}" aria-label="Link to this section">#</a>' if anchor else ""
    return f"{mark}</{tokens[index].tag}>\n"
