"""Answers about an error that a question names by its code or its status, and finds the operation that it names."""

from __future__ import annotations

import re

from api.assistant.answers.answer import Answer
from api.assistant.answers.errors.pasted import advice_of, status_of
from api.assistant.knowledge.error_words import STATUS
from api.assistant.knowledge.library import Library
from api.assistant.knowledge.operations import DocumentedOperation
from api.assistant.reading.changes import PAY, STATUS_ACTIONS
from api.assistant.reading.thread import Question
from api.assistant.search import SearchResult

_MESSAGE = re.compile(r"\"message\": \"((?:[^\"\\\\]|\\\\.)*)\"")
_TOKEN = re.compile(r"[a-z_]{2,}")
_LIKE_A_MESSAGE = 0.7
"""The share of the words of an error's message that a question has when it quotes the message."""
_IS_CODE = (
    r"\b{0}\b.{{0,12}}(?:error|एरर)|(?:error|एरर).{{0,12}}\b{0}\b|\b(?:get|got|gets|getting|returns?) (?:an? )?{0}\b"
    r"|\b{0} (?:kyun|kyu|kyo|kya hai|aata|aaya|क्यों|क्या है|आता)"
)
"""Matches a code of one word, such as `conflict`, next to a word that says that it is an error."""
_USUAL = {"400": "invalid_parameter", "401": "invalid_api_key", "403": "insufficient_scope", "422": "validation_failed"}
"""By HTTP status: the error that most people mean who name no other word of it."""
_NOT_ABOUT_IT = frozenset(["credit", "cost", "free", "retry", "idempotency", "compare", "order", "scope", "wait"])


def names_status(question: Question) -> bool:
    """Return whether the question is about one HTTP status of a failure."""
    statuses = set(re.findall(r"\b(?:4\d\d|50\d)\b", question.reading.plain))
    if len(statuses) != 1 or _amount_paid(question) in statuses or question.terms & _NOT_ABOUT_IT:
        return False
    if "position" in question.terms:
        return False
    return question.is_follow_up or status_in(question.reading.plain) is not None


_OF_MONEY = re.compile(r"\b(?:amount|rs|rupees?|inr|rupay\w*|rupe|flat)\b|₹|रुपय|रुपए", re.IGNORECASE)


def _amount_paid(question: Question) -> str | None:
    """Return the amount that the question names: it is no status, even if it is 500."""
    is_money = question.intent.action == PAY or _OF_MONEY.search(question.reading.plain) is not None
    return question.details.amount if is_money else None


def explain_named(
    question: Question,
    library: Library,
    found: SearchResult,
    origin: str,
    operation: DocumentedOperation | None = None,
) -> Answer | None:
    """Return the explanation of the error that the question names; None if it names none.

    `operation` is what the thread is about: of the errors with one status, it is rather one of this operation.
    """
    code = _code(question, library) or _code_of_message(question, library)
    code = code or _code_of_status(question, library, found, operation)
    if code is None:
        return None
    section = library.sections[f"errors#{code}"]
    status = status_of(section)
    text = advice_of(section).replace("](/", f"]({origin}/")
    if code not in question.reading.plain and status is not None:
        others = [each for each in _codes_of(status, library) if each != code]
        text = f"{status} `{code}`: {text}"
        if others:
            text += f" Other codes of {status}: {', '.join(f'`{each}`' for each in others)}."
    return Answer(text, (section.id,))


def names_code(question: Question, library: Library) -> bool:
    """Return whether the question has an error code as the API writes it, with `_`, or the message of an error."""
    text = question.reading.plain.lower()
    quoted = any(code in text and ("_" in code or re.search(_IS_CODE.format(code), text)) for code in library.codes)
    return quoted or _code_of_message(question, library) is not None


def operation_at(route: tuple[str, str] | None, library: Library) -> DocumentedOperation | None:
    """Return the operation at a method and a path; None if there is none."""
    if route is None:
        return None
    method, path = route
    for operation in library.operations.values():
        template = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(operation.path))
        if operation.method == method and re.fullmatch(template, path):
            return operation
    return None


def _code(question: Question, library: Library) -> str | None:
    """Return the longest error code in the question, with `_` or with blanks."""
    text = question.reading.plain.lower()
    spaced = f" {' '.join(word.key for word in question.reading.words)} {text} ".replace("_", " ").replace("-", " ")
    found = [code for code in library.codes if code in text or ("_" in code and code.replace("_", " ") in spaced)]
    found = [code for code in found if "_" in code or re.search(_IS_CODE.format(code), text)]
    return max(found, key=len, default=None)


def _code_of_message(question: Question, library: Library) -> str | None:
    """Return the code of the error whose message the question quotes."""
    words = set(_TOKEN.findall(question.reading.plain.lower()))
    if len(words) < 6:
        return None
    best, share = None, _LIKE_A_MESSAGE
    for code in sorted(library.codes):
        for message in _MESSAGE.findall(library.sections[f"errors#{code}"].section.text):
            own = set(_TOKEN.findall(message.lower()))
            shared = len(own & words)
            if shared > 5 and max(shared / len(own), shared / len(words)) > share:
                best, share = code, max(shared / len(own), shared / len(words))
    return best


def operation_by_title(question: Question, library: Library) -> DocumentedOperation | None:
    """Return the operation whose title the question contains; None if there is none."""
    text = question.reading.plain.lower()
    named = [each for each in library.operations.values() if each.title.lower() in text]
    return max(named, key=lambda each: len(each.title), default=None)


def status_in(text: str) -> str | None:
    """Return the status of a failure that the text names next to words that say that someone got it."""
    match = STATUS.search(" ".join(text.split()))
    return next(filter(None, match.groups()), None) if match else None


def _code_of_status(
    question: Question, library: Library, found: SearchResult, operation: DocumentedOperation | None
) -> str | None:
    status = status_in(question.reading.plain)
    if status is None and question.is_follow_up and "position" not in question.terms:
        bare = re.search(r"\b(?:4\d\d|50\d)\b", question.reading.plain)
        status = bare[0] if bare else None
    if status is None or status == _amount_paid(question):
        return None
    codes = _codes_of(status, library)
    if status == "409" and question.intent.action in (*STATUS_ACTIONS, PAY):
        return "invalid_transition"
    hinted = [code for code in codes if any(part in question.terms for part in code.split("_")) and len(codes) > 1]
    if not hinted and operation is None and _USUAL.get(status) in codes:
        return _USUAL[status]
    ranked = [source.id for source in found.sources]
    own = operation.failures.get(status, ()) if operation is not None else ()
    return min(
        codes,
        key=lambda code: (
            bool(own) and code not in own,
            ranked.index(f"errors#{code}") if f"errors#{code}" in ranked else 99,
        ),
        default=None,
    )


def _codes_of(status: str, library: Library) -> list[str]:
    return [
        each.section.anchor
        for each in library.sections.values()
        if each.guide.slug == "errors" and each.section.anchor in library.codes and status_of(each) == status
    ]
