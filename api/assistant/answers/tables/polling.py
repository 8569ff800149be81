"""What a poll at an interval costs: how many credits in the window, and whether they are enough."""

from __future__ import annotations

import re

from api.assistant.answers.answer import Answer
from api.assistant.reading.thread import Question
from domain.accounts.window import CREDIT_WINDOW
from domain.api_key import DEFAULT_CREDIT_LIMIT

_WINDOW = CREDIT_WINDOW.days * 24 * 60
_UNITS = {"minute": 1, "hour": 60, "day": 24 * 60}
_EVERY = re.compile(
    r"(?:\b(?:every|each|har)|हर)\s+(?:(?P<n>\d{1,4})\s*)?(?P<unit>min(?:ute|ut|at)?s?|hours?|hrs?|ghante?|ghanto|days?|din"
    r"|मिनट|मिनिट|घंटे|घंटा|दिन)(?!\w)"
)
_FIXED = (
    (re.compile(r"\bhourly\b|\b(?:once|one|1) (?:time )?(?:an?|per) hour\b"), 60),
    (re.compile(r"\bdaily\b|\bonce a day\b|\brozana\b"), 24 * 60),
    (re.compile(r"\bhalf an hour\b|\bhalf[- ]hourly\b|\baadhe? ghante\b"), 30),
)
_ASKS_COST = frozenset(("credit", "cost", "request", "many", "much", "enough", "limit"))
_POLLS = frozenset(("poll", "sync", "credit", "run", "check", "schedule", "refresh"))


def explain_interval(question: Question) -> Answer | None:
    """Return what polling at the interval of the question costs; None for other questions."""
    terms = question.terms | question.context
    minutes = _minutes(question.reading.plain.lower())
    is_about_cost = bool(_POLLS & terms and _ASKS_COST & terms)
    if minutes is None or not is_about_cost or question.intent.action in ("create", "update"):
        return None
    days, spent = CREDIT_WINDOW.days, -(-_WINDOW // minutes)
    what = f"A poll every {_interval(minutes)} is {_number(spent)} requests in {days} days, and each costs one credit"
    return Answer(f"{what}: {_verdict(spent)}", ("credits#the-arithmetic-of-polling", "listEvents"))


def _verdict(spent: int) -> str:
    limit = _number(DEFAULT_CREDIT_LIMIT)
    if spent <= DEFAULT_CREDIT_LIMIT:
        return f"{_number(DEFAULT_CREDIT_LIMIT - spent)} of the {limit} credits of a key are left for other requests."
    return (
        f"more than the {limit} credits of a key. Raise the limit of the key, or poll once an hour "
        f"({_number(_WINDOW // 60)} credits)."
    )


def _minutes(text: str) -> int | None:
    for pattern, minutes in _FIXED:
        if pattern.search(text):
            return minutes
    match = _EVERY.search(text)
    if match is None:
        return None
    unit, number = match["unit"], int(match["n"] or 1)
    length = 1 if unit.startswith(("min", "मि")) else 60 if unit.startswith(("h", "gh", "घं")) else 24 * 60
    return number * length or None


def _interval(minutes: int) -> str:
    for unit, length in reversed(_UNITS.items()):
        if minutes % length == 0:
            number = minutes // length
            return unit if number == 1 else f"{number} {unit}s"
    return f"{minutes} minutes"


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u00a0")
