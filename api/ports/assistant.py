"""The ports of the assistant: an index of passages, a rate limit and, optionally, a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import msgspec


class Passage(msgspec.Struct, frozen=True):
    """A piece of text in the index: one operation, or one section of a guide."""

    id: str
    """The id of the operation, or the name of the guide. For a section with a heading, `#` and the anchor follow."""
    fields: tuple[str, str, str, str]
    """The texts of the passage, the most important first. A match in an earlier text has a higher score."""


class Edition(msgspec.Struct, frozen=True):
    """All passages of this version of the reference and the guides."""

    id: str
    """A hash of the texts of all passages."""
    passages: tuple[Passage, ...]


class Term(msgspec.Struct, frozen=True):
    """A search term: words with the same meaning. A passage with at least one of the words contains the term."""

    words: tuple[str, ...]
    """The words, in ASCII letters and digits."""
    weight: float = 1.0
    """The factor by which the term counts in the score of a passage."""


class Hit(NamedTuple):
    """A passage that the search found."""

    id: str
    score: float
    positions: set[int]
    """The indexes, in the list of terms, of the terms that the passage contains."""


class PassageIndex(Protocol):
    """A full-text index of passages."""

    def unknown(self, edition: Edition, words: Sequence[str]) -> dict[str, list[str]]:
        """Return the words that no passage contains, each with similar words that passages contain."""

    def search(self, edition: Edition, terms: Sequence[Term], limit: int) -> list[Hit]:
        """Return at most `limit` passages that contain at least one of the terms, the best first."""


class QuestionRateLimit(Protocol):
    """The limit on the number of questions from one client address."""

    def wait(self, address: str) -> float:
        """Count a question and return 0. If the limit is reached, return the seconds until a question is allowed."""


class ModelFailed(Exception):
    """The language model is unreachable, busy or too slow, or its answer is empty or broken."""


class Model(Protocol):
    """A language model that writes answers from passages."""

    def write(self, instructions: str, question: str) -> Iterator[str]:
        """Yield the answer in pieces while the model writes it. Raises ModelFailed, possibly after some pieces."""


class AssistantPorts(msgspec.Struct, frozen=True):
    """The ports of the assistant."""

    index: PassageIndex
    rate_limit: QuestionRateLimit
    model: Model | None = None
