"""Markdown as HTML: headings that can be linked to, highlighted code, tables that scroll by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

_SIBLING = re.compile(r"^([a-z0-9-]+)\.md(#.*)?$")
ORIGIN = "ORIGIN_OF_THIS_SERVICE"
"""What stands in a rendered guide for the service's address: one word, which no highlighter takes apart."""

_FORMATTER = HtmlFormatter(nowrap=True)
_LANGUAGES = {"sh": "bash", "python": "python", "json": "json", "console": "console", "js": "javascript"}


def rendered(markdown: str) -> str:
    """A guide as HTML; links to other guides lead to their pages, and the service's address is `ORIGIN`."""
    renderer = _renderer()
    tokens = renderer.parse(markdown.replace("{origin}", ORIGIN))
    for opening, words in headings(tokens):
        opening.attrs["id"] = anchor_of(words)
    for token in _all(tokens):
        if token.type == "link_open":
            token.attrs["href"] = _address(str(token.attrs["href"]))
    html: str = renderer.renderer.render(tokens, renderer.options, {})
    return html


def parser() -> MarkdownIt:
    """Return a parser of the Markdown that guides are written in: CommonMark with tables."""
    return MarkdownIt("commonmark").enable("table")


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading, as GitHub makes it too."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def plain(token: Token) -> str:
    """Return the words of an inline token, without emphasis and links."""
    return "".join(" " if child.type == "softbreak" else child.content for child in token.children or ())


def headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Yield the headings below the title, each with its words."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag in ("h2", "h3"):
            yield opening, plain(inline)


def _renderer() -> MarkdownIt:
    made = parser()
    made.options["highlight"] = highlighted
    made.add_render_rule("table_open", _table_open)
    made.add_render_rule("table_close", lambda *_: "</table></div>\n")
    made.add_render_rule("heading_close", _heading_close)
    return made


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _address(href: str) -> str:
    """Where a link of a guide's Markdown leads from its page."""
    sibling = _SIBLING.match(href)
    return f"/docs/guides/{sibling[1]}{sibling[2] or ''}" if sibling else href.removeprefix(ORIGIN)


def highlighted(code: str, language: str, _: str) -> str:
    lexer = _LANGUAGES.get(language)
    shown = highlight(code, get_lexer_by_name(lexer), _FORMATTER) if lexer else escape(code, quote=False)
    return f'<pre tabindex="0" class="code" data-language="{escape(language)}"><code>{shown}</code></pre>\n'


def _table_open(_self: RendererHTML, *_: Any) -> str:
    return '<div class="table" tabindex="0"><table>\n'


def _heading_close(
    _self: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    """A link to the heading itself, before it ends."""
    anchor = tokens[index - 2].attrs.get("id")
    mark = f' <a class="anchor" href="#{anchor}" aria-label="Link to this section">#</a>' if anchor else ""
    return f"{mark}</{tokens[index].tag}>\n"
