"""Translates Hindi and Hinglish words into English. Words are compared by their sound, a simplified spelling.

For example, `chutti`, `chhuti` and `छुट्टी` have the same sound. A sound contains no `a`, because people often omit
this letter.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache

from api.assistant.knowledge.languages.hindi_words import CONSONANTS, HINDI, HINDI_STOP_WORDS, PARTICLES, VOWELS

_NUKTA, _VIRAMA = "\u093c", "\u094d"
_FIRST_SIGN, _LAST_SIGN = "\u093e", _VIRAMA
_SPELLINGS = (
    (r"w", "v"), (r"z", "j"), (r"q", "k"), (r"ph", "f"), (r"sh", "s"), (r"chh", "ch"), (r"m(?=[pb])", "n"),
    (r"(?<=[aeiou])y(?=[aeiou])", ""), (r"ee|ii", "i"), (r"oo", "u"), (r"a+", "a"),
    (r"(?<=[eo])n$|(?<=ai)n$", ""), (r"ai|ay$", "e"), (r"au", "o"), (r"(?<!^)a", ""), (r"(.)\1+", r"\1"),
)  # fmt: skip
"""Patterns of spellings, each with the spelling that replaces it. They are applied in this order."""
_ENDING = re.compile(r"[eiou]*n?[ntgj]?[eiou]*(?:d[eiou]*(?:[nj][eio]*)?)?")
"""The endings that a verb or a noun can have after its stem: `banao`, `banayenge`, `banado` are forms of `bana-`."""


def sound_of(word: str) -> str:
    """Return the sound of a word. The word may have lower-case Latin letters, Devanagari characters, or both."""
    sound = "".join(_latin(word))
    for pattern, spelling in _SPELLINGS:
        sound = re.sub(pattern, spelling, sound)
    return sound


def english_of(word: str, *, is_exact: bool = False) -> str | None:
    """Return the English word for this word: an empty text for a stop word, None for an unknown word.

    With `is_exact`, a word with another ending than in the list is unknown.
    """
    sound = sound_of(word)
    words, stems = _sounds_of_list()
    if sound in words:
        return words[sound]
    if is_exact:
        return None
    fitting = (stem for stem in stems if sound.startswith(stem) and _ENDING.fullmatch(sound, len(stem)))
    stem = max(fitting, key=len, default=None)
    return stems[stem] if stem is not None else None


def is_hindi_particle(word: str) -> bool:
    """Return whether the word is one that only Hindi sentences have, such as `hai`."""
    return not word.isascii() or word in _PARTICLES


def latin(word: str) -> str:
    """Return a word in Devanagari in Latin letters."""
    return "".join(_latin(word))


def to_english(words: Iterable[str], english_words: Container[str]) -> Iterator[str]:
    """Yield the words in English, without Hindi stop words. A word in `english_words` stays as it is.

    A word in Devanagari without a translation is written in Latin letters.
    """
    for word in words:
        english = word if word in english_words or word.isdigit() else english_of(word)
        if english is None:
            english = word if word.isascii() else "".join(_latin(word))
        if english:
            yield english


def _latin(word: str) -> Iterator[str]:
    """Yield the Latin letters of each character. A consonant without a vowel sign is followed by `a`."""
    letters = word.replace(_NUKTA, "")
    for letter, following in zip(letters, f"{letters[1:]} ", strict=True):
        yield _LETTERS.get(letter, letter if letter.isascii() else "")
        if letter in _CONSONANTS and not _FIRST_SIGN <= following <= _LAST_SIGN:
            yield "a"


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def entries() -> Iterator[tuple[str, str]]:
    """Yield each Hindi word with its English translation; the translation of a stop word is an empty text."""
    yield from ((word, "") for word in HINDI_STOP_WORDS.split())
    for line in HINDI.strip().splitlines():
        words, _, english = line.partition(": ")
        yield from ((word, english) for word in words.split())


@cache
def _sounds_of_list() -> tuple[dict[str, str], dict[str, str]]:
    """Return the English words by the sounds of the Hindi ones, and by the sounds of the stems among them.

    They are computed with the first question, because that takes longer than a short command of the command line.
    """
    listed = dict(entries())
    return _sounds(listed), _sounds({word: english for word, english in listed.items() if word.endswith("-")})


def _sounds(entries: Mapping[str, str]) -> dict[str, str]:
    return {sound_of(word.removesuffix("-")): english for word, english in entries.items()}


_PARTICLES = frozenset(PARTICLES.split())
_CONSONANTS = _pairs(CONSONANTS)
_LETTERS = _CONSONANTS | _pairs(VOWELS)
