"""Parses a question: it can contain a pasted error, an endpoint, a language, and words to search for."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from difflib import SequenceMatcher
from itertools import islice, pairwise

import msgspec

from api.assistant.knowledge.hindi import to_english
from api.assistant.knowledge.intent_words import HOW_WORDS, READING_WORDS, STATE_WORDS, WRITING_WORDS
from api.assistant.knowledge.vocabulary import FAILURE_WORDS, LANGUAGES, STOP_WORDS, SYNONYMS
from api.ports.assistant import Term
from domain.registry import SCOPES
from domain.text import text_key

_WORD = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*|[\u0900-\u097f]+")
_ROUTE = re.compile(r"\b(GET|POST|PATCH|HEAD)\s+(?:https?://[^/\s]+)?(?:/api/v1)?(/[^\s?\"'`]*)", re.IGNORECASE)
_STATUS = re.compile(
    r"\b(?:error|http|status|code|got|get|getting|why|a|an) ?:? ?(4\d\d|50\d)\b|^(4\d\d|50\d)\b"
    r"|\b(4\d\d|50\d) (?:error|status|code|response|a+|aaya|aya|a+t[aei]|mil\w*|de|deta|dikh\w*|ky[ou]\w*|kaise)\b"
    r"|\b(4\d\d|50\d) (?:एरर|आ|मिल|दे|दिख|क्यों)",
    re.IGNORECASE,
)
"""Matches the status of a failure next to words, in English or Hindi, that say that someone got it.

In the text, one blank must stand for each run of white space. Otherwise many blanks would take long to match."""
_PASTED = re.compile(r"\"code\"\s*:\s*\"([a-z_]+)\"")
_KEY = re.compile(r"sd_live_\w+")
_WHOLE_KEY = re.compile(r"sd_live_[0-9A-Za-z]{12}")
"""Matches the beginning of a secret, if it is long enough to be real. The question may reveal it to other people."""
_SCOPE = re.compile(rf"\b(?:{'|'.join(SCOPES)})\b")
MAX_WORDS = 50
"""The most words of a question that are searched for. Each one takes time, above all a word that is in no passage."""
_MIN_SIMILARITY = 0.8
"""A similarity from 0 to 1. A word with at least this similarity to a known word is taken for a typing error."""


class Question(msgspec.Struct, frozen=True):
    """A question to the assistant, and the facts that were found in it."""

    text: str
    """The question without the secret part of API keys, so that no key is logged, stored or sent on."""
    language: str | None
    """The language of the samples that the client or the question names; None if neither names one."""
    code: str | None
    """The error code that the question names or quotes; None if there is none."""
    status: str | None
    """The HTTP status of a failure that the question names; None if there is none."""
    route: tuple[str, str] | None
    """The method and the path that the question names; None if there are none."""
    words: tuple[str, ...]
    """The first MAX_WORDS words to search for, in the order of the question, without stop words. Each occurs once."""
    all_words: tuple[str, ...]
    """All words in English, including stop words. Each word occurs once."""
    had_key: bool
    """Whether the question contained the secret of an API key. The answer then warns that it must be revoked."""

    @property
    def names_something(self) -> bool:
        """Whether the question names an error code, a status or an endpoint."""
        return self.code is not None or self.status is not None or self.route is not None

    @property
    def is_about_reading(self) -> bool:
        """Whether the question asks to read something.

        A question with "how" and one of WRITING_WORDS asks to change something, even if it has words for reading too.
        """
        words = self.all_words
        asks = (HOW_WORDS.isdisjoint(words[i + 1 : i + 4]) for i, word in enumerate(words) if word in READING_WORDS)
        reads = any(asks) or any(word in STATE_WORDS and other.endswith("s") for word, other in pairwise(words))
        return reads and not (self._names_change and "how" in words)

    @property
    def is_about_writing(self) -> bool:
        """Whether the question asks to change something, and does not ask to read something."""
        return self._names_change and not self.is_about_reading

    @property
    def _names_change(self) -> bool:
        return not WRITING_WORDS.isdisjoint(self.all_words)

    @property
    def is_about_failure(self) -> bool:
        """Whether the question is about a failure."""
        return self.code is not None or self.status is not None or not FAILURE_WORDS.isdisjoint(self.words)


def parse_question(
    text: str, language: str | None, codes: Iterable[str], documented_words: Iterable[str] = ()
) -> Question:
    """Return the parsed question. `codes` are all error codes; `documented_words` are all words of the passages."""
    had_key = _WHOLE_KEY.search(text) is not None
    text = _KEY.sub("sd_live_…", text)
    lowered = text_key(text).replace("sd_live_", "key ")
    words = [*to_english(_WORD.findall(lowered), STOP_WORDS.union(documented_words))]
    named = next((LANGUAGES[word] for word in words if word in LANGUAGES), None)
    route = _ROUTE.search(text)
    status = _STATUS.search(" ".join(text.split()))
    parts = dict.fromkeys(part for word in words for part in word.split("_"))
    if _SCOPE.search(lowered):
        parts["scope"] = None
    return Question(
        text=text,
        language=language or named,
        code=_find_code(lowered, words, frozenset(codes)),
        status=next(filter(None, status.groups())) if status else None,
        route=(route[1].upper(), route[2].rstrip("/.,")) if route else None,
        words=tuple(islice((word for word in parts if _is_searched(word)), MAX_WORDS)),
        all_words=tuple(parts),
        had_key=had_key,
    )


def _is_searched(word: str) -> bool:
    return word not in STOP_WORDS and (len(word) > 1 or word.isdigit())


def terms_of(words: Iterable[str], names: Container[str] = ()) -> list[Term]:
    """Return a search term for each word: the word and its synonyms. A word in `names` is searched without synonyms."""
    return [Term((word,) if word in names else _with_synonyms(word)) for word in words]


def correct_spelling(word: str, similar: Iterable[str]) -> str | None:
    """Return the most similar word if `word` seems to be a typing error of it; None if no word is similar enough."""
    if len(word) < 4 or not word.isalpha():
        return None
    similarity = {other: SequenceMatcher(None, word, other).ratio() for other in similar}
    best = max(similarity, key=lambda other: similarity[other], default=None)
    return best if best is not None and similarity[best] >= _MIN_SIMILARITY else None


def _with_synonyms(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([word, *SYNONYMS.get(word, "").split()]))


def _find_code(lowered: str, words: list[str], codes: frozenset[str]) -> str | None:
    """Return the error code of a pasted response; otherwise the longest code in the text, with `_` or with spaces."""
    pasted = _PASTED.search(lowered)
    if pasted and pasted[1] in codes:
        return pasted[1]
    spaced = f" {' '.join(words).replace('_', ' ')} "
    several = [code for code in codes if code in words or ("_" in code and f" {code.replace('_', ' ')} " in spaced)]
    return max(several, key=len, default=None)
