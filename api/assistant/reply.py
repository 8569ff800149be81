"""The body of a question to the assistant, and the body of its reply."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from api.samples.languages import LANGUAGES as SAMPLE_LANGUAGES
from commands.fields import Choice, Report, Text
from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation
from domain.reading import InvalidValue

LANGUAGES = tuple(SAMPLE_LANGUAGES)
MAX_CHARACTERS = 2000
"""The most characters of a question."""
MAX_PREVIOUS = 6
"""The most earlier questions of a thread that come along with a question."""


class Texts(msgspec.Struct, frozen=True):
    """Accepts a list of at most `max` texts."""

    of: Text
    max: int

    def parse(self, value: Any, path: str, report: Report) -> tuple[str, ...]:
        if type(value) is not list or len(value) > self.max:
            raise InvalidValue(f"must be a list of at most {self.max} strings")
        return tuple(self._text(each, f"{path}[{place}]", report) for place, each in enumerate(value))

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "maxItems": self.max, "items": self.of.schema()}

    def _text(self, value: Any, path: str, report: Report) -> str:
        try:
            return self.of.parse(value, path, report)
        except InvalidValue as error:
            report(Violation(path, VALIDATION_FAILED, str(error)))
            return ""


class AskAssistant(msgspec.Struct, frozen=True, rename="camel"):
    """A question in ordinary words."""

    question: Annotated[str, Text(MAX_CHARACTERS, is_stored=False)]
    previous: Annotated[tuple[str, ...], Texts(Text(MAX_CHARACTERS, is_stored=False), max=MAX_PREVIOUS)] | None = None
    """The earlier questions of the same thread, the oldest first. Nothing of a thread is stored."""
    language: Annotated[str, Choice(LANGUAGES)] | None = None


class AssistantLink(msgspec.Struct, frozen=True):
    """A page that the answer was made from."""

    title: str
    url: str


class AssistantSample(msgspec.Struct, frozen=True):
    """A program that sends a request to the API. It reads the API key from the environment variable SD_KEY."""

    language: str
    code: str


class AssistantReply(msgspec.Struct, frozen=True):
    """The answer; it has no sources when the assistant does not know."""

    answer: str
    """The text of the answer, in Markdown."""
    sources: list[AssistantLink]
    samples: list[AssistantSample]
    suggestions: list[str]
    """Questions that the user may ask next."""
