"""Renders an answer as the reply to a question: its text with the request and one link, and samples."""

from __future__ import annotations

from api.assistant.answers.answer import Answer
from api.assistant.answers.requests import Request
from api.assistant.knowledge.library import Library, Source
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.thread import Question
from api.assistant.reply import AssistantLink, AssistantReply, AssistantSample
from api.samples.languages import LANGUAGES
from api.samples.placeholders import fill, today

_KEY_WARNING = (
    "**Your question held an API key.** The key was removed before the question was processed. Still, treat the "
    "key as known to others: revoke or rotate it now (without an overlap), at `/login` under Settings → Developer."
)
_STARTERS = ("How do I create an invoice?", "How do I authenticate?", "What happens when I run out of requests?")
_MAX_SOURCES = 4


def compose_reply(
    question: Question, answer: Answer, language: str | None, library: Library, origin: str
) -> AssistantReply:
    """Return the whole reply. Its links and samples begin with the origin, such as `https://api.example.in`."""
    sources = [library.source(id) for id in answer.sources[:_MAX_SOURCES]]
    samples = _samples(answer.request, language or question.language, origin + library.base)
    paragraphs = [fill(answer.text, origin, today())]
    if samples:
        paragraphs.append(_fenced(samples[0]))
    if sources:
        paragraphs.append(f"More: {_link(sources[0], origin)}.")
    else:
        paragraphs.append(f"What I know is in the [reference]({origin}/docs) and the [guides]({origin}/docs/guides).")
    return AssistantReply(
        key_warning(question) + "\n\n".join(paragraphs),
        [AssistantLink(source.title, origin + source.url) for source in sources],
        samples,
        suggestions(sources, library),
    )


def key_warning(question: Question) -> str:
    """Return the warning that begins the answer to a question with an API key; an empty text for other questions."""
    return f"{_KEY_WARNING}\n\n" if question.reading.had_key else ""


def suggestions(sources: list[Source], library: Library) -> list[str]:
    """Return up to three questions that the user may ask next, first about operations on the same kind of object."""
    tags = {source.tag for source in sources if isinstance(source, DocumentedOperation)}
    others = [each for each in library.operations.values() if each.tag in tags and each not in sources]
    return [*dict.fromkeys([*map(suggested_question, others[:2]), *_STARTERS])][:3]


def suggested_question(operation: DocumentedOperation) -> str:
    """Return a question that the operation answers."""
    return f"How do I {operation.title[0].lower()}{operation.title[1:]}?"


def _samples(request: Request | None, language: str | None, root: str) -> list[AssistantSample]:
    if request is None:
        return []
    sample = request.sample(root)
    return [AssistantSample(id, each.render(sample)) for id, each in LANGUAGES.items() if language in (None, id)]


def _fenced(sample: AssistantSample) -> str:
    return f"```{LANGUAGES[sample.language].highlighter}\n{sample.code}\n```"


def _link(source: Source, origin: str) -> str:
    return f"[{source.title}]({origin}{source.url})"
