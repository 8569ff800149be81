"""From a question to the passages that answer it, the best first; or to none, when it is about something else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus

import msgspec

from api.assistant.canned import CannedAnswer, canned_answer_for
from api.assistant.passages import Described, Library, Part, Source
from api.assistant.question import Question, corrected, read, terms
from api.ports.assistant import PassageIndex, Term

ENOUGH = 0.5
"""The share of a question's words above which its best passage answers it; else it is about something else."""
ENOUGH_OF_SEVERAL = 0.4
"""The same for a passage that has two of the words or more."""
_MANY = 30
_SHOWN = 4
_ASIDE = 0.5
_LISTED = 2.0
_GUESSED = 0.6
"""What a word weighs that is taken for a typing error of another."""


class SearchResult(msgspec.Struct, frozen=True):
    """What a question is answered from."""

    question: Question
    sources: tuple[Source, ...]
    """The best first; none when the question is about something else."""
    nearest: tuple[Source, ...]
    """What comes next, or comes nearest to a question that is not answered."""
    closest: Part | None = None
    """Of a guide that comes first as a whole, the section that is closest to the question."""
    ready: CannedAnswer | None = None
    """The answer that stands ready for it; the sources are those that go with it."""


def find(text: str, language: str | None, library: Library, index: PassageIndex) -> SearchResult:
    """What answers the question. Raises Unavailable."""
    question = read(text, language, library.codes)
    asked, guesses, strange = _asked(question, library, index)
    ready = (
        None if question.names_something else canned_answer_for(question.text, {asked[at].words[0] for at in strange})
    )
    if ready is not None:
        return SearchResult(question, tuple(map(library.source, ready.see)), (), ready=ready)
    hits = index.search(library.edition, asked, _MANY) if asked else []
    ranked = _ranked(question, library, hits)
    named = tuple(_named(question, library, [source for source, _ in ranked]))
    is_known = bool(named) or (bool(ranked) and _is_enough(ranked[0][1], len(asked), guesses, strange))
    sources = tuple(_distinct([*named, *(source for source, _ in ranked)]))
    if not is_known:
        return SearchResult(question, (), sources[:_SHOWN])
    return SearchResult(question, sources[:_SHOWN], sources[_SHOWN:], _closest(sources[0], ranked))


def _asked(question: Question, library: Library, index: PassageIndex) -> tuple[list[Term], set[int], set[int]]:
    """What is looked for, with typing errors put right; which of it is such a guess, and which no passage has."""
    asked = terms(question.words)
    said = sorted({word for term in asked for word in term.words[:1]})
    unknown = index.unknown(library.edition, said) if said else {}
    guesses, strange = set(), set()
    for place, term in enumerate(asked):
        word = term.words[0]
        if len(term.words) > 1 or word not in unknown:
            continue
        if meant := corrected(word, unknown[word]):
            asked[place] = Term(terms([meant])[0].words, _GUESSED)
            guesses.add(place)
        else:
            strange.add(place)
    return asked, guesses, strange


def _ranked(
    question: Question, library: Library, hits: list[tuple[str, float, set[int]]]
) -> list[tuple[Source, set[int]]]:
    """What was found: failures further down where it does not speak of one, lists further up where it wants one."""

    lists = {operation.id for operation in library.operations.values() if operation.is_list}

    def worth(hit: tuple[str, float, set[int]]) -> float:
        if hit[0].startswith("errors#") and not question.is_about_failure:
            return hit[1] * _ASIDE
        return hit[1] * (_LISTED if hit[0] in lists and "list" in question.words else 1)

    return [(library.source(id), places) for id, _, places in sorted(hits, key=worth, reverse=True)]


def _is_enough(places: set[int], asked: int, guesses: set[int], strange: set[int]) -> bool:
    """Whether a passage has enough of what is asked for: more than half, or less of it but several words.

    Words that other passages have count half against it: they belong to the subject.
    """
    has = sum(_GUESSED if place in guesses else 1 for place in places)
    share = has / (has + len(strange) + (asked - len(places) - len(strange)) / 2)
    return share > ENOUGH or (len(places) > 1 and share >= ENOUGH_OF_SEVERAL)


def _closest(first: Source, ranked: list[tuple[Source, set[int]]]) -> Part | None:
    if not isinstance(first, Part) or first.section.anchor:
        return None
    inside = (each for each, _ in ranked if isinstance(each, Part) and each.guide == first.guide and each != first)
    return next(inside, None)


def _named(question: Question, library: Library, ranked: list[Source]) -> Iterator[Source]:
    """What the question names outright: an error by its code or status, an operation by its address or title."""
    if question.code is not None:
        yield library.parts[f"errors#{question.code}"]
    elif question.status is not None:
        sections = [library.parts[f"errors#{code}"] for code in _codes_of(question.status, library)]
        yield from sorted(sections, key=lambda part: ranked.index(part) if part in ranked else len(ranked))[:1]
    if question.route is not None:
        yield from (operation for operation in library.operations.values() if _is_at(operation, question.route))
    said = question.text.lower()
    titled = (operation for operation in library.operations.values() if operation.title.lower() in said)
    yield from sorted(titled, key=lambda operation: len(operation.title), reverse=True)
    if question.code is not None or question.status is not None:
        yield from (source for source in ranked if isinstance(source, Described) and _can_fail(source, question))


def _can_fail(operation: Described, question: Question) -> bool:
    """Whether the operation can answer with the failure that the question names."""
    if question.code is not None:
        return any(question.code in codes for codes in operation.failures.values())
    return question.status in operation.failures


def _codes_of(status: str, library: Library) -> list[str]:
    """The codes of a status that have a section, in the document's order."""
    found = (code for each in library.operations.values() for code in each.failures.get(status, ()))
    codes = [*dict.fromkeys(found)]
    if not codes and int(status) == HTTPStatus.METHOD_NOT_ALLOWED:
        codes = ["method_not_allowed"]
    return [code for code in codes if code in library.codes]


def _is_at(operation: Described, route: tuple[str, str]) -> bool:
    template = re.escape(operation.path).replace(r"\{id\}", "[^/]+")
    return operation.method == route[0] and re.fullmatch(template, route[1]) is not None


def _distinct(sources: Iterable[Source]) -> list[Source]:
    """Each source once, and of one guide no more than two sections."""
    found: list[Source] = []
    for source in sources:
        guide = source.guide.slug if isinstance(source, Part) else None
        siblings = [each for each in found if isinstance(each, Part) and each.guide.slug == guide]
        if source not in found and len(siblings) < 2:
            found.append(source)
    return found
