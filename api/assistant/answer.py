"""Composes the reply to a question from the sources that the search found, without a language model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from api.assistant.facts import operation_facts
from api.assistant.knowledge.canned import CannedAnswer
from api.assistant.knowledge.library import GuideSection, Library, Source
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reply import AssistantLink, AssistantReply, AssistantSample
from api.assistant.samples import render_samples
from api.assistant.search import SearchResult
from api.docs.placeholders import fill, today

_MAX_SECTION_CHARACTERS = 1800
_SET_UP = "```sh\nexport "
"""The beginning of a code block that sets up a guide's commands. Answers leave this block out."""
_KEY_WARNING = (
    "**Your question held an API key.** The key was removed before the question was processed. Still, treat the "
    "key as known to others: revoke or rotate it now (without an overlap), at `/login` under Settings → Developer."
)
_FENCES = {"curl": "sh", "python": "python", "javascript": "js"}
_STARTERS = ("How do I create an invoice?", "How do I authenticate?", "What happens when I run out of requests?")


def compose_reply(result: SearchResult, library: Library, origin: str) -> AssistantReply:
    """Return the whole reply. Its links and samples begin with the origin, such as `https://api.example.in`."""
    reply = _Composer(result, library, origin).reply()
    return msgspec.structs.replace(reply, answer=key_warning(result) + reply.answer)


def key_warning(result: SearchResult) -> str:
    """Return the warning that begins the answer to a question with an API key; an empty text for other questions."""
    return f"{_KEY_WARNING}\n\n" if result.question.had_key else ""


def suggestions(result: SearchResult) -> list[str]:
    """Return up to three questions that the user may ask next, first about the next best operations."""
    others = [each for each in (*result.sources[1:], *result.related) if isinstance(each, DocumentedOperation)]
    questions = [f"How do I {each.title[0].lower()}{each.title[1:]}?" for each in others]
    return [*dict.fromkeys([*questions, *_STARTERS])][:3]


class _Composer:
    """Composes the reply to one question from its search result."""

    def __init__(self, result: SearchResult, library: Library, origin: str) -> None:
        self._result, self._library, self._origin = result, library, origin
        operations = (each for each in result.sources if isinstance(each, DocumentedOperation))
        self._operation = next(operations, None)
        """The first operation among the sources; None if there is none."""

    def reply(self) -> AssistantReply:
        if self._result.canned is not None:
            return self._canned(self._result.canned)
        if not self._result.sources:
            return AssistantReply(self._unknown(), [], [], list(_STARTERS))
        samples = self._samples() if self._wants_samples() else []
        return self._with_sources("\n\n".join(self._paragraphs(samples)), samples)

    def _canned(self, canned: CannedAnswer) -> AssistantReply:
        samples = self._samples() if canned.has_sample else []
        paragraphs = [canned.text]
        if samples:
            paragraphs += [f"{self._request()}:", _fenced(samples[0])]
        paragraphs.append(f"See {self._links(self._result.sources)}.")
        return self._with_sources("\n\n".join(paragraphs), samples)

    def _with_sources(self, text: str, samples: list[AssistantSample]) -> AssistantReply:
        links = [AssistantLink(source.title, self._origin + source.url) for source in self._result.sources]
        return AssistantReply(text, links, samples, suggestions(self._result))

    def _paragraphs(self, samples: list[AssistantSample]) -> Iterator[str]:
        first, *others = self._result.sources
        best_section = self._result.best_section
        if isinstance(first, DocumentedOperation):
            yield from self._operation_paragraphs(first, samples[0])
        else:
            yield from self._section_paragraphs(first)
        if best_section is not None:
            yield from self._section_paragraphs(best_section)
        if isinstance(first, GuideSection) and samples:
            yield f"The request: {self._request()}"
            yield _fenced(samples[0])
        if also := [source for source in others if source != best_section]:
            yield f"See also: {self._links(also)}."

    def _operation_paragraphs(self, operation: DocumentedOperation, sample: AssistantSample) -> Iterator[str]:
        yield f"**{operation.title}** with {self._request()}"
        yield operation.text
        yield _fenced(sample)
        yield "\n".join(f"- {fact}" for fact in operation_facts(operation, self._origin))

    def _section_paragraphs(self, each: GuideSection) -> Iterator[str]:
        yield f"**{self._link(each)}**"
        yield fill(_shorten(each.section.text).replace("](/", f"]({self._origin}/"), self._origin, today())

    def _wants_samples(self) -> bool:
        """Return whether the question is about an operation, or names a language or an endpoint."""
        question = self._result.question
        is_about_operation = isinstance(self._result.sources[0], DocumentedOperation)
        return is_about_operation or bool(question.language or question.route)

    def _samples(self) -> list[AssistantSample]:
        if self._operation is None:
            return []
        question = self._result.question
        return render_samples(self._operation, self._origin + self._library.base, question.language, question.words)

    def _request(self) -> str:
        assert self._operation is not None
        return f"`{self._operation.method} {self._library.base}{self._operation.path}`"

    def _unknown(self) -> str:
        text = (
            "I do not know that. I answer questions about the SmartDhandha API: its endpoints, authentication, "
            "code samples, limits and errors."
        )
        pages = f"[Reference]({self._origin}/docs), [Guides]({self._origin}/docs/guides)"
        return f"{text} The nearest pages are: {', '.join([*map(self._link, self._result.related[:3]), pages])}."

    def _links(self, sources: Iterable[Source]) -> str:
        return ", ".join(map(self._link, sources))

    def _link(self, source: Source) -> str:
        return f"[{source.title}]({self._origin}{source.url})"


def _shorten(text: str) -> str:
    """Return the first paragraphs and code blocks, together at most _MAX_SECTION_CHARACTERS. No block is cut.

    The first block is kept even if it is longer.
    """
    kept: list[str] = []
    for block in re.findall(r"```.*?```|(?:(?!```).)+?(?:\n\n|\Z|(?=```))", text, re.DOTALL):
        if kept and sum(map(len, kept)) + len(block) > _MAX_SECTION_CHARACTERS:
            break
        kept.append(block.strip())
    return "\n\n".join(block for block in kept if block and not block.startswith(_SET_UP))


def _fenced(sample: AssistantSample) -> str:
    return f"```{_FENCES[sample.language]}\n{sample.code}\n```"
