"""Renders the answers of the assistant as HTML.

The text of an answer is Markdown and may come from a language model. Therefore images are not rendered, and HTML in the
text is shown as text.
"""

from __future__ import annotations

from typing import NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup

from api.assistant.reply import AssistantReply
from api.pages.factory import PageFactory
from api.pages.markdown import highlight_code, html_renderer, safe_html
from api.samples.languages import LANGUAGES


class _Sample(NamedTuple):
    label: str
    code: Markup


class AnswerHtml:
    """Renders the answers for one request. Links to this service become relative."""

    def __init__(self, pages: PageFactory, origin: str) -> None:
        self._pages, self._origin = pages, origin

    def answer(self, reply: AssistantReply) -> str:
        """Return the whole answer: its text, samples that it does not contain, the sources and suggestions.

        The text's own link to the first source is left out, so that no source stands there twice.
        """
        samples = [
            _Sample(
                LANGUAGES[each.language].label,
                safe_html(highlight_code(each.code, LANGUAGES[each.language].highlighter)),
            )
            for each in reply.samples
            if each.code not in reply.answer
        ]
        sources = [(each.url.removeprefix(self._origin), each.title) for each in reply.sources]
        text, _, last = reply.answer.rpartition("\n\n")
        return self._pages.render(
            "assistant/answer.html",
            text=_render(text if last.startswith("More: [") else reply.answer),
            samples=samples,
            sources=sources,
            suggestions=reply.suggestions,
        )

    def text(self, markdown: str) -> str:
        """Return the text of an unfinished answer as HTML."""
        return self._pages.render("assistant/answer_text.html", text=_render(markdown))


def _render(markdown: str) -> Markup:
    return safe_html(_renderer().render(markdown))


def _renderer() -> MarkdownIt:
    renderer = html_renderer().disable("image")
    renderer.options["html"] = False
    return renderer
