"""Other ways to ask the example questions of topics, in the languages that people type: `paraphrases.txt`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def read_paraphrases(text: str) -> dict[str, tuple[str, ...]]:
    """Return the paraphrases by the question that they mean: it has a line of its own, and they follow with a blank."""
    found: dict[str, list[str]] = {}
    question = ""
    for line in text.splitlines():
        if line.startswith(" "):
            found[question].append(line.strip())
        else:
            question = line
            found[question] = []
    return {question: tuple(others) for question, others in found.items()}


PARAPHRASES: Mapping[str, tuple[str, ...]] = read_paraphrases(
    Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
)
"""By an example question of a topic: other questions that mean the same."""
