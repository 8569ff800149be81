"""What the assistant needs from outside: an index of passages, a rate limit and, optionally, a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import msgspec


class Passage(msgspec.Struct, frozen=True):
    """The text of one operation, or of one section of a guide, as it is indexed."""

    id: str
    """The id of an operation, or the slug of a guide, followed by # and an anchor for a section."""
    fields: tuple[str, str, str, str]
    """Its texts, the most important first: a match in an earlier field weighs more."""


class Edition(msgspec.Struct, frozen=True):
    """All passages of this version of the reference and the guides."""

    id: str
    """A hash of their texts."""
    passages: tuple[Passage, ...]


class Term(msgspec.Struct, frozen=True):
    """Words with the same meaning, in ASCII letters and digits. A passage has the term when it has one of them."""

    words: tuple[str, ...]
    weight: float = 1.0


class Hit(NamedTuple):
    """A passage that was found."""

    id: str
    score: float
    positions: set[int]
    """Which of the terms it has, as positions in their list."""


class PassageIndex(Protocol):
    """A full-text index of passages."""

    def unknown(self, edition: Edition, words: Sequence[str]) -> dict[str, list[str]]:
        """Return the words that no passage has, each with the words of passages that are spelled similarly."""

    def search(self, edition: Edition, terms: Sequence[Term], limit: int) -> list[Hit]:
        """Return at most `limit` passages that have some of the terms, the best first."""


class QuestionRateLimit(Protocol):
    """The limit on the number of questions from one address."""

    def wait(self, address: str) -> float:
        """Count a question and return 0, or return the seconds to wait until the next one is admitted."""


class ModelFailed(Exception):
    """The language model is unreachable, busy or too slow, or its answer is empty or broken."""


class Model(Protocol):
    """A language model that writes answers from the passages that were found."""

    def write(self, instructions: str, question: str) -> Iterator[str]:
        """Yield the answer in pieces, as the model writes it. Raises ModelFailed, also after some pieces."""


class AssistantPorts(msgspec.Struct, frozen=True):
    """The ports of the assistant."""

    index: PassageIndex
    rate_limit: QuestionRateLimit
    model: Model | None = None
