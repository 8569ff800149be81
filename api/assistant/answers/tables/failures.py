"""Which errors an operation may answer with, and which error a condition leads to, from the OpenAPI document."""

from __future__ import annotations

import re

from api.assistant.answers.answer import Answer
from api.assistant.answers.errors.pasted import advice_of, status_of
from api.assistant.answers.requests import Request
from api.assistant.knowledge.error_words import CONDITIONS
from api.assistant.knowledge.library import Library
from api.assistant.reading.kinds import named_kinds
from api.assistant.reading.thread import Question
from api.assistant.reading.words import meaning_of

_ERRORS = r"(?:errors?|error codes?|failures?|एरर|truti\w*|त्रुटि\S*)"
_ASKS_ALL = re.compile(
    rf"\b(?:what|which|kya kya|kaun\S*(?: s[aie])?|kons[aie]|list)\b.{{0,20}}\b(?:errors|error codes|failures)\b"
    rf"|\bwhat can go wrong\b|\bhow can (?:it|that|this) fail\b|(?:कौन|क्या)\S*.{{0,12}}{_ERRORS}.{{0,20}}सकत"
    rf"|kya kya {_ERRORS}|{_ERRORS} kya kya",
    re.IGNORECASE,
)
_ASKS_ONE = re.compile(
    rf"\b(?:what|which|kya|kaun\S*(?: s[aie])?|kons[aie])\b.{{0,20}}\b(?:error|error code|code|status)\b"
    rf"|(?:कौन|क्या)\S*.{{0,12}}{_ERRORS}|\berror (?:kya|kaun\S*|milega|aayega|ayega|aata|hoga)",
    re.IGNORECASE,
)
_ORDINARY = frozenset(("api", "error", "failed", "too", "of", "by", "log"))
"""Words of codes that say nothing about the condition."""
_MOST_WORDS_OF_A_TITLE = 6
"""A text of so few words that has the word error is about one: "invoice number already taken error"."""
_BORROWED = 0.6


def explain_failures(question: Question, request: Request | None, library: Library, origin: str) -> Answer | None:
    """Return the answer to a question about the errors of an operation, or of a condition; None for others."""
    text = question.reading.plain
    if _ASKS_ALL.search(text) and request is not None:
        return _all(request, library, origin)
    words = question.reading.words
    names_code = any("_" in word.key for word in words)
    is_told = "error" in question.terms and len(words) <= _MOST_WORDS_OF_A_TITLE and not names_code
    return _one(question, library, origin) if is_told or _ASKS_ONE.search(text) else None


def _all(request: Request, library: Library, origin: str) -> Answer | None:
    operation = request.operation
    lines = [
        f"- {status}: {', '.join(f'[`{code}`]({origin}/docs/guides/errors#{code})' for code in codes)}"
        for status, codes in sorted(operation.failures.items())
    ]
    if not lines:
        return None
    text = f"`{operation.method} {library.base}{operation.path}` can be refused with these errors, by HTTP status:"
    return Answer(f"{text}\n\n" + "\n".join(lines), (operation.id, "errors"))


def _one(question: Question, library: Library, origin: str) -> Answer | None:
    """Return the answer about the error whose code has all its words in the question or its thread.

    At least one of them must be in the question itself. None if there is no such error.
    """
    found = [(score, code) for code in sorted(library.codes) if (score := _score(code, question)) > 0]
    wanted = max(found)[1] if found else _of_condition(question)
    if wanted is None:
        return None
    section = library.sections[f"errors#{wanted}"]
    code, status = section.section.anchor, status_of(section)
    advice = advice_of(section).replace("](/", f"]({origin}/")
    return Answer(f"{status} `{code}`: {advice}", (section.id,))


def _of_condition(question: Question) -> str | None:
    """Return the error whose condition the question names, the first one of several; None if it names none."""
    borrows = question.is_follow_up and not named_kinds(question.reading)
    terms = question.terms | question.context if borrows else question.terms
    for code, groups, excluded in CONDITIONS:
        if excluded.isdisjoint(terms) and not any(group.isdisjoint(terms) for group in groups):
            return code
    return None


def _score(code: str, question: Question) -> float:
    words = [meaning_of(part) or part for part in code.split("_") if part not in _ORDINARY]
    if len(words) < 2 or not (question.is_follow_up or any(word in question.terms for word in words)):
        return 0
    if not all(word in question.terms | question.context for word in words):
        return 0
    return sum(1 if word in question.terms else _BORROWED for word in words)
