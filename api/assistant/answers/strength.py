"""How strongly a question asks for a request, and whether it asks for a fact instead."""

from __future__ import annotations

import re

from api.assistant.answers.requests import Request
from api.assistant.knowledge.intent_words import SHOWS
from api.assistant.reading.changes import CREATE, PAY
from api.assistant.reading.intent import HISTORY, PAST, SEE
from api.assistant.reading.thread import Question

_BARE = 3
"""A question of so few words that names objects asks to see them."""
_IS_FACT = re.compile(
    r"(?:^|[.!?;:,–] )\s*(?:(?:and|so|but|ok|in|at|on|by|to|up to|under|with|from|until|till)\s+)?"
    r"(?:is|are|am|do|does|did|can|could|may|might|must|will|would|should|has|have|why|when|who"
    r"|(?:what|which)(?! (?:endpoint|request|url|address|call|body|route)s?\b)"
    r"(?! (?:of (?:my|our|the|these|those) |open |paid |unpaid |sent |draft |pending |approved |sick )*"
    r"(?:invoices|bills|leaves|customers|clients|vendors|people)\b)|how (?:many|long|big|much|often|old))\b"
)
_WHICH_OBJECTS = re.compile(r"\bwhich (?:\w+ ){0,2}(?:invoices|bills|leaves)\b(?! (?:can|may|must|field|status))")
_AVOIDS = frozenset(("prevent", "avoid", "stop", "twice", "duplicate"))
"""Words that ask how not to do something."""
_ASKS_ALSO = frozenset(("which", "who", "many", "get", "getting", "know", "check"))
"""Words that ask for a fact, too, while those of SHOWS ask to see objects."""


def is_guessed(question: Question, request: Request | None) -> bool:
    """Return whether a fact may fit better than the request, because the question has no word for it.

    The request lists everything, or it is that of the question before, which this one asks more about.
    """
    if question.is_follow_up and not question.adds and asks_for_a_fact(question):
        return True
    if request is None or request.operation.method != "GET" or request.query or request.ids or question.is_single:
        return False
    if question.language is not None:
        return False
    keys = {word.key for word in question.reading.words}
    return question.intent.action in (SEE, None) and not keys & SHOWS and len(keys) > _BARE


def asks_for_a_fact(question: Question) -> float:
    """Return what a topic gets on top of its score when the question asks whether, why, or what happens."""
    text = question.reading.plain.lower()
    return 1.5 if question.terms & {"can", "whether", "why", "happen"} or _IS_FACT.search(text) else 0


def strength_of(question: Question, request: Request | None) -> float:
    """Return how strongly a question asks for a request: by its words for an action, and by what it names."""
    if request is None:
        return 0
    details, selection = question.details, question.details.selection
    named = (
        details.name, details.amount, details.days, details.instant, details.item, details.half, details.number,
        details.leave_type,
        selection.statuses or selection.is_overdue, selection.sort, selection.limit, details.currency,
    )  # fmt: skip
    reads = question.intent.action in (SEE, None)
    keys = {word.key for word in question.reading.words}
    is_reading = reads and bool(question.terms & {"see", "list", "which", "find"})
    asks_which = _WHICH_OBJECTS.search(question.reading.corrected.lower()) is not None
    is_sure = question.intent.is_explicit and (asks_which or not (reads and keys & _ASKS_ALSO and not keys & SHOWS))
    chosen = len(request.query) if request.operation.id == "listEvents" else 2 * bool(details.ids)
    finds = 2.0 * (reads and bool(details.number or (details.quoted and keys & SHOWS)))
    is_earlier = 1.5 * (question.intent.action in (HISTORY, PAST) and bool(details.ids))
    is_bare = reads and len(question.reading.words) < _BARE and not question.is_follow_up
    avoids = 1.0 * (question.intent.action == CREATE and not question.terms.isdisjoint(_AVOIDS))
    return (
        (2 if is_sure else 1)
        + is_earlier
        + finds
        + (1.0 if question.intent.action in (CREATE, PAY) else 0.75) * (sum(map(bool, named)) + chosen)
        + 0.5 * is_reading
        + 1.5 * is_bare
        - avoids
    )
