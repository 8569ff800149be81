"""Splits texts into the words that the search compares: in lower case, without endings, and with the parts of names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain.text import text_key

_NAME = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
_PART = re.compile(r"[A-Z]?[a-z]+\d*[a-z]*|[A-Z]+(?![a-z])|\d+\w*|[^\W\dA-Za-z_]+")
_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "may",
        "me",
        "must",
        "my",
        "of",
        "on",
        "or",
        "our",
        "so",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "whether",
        "which",
        "who",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
"""Words that say nothing about the subject of a text. The index does not contain them."""
_WEAK_WORDS = frozenset(["api", "get", "need", "show", "tell", "use", "using", "want"])
"""Words that are left out of a search if the search has other words."""
_ENDINGS = ("ing", "ed", "es", "s")
_SHORTEST = 3
"""The minimum number of letters that remain of a word without its ending."""


def words_of(text: str) -> list[str]:
    """Return the words of a text. A name such as `dueDate` or `rate_limited` yields itself and its parts."""
    return [stem(word) for word in _words(text)]


def query_words(text: str, most: int) -> list[str]:
    """Return the first `most` words of a search, each once, without words that say nothing about its subject."""
    words = [word for word in _words(text) if len(word) > 1]
    strong = [word for word in words if word not in _WEAK_WORDS]
    return list(dict.fromkeys(map(stem, strong or words)))[:most]


def without_gaps(text: str) -> str:
    """Return a text in lower case without the characters between its words: `duedate` for `due date` and `dueDate`."""
    return "".join(_NAME.findall(text_key(text))).replace("_", "")


def _words(text: str) -> Iterator[str]:
    for name in _NAME.findall(text):
        parts = [text_key(part) for part in _PART.findall(name)]
        whole = text_key(name).replace("_", "")
        yield from (part for part in parts if part not in _STOP_WORDS)
        if len(parts) > 1:
            yield whole


def stem(word: str) -> str:
    """Return a word in lower case without its ending, so that `invoices`, `invoice` and `invoicing` are one word."""
    if word.endswith("ies") and len(word) > _SHORTEST + 1:
        return f"{word[:-3]}y"
    for ending in _ENDINGS:
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) >= _SHORTEST:
            word = word.removesuffix(ending)
            break
    if len(word) > _SHORTEST and word.endswith("e"):
        word = word[:-1]
    doubled = len(word) > _SHORTEST and word[-1] == word[-2] and word[-1].isalpha()
    return word[:-1] if doubled else word
