"""Parses and renders Markdown: the parser for all Markdown texts, the anchors of headings, and highlighted code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

_FORMATTER = HtmlFormatter(nowrap=True)
_LEXERS = {
    "sh": "bash",
    "python": "python",
    "json": "json",
    "console": "console",
    "js": "javascript",
    "javascript": "javascript",
    "gs": "javascript",
    "php": "php",
    "go": "go",
    "powershell": "powershell",
}
"""For each language of a fenced code block, the name of its lexer in Pygments. Other languages are not highlighted."""


def parser() -> MarkdownIt:
    """Return a parser for CommonMark with tables."""
    return MarkdownIt("commonmark").enable("table")


def html_renderer() -> MarkdownIt:
    """Return a parser that renders HTML with highlighted code."""
    renderer = parser()
    renderer.options["highlight"] = highlight_code
    return renderer


def highlight_code(code: str, language: str, _attributes: str = "") -> str:
    """Return a code block as HTML."""
    lexer = _LEXERS.get(language)
    text = highlight(code, get_lexer_by_name(lexer), _FORMATTER) if lexer else escape(code, quote=False)
    return f'<pre tabindex="0" class="code" data-language="{escape(language)}"><code>{text}</code></pre>\n'


def safe_html(html: str) -> Markup:
    """Return HTML that needs no escaping as Markup. Templates include Markup without escaping it."""
    return Markup(html)  # noqa: S704 -- callers pass what a renderer has escaped, never what a client sent


def headings(tokens: list[Token]) -> Iterator[tuple[Token, str]]:
    """Yield the headings of the second and third level, each with its text."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag in ("h2", "h3"):
            yield opening, plain_text(inline)


def anchor_of(heading: str) -> str:
    """Return the anchor of a heading. It is the same anchor that GitHub makes."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def plain_text(token: Token) -> str:
    """Return the words of an inline token without their markup."""
    return "".join(" " if child.type == "softbreak" else child.content for child in token.children or ())
