"""Reads a question: its words, the error that it quotes, its programming language, and what it names."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from api.assistant.knowledge.phrase_words import GO, MAKE, find_phrases, replace_phrases
from api.assistant.knowledge.vocabulary import LANGUAGES
from api.assistant.reading.kinds import Kinds
from api.assistant.reading.pasted import PastedError, find_error
from api.assistant.reading.values.amounts import find_currency
from api.assistant.reading.words import Word, meaning_of, words_of

_KEY = re.compile(r"(sd_(?:live|test)_)\w+")
_WHOLE_KEY = re.compile(r"sd_(?:live|test)_[0-9A-Za-z]{12}")
"""Matches the beginning of a secret, if it is long enough to be real. The question may reveal it to other people."""
_ROUTE = re.compile(r"\b(GET|POST|PATCH|DELETE|HEAD)\s+(?:https?://[^/\s]+)?(?:/api/v1)?(/[^\s?\"'`]*)", re.IGNORECASE)
_GET = re.compile(r"\bGET\b")
_ALLOWING = frozenset(("allow", "possible", "able"))
_CAMEL, _PARTS = re.compile(r"[a-z][A-Z]"), re.compile(r"[a-z]+|[A-Z][a-z]*")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?।])\s+|\s[–—]\s|\n+")
_MAX_SENTENCES = 6
_FRACTION = re.compile(r"\d+\.\d+")
_NOTE = re.compile(
    r"(\b(?:notes?|reason|comment|saying)\b(?: is| was|:|=)?) ?[\"'“‘][^\"'”’]{2,200}[\"'”’]", re.IGNORECASE
)
"""Matches a text that is to be stored: its words do not say what the question is about."""
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
"""Matches an e-mail address: its words do not say what the question is about, either."""
_BLANKS = re.compile(r"[^\S\n]+")
MAX_CHARACTERS = 2000
"""The most characters of a question that are read."""
MAX_WORDS = 80


class Reading(NamedTuple):
    """A question without the secrets in it, and its words."""

    text: str
    """The question without the secret part of API keys, so that no key is logged, stored or sent on."""
    plain: str
    """The text without the error that it quotes."""
    words: tuple[Word, ...]
    error: PastedError | None
    route: tuple[str, str] | None
    """The method and the path that the question names; None if there are none."""
    had_key: bool
    """Whether the question contained the secret of an API key."""
    kinds: Kinds
    """The kinds of objects that it can be about."""
    terms: frozenset[str]
    """The words and their meanings."""
    sentences: tuple[tuple[Word, ...], ...] = ()
    """The words of each sentence, if there are several: a question may come after an introduction."""

    @property
    def corrected(self) -> str:
        """The text with the spelling of known words corrected; names and names of fields stay as they are."""
        keeps = (word.text if not word.is_known or not word.text.islower() else word.key for word in self.words)
        return " ".join(keeps)

    @property
    def language(self) -> str | None:
        """The language of samples that the question names; None if it names none."""
        named = next((LANGUAGES[word.key] for word in self.words if word.key in LANGUAGES), None)
        return named or ("go" if GO.search(self.plain) else None)


def _terms(words: tuple[Word, ...], plain: str) -> frozenset[str]:
    """Return the words and their meanings, and the words for phrases that appear only with corrected spelling."""
    corrected = " ".join(word.key for word in words)
    terms = {part for word in find_phrases(corrected) for part in word.split()}
    terms |= {term for word in words for term in (word.key, word.meaning)}
    terms |= {"currency"} if find_currency(plain) is not None else set()
    terms |= {"get_method"} if _GET.search(plain) else set()
    terms |= {"two"} if "2" in terms else set()
    terms |= {"fraction"} if any(_FRACTION.fullmatch(word.key) for word in words) else set()
    terms |= {word.key.removesuffix("s") for word in words if len(word.key) > 3}
    for word in words:
        if _CAMEL.search(word.text):
            terms |= {meaning_of(part.lower()) or part.lower() for part in _PARTS.findall(word.text)}
    return frozenset(terms | {"can"} if terms & _ALLOWING else terms) - {""}


def _with_phrases(text: str) -> str:
    """Return the text with one word instead of each phrase that has a meaning of its own."""
    return replace_phrases(MAKE.sub("integromat", text.replace("sd_live_…", "key").replace("sd_test_…", "key")))


def _sentences(text: str, kinds: Kinds) -> tuple[tuple[Word, ...], ...]:
    parts = [part for part in _END_OF_SENTENCE.split(text) if part.strip()][:_MAX_SENTENCES]
    if len(parts) < 2:
        return ()
    return tuple(_words(part, kinds) for part in parts)


def _words(text: str, kinds: Kinds) -> tuple[Word, ...]:
    words = [_naming(word, kinds) for word in words_of(_with_phrases(text))[:MAX_WORDS]]
    for place, (word, following) in enumerate(pairwise(words)):
        if word.key == "paid" and following.meaning in kinds.statuses:
            words[place] = word._replace(meaning="paid")  # a status of these objects, and not a payment
    return tuple(words)


def _naming(word: Word, kinds: Kinds) -> Word:
    """Return the word with the kind of object that it names as its meaning."""
    kind = kinds.names.get(word.key) or kinds.names.get(word.text.lower())
    return word if kind is None else word._replace(meaning=kind, is_known=True)


def meanings_in(text: str) -> frozenset[str]:
    """Return the meanings of the words and phrases of a text in English."""
    return frozenset(word.meaning for word in words_of(_with_phrases(text))) - {""}


def without_keys(text: str) -> str:
    """Return the text without the secret part of API keys, so that no key is logged, stored, shown or sent on."""
    return _KEY.sub(r"\1…", text)


def read(text: str, kinds: Kinds) -> Reading:
    """Read a question about objects of these kinds."""
    text = _BLANKS.sub(" ", text)[:MAX_CHARACTERS]
    had_key = _WHOLE_KEY.search(text) is not None
    text = without_keys(text)
    error, plain = find_error(text)
    route = _ROUTE.search(plain)
    spoken = _EMAIL.sub(" ", _NOTE.sub(r"\1", plain))
    words = _words(spoken, kinds)
    return Reading(
        text=text,
        plain=plain,
        words=words,
        error=error,
        route=(route[1].upper(), route[2].rstrip("/.,")) if route else None,
        had_key=had_key,
        kinds=kinds,
        terms=_terms(words, plain),
        sentences=_sentences(spoken, kinds),
    )
