"""An answer of the assistant as HTML.

The text may come from a model: it is Markdown without images, and HTML in it is shown as text.
"""

from __future__ import annotations

from typing import NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

from api.assistant.reply import AssistantReply
from api.pages.factory import PageFactory
from api.pages.markdown import highlight_code, html_renderer, safe_html

_FENCES = {"curl": "sh", "javascript": "js"}
"""The name of a language in a code block of Markdown, where it differs from the name in samples."""


class _Sample(NamedTuple):
    language: str
    code: Markup


class AnswerHtml:
    """Renders answers for one request; links to this service become relative."""

    def __init__(self, pages: PageFactory, origin: str) -> None:
        self._pages, self._origin = pages, origin

    def answer(self, reply: AssistantReply) -> str:
        """Return the whole answer: its text, the samples that the text lacks, the sources and the suggestions."""
        samples = [
            _Sample(each.language, safe_html(highlight_code(each.code, _FENCES.get(each.language, each.language))))
            for each in reply.samples
            if each.code not in reply.answer
        ]
        sources = [(each.url.removeprefix(self._origin), each.title) for each in reply.sources]
        return self._pages.render(
            "assistant/answer.html",
            text=_render(reply.answer),
            samples=samples,
            sources=sources,
            suggestions=reply.suggestions,
        )

    def text(self, markdown: str) -> str:
        """Return the text of an answer that is not complete yet."""
        return self._pages.render("assistant/answer_text.html", text=_render(markdown))


def _render(markdown: str) -> Markup:
    return safe_html(_renderer().render(markdown))


def _renderer() -> MarkdownIt:
    renderer = html_renderer().disable("image")
    renderer.options["html"] = False
    return renderer
