"""The body of a question to the assistant, and the body of its reply."""

from __future__ import annotations

from typing import Annotated

import msgspec

from commands.fields import Choice, Text

LANGUAGES = ("curl", "python", "javascript")


class AskAssistant(msgspec.Struct, frozen=True, rename="camel"):
    """A question in ordinary words."""

    question: Annotated[str, Text(2000)]
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
