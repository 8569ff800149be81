"""Messages of the API about fields, as sentences for people who fill in a form, in their language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from re import Match

from api.pages.formats import format_day, format_money
from api.pages.translation import gettext as _
from api.pages.translation import marked

_DAY = r"(?P<day>\d{4}-\d\d-\d\d)"
_SENTENCES = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"is required", marked("%(field)s is required.")),
        (r"must be a decimal number\b.*", marked("%(field)s must be a number, such as 3500 or 3500.50.")),
        (r"must be greater than 0", marked("%(field)s must be greater than 0.")),
        (r"must be greater than or equal to 0", marked("%(field)s must not be less than 0.")),
        (r"must be less than or equal to (?P<most>[\d.]+)", marked("%(field)s must be at most %(most)s.")),
        (
            r"must have at most (?P<places>\d+) decimal places(?: in [A-Z]{3})?",
            marked("%(field)s must have at most %(places)s digits after the decimal point."),
        ),
        (
            r"must be at most the balance due, (?P<amount>[\d.]+) (?P<currency>[A-Z]{3})",
            marked("%(field)s must be at most the balance due, %(amount)s."),
        ),
        (r"must be a calendar date, YYYY-MM-DD", marked("%(field)s must be a day that exists.")),
        (rf"must not be before (?P<other>\w+) \({_DAY}\)", marked("%(field)s must not be before %(other)s, %(day)s.")),
        (r"must not be after (?P<other>\w+)", marked("%(field)s must not be after %(other)s.")),
        (rf"must not be after today \({_DAY}\)", marked("%(field)s must not be after today.")),
        (
            r"must be a string of (?P<least>\d+) to (?P<most>\d+) characters; it has (?P<count>\d+)",
            marked("%(field)s must have %(least)s to %(most)s characters; it has %(count)s."),
        ),
        (
            r"must contain only letters A-Z and a-z, digits, '-' and '_'.*",
            marked("%(field)s must contain only letters A to Z, digits, - and _."),
        ),
        (
            r"must contain only letters A-Z and a-z, digits, '-' and '/', and begin with a letter or a digit",
            marked("%(field)s must contain only letters A to Z, digits, - and /, and begin with a letter or a digit."),
        ),
        (
            r"must be an RFC 3339 timestamp\b.*",
            marked("%(field)s must be a day or a time, such as 2026-03-31 or 2026-03-31T17:30."),
        ),
        (r"must be one of: .*", marked("%(field)s must be one of the choices.")),
    )
)
"""What a message of the API may be, and the sentence for it. Other messages stay as they are, in English."""


def sentence_of(field: str, message: str, labels: Mapping[str, str]) -> str:
    """Return what is wrong with a field, as a sentence.

    `message` is that of the API, and `field` the label of the field. `labels` are those of other fields, by their names
    in the API: where the message has such a name, the sentence has the label.
    """
    for pattern, sentence in _SENTENCES:
        found = pattern.fullmatch(message)
        if found and not (found.groupdict().get("other") and found["other"] not in labels):
            return _(sentence, field=field, **_values(found, labels))
    names = [re.escape(name) for name in labels if not name.islower()]
    if names:
        message = re.sub(rf"\b(?:{'|'.join(names)})\b", lambda name: _quoted(labels[name[0]]), message)
    return f"{field} {message}."


def _values(found: Match[str], labels: Mapping[str, str]) -> dict[str, str]:
    values = {name: text for name, text in found.groupdict().items() if text is not None}
    if "currency" in values:
        values["amount"] = format_money(Decimal(values["amount"]), values["currency"])
    formats: Mapping[str, Callable[[str], str]] = {
        "day": lambda text: format_day(date.fromisoformat(text)),
        "other": lambda text: _quoted(labels[text]),
    }
    return {name: formats[name](text) if name in formats else text for name, text in values.items()}


def _quoted(label: str) -> str:
    return f"\u201c{label}\u201d"
