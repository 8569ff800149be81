"""What a poll at an interval costs: how many credits in the window, and whether they are enough."""

from __future__ import annotations

import re

from api.assistant.answers.answer import Answer
from api.assistant.reading.thread import Question
from domain.api_key import DEFAULT_CREDIT_LIMIT
from domain.window import CREDIT_WINDOW

_UNITS = {"minute": 1, "hour": 60, "day": 24 * 60}
_UNIT = r"(?P<unit>min(?:ute|ut|at)?s?|hours?|hrs?|ghante?|ghanto|days?|din|मिनट|मिनिट|घंटे|घंटा|दिन)"
_EVERY = re.compile(rf"\b(?:every|each|har)\s+(?:(?P<n>\d{{1,4}})\s*)?{_UNIT}(?!\w)|हर\s+(?:(?P<m>\d{{1,4}})\s*)?{_UNIT.replace('unit', 'unit2')}")
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
    if minutes is None or not _POLLS & terms or not _ASKS_COST & terms or question.intent.action in ("create", "update"):
        return None
    window = CREDIT_WINDOW.days * 24 * 60
    spent = -(-window // minutes)
    what = f"A poll every {_interval(minutes)} is {_number(spent)} requests in {CREDIT_WINDOW.days} days, and each costs one credit"
    rest = DEFAULT_CREDIT_LIMIT - spent
    if rest >= 0:
        verdict = f"{_number(rest)} of the {_number(DEFAULT_CREDIT_LIMIT)} credits of a key are left for other requests."
    else:
        verdict = (
            f"more than the {_number(DEFAULT_CREDIT_LIMIT)} credits of a key. Make a key with a higher limit, or poll once an hour "
            f"({_number(window // 60)} credits)."
        )
    return Answer(f"{what}: {verdict}", ("credits#the-arithmetic-of-polling", "listEvents"))


def _minutes(text: str) -> int | None:
    for pattern, minutes in _FIXED:
        if pattern.search(text):
            return minutes
    match = _EVERY.search(text)
    if match is None:
        return None
    unit = match["unit"] or match["unit2"]
    number = int(match["n"] or match["m"] or 1)
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
