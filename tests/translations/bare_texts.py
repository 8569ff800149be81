"""Finds texts in templates that cannot be translated: those outside of `_(…)` and `{% trans %}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import Environment, nodes

NAMES = frozenset(("SmartDhandha", "URL", "API", "ms", "429", "·", "→"))
"""Texts that are the same in every language."""
_ATTRIBUTES = frozenset(("aria-label", "alt", "title", "placeholder", "data-label"))
_CODE = frozenset(("code", "kbd", "svg", "script", "style"))
"""Elements whose texts are no sentences."""
_TRANSLATED = re.compile(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", re.DOTALL)
_GAP = " \u241f "
"""Stands for what the template computes."""
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"\S\s+\S|^\s*[A-Z]")
_NO_SENTENCES = re.compile(r"https?://|[0-9a-f.:/, ]+$|Zapier$|req_…$|aria-[a-z]+=|-problem")
"""Placeholders that show the form of a value, and attributes that a macro returns."""


class _Texts(HTMLParser):
    """Collects the texts and the attributes that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in _CODE
        self.found += [value for name, value in attrs if name in _ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in _CODE

    def handle_data(self, data: str) -> None:
        if not self._code:
            self.found.append(data)


def bare_texts(template: str) -> Iterator[str]:
    """Yield the texts of a template that have no translation."""
    parser = _Texts()
    parser.feed(_JINJA.sub(_GAP, _TRANSLATED.sub(_GAP, _COMMENT.sub("", template))))
    for found in parser.found:
        for text in found.split(_GAP.strip()):
            words = [word for word in text.split() if word not in NAMES and _LETTERS.search(word)]
            if words and not _NO_SENTENCES.match(text.strip()):
                yield text.strip()
    yield from _literals(template)


def _literals(template: str) -> Iterator[str]:
    """Yield the sentences in choices such as `{{ 'Yes, please' if … else '' }}`."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(template)  # noqa: S701 -- nothing is rendered
    for choice in tree.find_all(nodes.CondExpr):
        for branch in (choice.expr1, choice.expr2):
            if isinstance(branch, nodes.Const) and isinstance(branch.value, str) and _SENTENCE.search(branch.value):
                yield branch.value
