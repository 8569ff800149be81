"""What a question says before it is looked up: a pasted error, an endpoint by its address, a language, and words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

import msgspec

from api.assistant.vocabulary import FAILURE, IGNORED, LANGUAGES, MEANINGS
from api.ports.assistant import Term

_WORD = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_ROUTE = re.compile(r"\b(GET|POST|PATCH|HEAD)\s+(?:https?://[^/\s]+)?(?:/api/v1)?(/[^\s?\"'`]*)", re.IGNORECASE)
_STATUS = re.compile(
    r"\b(?:error|http|status|code|got|get|a|an)\s*:?\s*(4\d\d|50\d)\b|^\s*(4\d\d|50\d)\b", re.IGNORECASE
)
_PASTED = re.compile(r"\"code\"\s*:\s*\"([a-z_]+)\"")
_KEY = re.compile(r"sd_live_\w+")
_WHOLE_KEY = re.compile(r"sd_live_[0-9A-Za-z]{12}")
"""What is a key, or so much of one that it must be taken for known."""
_SCOPE = re.compile(r"\b(?:billing|leaves):(?:read|write)\b")
_ALIKE = 0.8
"""How much of a word must be as another is written for one to be a typing error of the other."""


class Question(msgspec.Struct, frozen=True):
    """What was asked."""

    text: str
    """Without the rest of an API key that was pasted: it goes nowhere."""
    language: str | None
    """That of samples, if one was named."""
    code: str | None
    """The error code that was pasted or named."""
    status: str | None
    """The HTTP status of a failure that was named."""
    route: tuple[str, str] | None
    """The method and address that were named."""
    words: tuple[str, ...]
    """The words that tell what is looked for, in their order, without repetition."""
    had_key: bool
    """Whether it held an API key, which is to be revoked then."""

    @property
    def names_something(self) -> bool:
        """Whether it names an error or an operation outright."""
        return self.code is not None or self.status is not None or self.route is not None

    @property
    def is_about_failure(self) -> bool:
        """Whether it speaks of something that went wrong."""
        return self.code is not None or self.status is not None or not FAILURE.isdisjoint(self.words)


def read(text: str, language: str | None, codes: Iterable[str]) -> Question:
    """The question; `codes` are the error codes that there are."""
    had_key = _WHOLE_KEY.search(text) is not None
    text = _KEY.sub("sd_live_…", text)
    lowered = text.lower().replace("sd_live_", "key ")
    said = _WORD.findall(lowered)
    named = next((LANGUAGES[word] for word in said if word in LANGUAGES), None)
    route = _ROUTE.search(text)
    status = _STATUS.search(text)
    apart = dict.fromkeys(piece for word in said for piece in word.split("_"))
    if _SCOPE.search(lowered):
        apart["scope"] = None
    return Question(
        text=text,
        language=language or named,
        code=_code(lowered, said, frozenset(codes)),
        status=next(filter(None, status.groups())) if status else None,
        route=(route[1].upper(), route[2].rstrip("/.,")) if route else None,
        words=tuple(word for word in apart if word not in IGNORED and (len(word) > 1 or word.isdigit())),
        had_key=had_key,
    )


def terms(words: Iterable[str]) -> list[Term]:
    """What to look for: each word with what it means in the trade."""
    return [Term(tuple(dict.fromkeys([word, *MEANINGS.get(word, "").split()]))) for word in words]


def corrected(word: str, alike: Iterable[str]) -> str | None:
    """Of words that are written alike, the one of which this is a typing error."""
    if len(word) < 4 or not word.isalpha():
        return None
    likeness = {other: SequenceMatcher(None, word, other).ratio() for other in alike}
    best = max(likeness, key=lambda other: likeness[other], default=None)
    return best if best is not None and likeness[best] >= _ALIKE else None


def _code(lowered: str, said: list[str], codes: frozenset[str]) -> str | None:
    """A code as it was pasted, or else as it was named: `precondition_failed`, also with spaces."""
    pasted = _PASTED.search(lowered)
    if pasted and pasted[1] in codes:
        return pasted[1]
    spaced = f" {' '.join(said).replace('_', ' ')} "
    several = [code for code in codes if code in said or ("_" in code and f" {code.replace('_', ' ')} " in spaced)]
    return max(several, key=len, default=None)
