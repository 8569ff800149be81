"""What the assistant needs: an index of passages, a limit on questions and, optionally, a language model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec


class Passage(msgspec.Struct, frozen=True):
    """A piece of the reference or of a guide, as it is looked up."""

    id: str
    """An operation's id, or a guide's slug, with # and an anchor where it is one of its sections."""
    fields: tuple[str, str, str, str]
    """What it says, the telling words first: they weigh most."""


class Edition(msgspec.Struct, frozen=True):
    """All passages of this version of the reference and the guides."""

    id: str
    """A hash of what they say."""
    passages: tuple[Passage, ...]


class Term(msgspec.Struct, frozen=True):
    """One thing that is looked for: words that mean the same, in ASCII letters and digits."""

    words: tuple[str, ...]
    weight: float = 1.0


class PassageIndex(Protocol):
    """Where the assistant looks passages up."""

    def unknown(self, edition: Edition, words: Sequence[str]) -> dict[str, list[str]]:
        """Those of the words that no passage has, each with words of the passages that are written alike."""

    def search(self, edition: Edition, terms: Sequence[Term], limit: int) -> list[tuple[str, float, set[int]]]:
        """The best passages' ids, the best first, each with its score and the places of the terms that it has."""


class QuestionRateLimit(Protocol):
    """How fast an address may ask the assistant."""

    def wait(self, address: str) -> float:
        """Admits a question, and answers 0; or the seconds after which one will be admitted."""


class ModelFailed(Exception):
    """The language model is away, busy, slow, or says nothing."""


class Model(Protocol):
    """A language model that writes the assistant's answers from the passages that were found."""

    def write(self, instructions: str, question: str) -> Iterator[str]:
        """The answer, piece by piece as it is written. Raises ModelFailed, also in the middle."""


class AssistantPorts(msgspec.Struct, frozen=True):
    """What the assistant is given."""

    index: PassageIndex
    rate_limit: QuestionRateLimit
    model: Model | None = None
    address_header: str | None = None
    """The header in which a trusted proxy names the caller's address; None when callers come directly."""
