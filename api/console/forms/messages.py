"""Messages of the API about fields, as sentences for people who fill in a form, in their language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from re import Match

from api.console.forms.note_messages import NOTES
from api.console.forms.party_messages import PARTIES
from api.console.forms.settings_messages import SETTINGS, SUGGESTION
from api.console.forms.tax_messages import TAX
from api.console.objects.words import VALUES
from api.pages.formats import format_day, format_money, format_thousands
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
        (
            rf"must not be before paidOn \({_DAY}\)",
            marked("%(field)s must not be before the day of the payment, %(day)s."),
        ),
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
        (
            r"must be a string of at most (?P<most>\d+) characters; it has (?P<count>\d+)",
            marked("%(field)s must have at most %(most)s characters; it has %(count)s."),
        ),
        (
            r"must be a string of (?P<first>\d+), (?P<second>\d+) or (?P<last>\d+) digits.*",
            marked("%(field)s must have %(first)s, %(second)s or %(last)s digits."),
        ),
        (r"must not contain the character U\+0000", marked("%(field)s must not contain the character U+0000.")),
        (
            r"must contain at least one visible character|must contain no control characters, .*",
            marked("%(field)s must have a visible character, and no control characters."),
        ),
        (
            r"must not contain an API key: .*",
            marked("%(field)s must not contain an API key: everybody who sees it could use the key."),
        ),
        (
            r"must be an ISO 4217 currency code in capitals, such as INR",
            marked("%(field)s must be the code of a currency, such as INR."),
        ),
        (
            rf"must be a date from {_DAY} to (?P<last_day>\d{{4}}-\d\d-\d\d)",
            marked("%(field)s must be a day from %(day)s to %(last_day)s."),
        ),
        (
            r"must (?:be|have a total of) less than 10\^(?P<power>\d+)",
            marked("%(field)s: the number is too large; it can have %(power)s digits before the decimal point."),
        ),
        (
            r"must be a list of (?P<least>\d+) to (?P<most>\d+) objects; it has (?P<count>\d+)",
            marked("%(field)s: there must be %(least)s to %(most)s; there are %(count)s."),
        ),
        (r"cannot be empty; leave it out to keep its value", marked("%(field)s cannot be empty.")),
        (
            r"cannot be changed (?:while|once) the (?:invoice|bill|leave|\w+ note|vendor credit) is "
            r"(?P<status>[a-z ]+)(?:; .*)?",
            marked("%(field)s cannot be changed any more: the status is “%(status)s”."),
        ),
        (
            r"is required for the kind (?P<kind>\w+); give the reason why this amount will not be paid",
            marked("%(field)s is required for “%(kind)s”: give the reason why this amount will not be paid."),
        ),
        (
            r"must be full when startDate and endDate are the same day; .*",
            marked("%(field)s must stay the whole day in a leave of one day. Choose the part of the day instead."),
        ),
        (
            r"must be full unless startDate and endDate are the same day; .*",
            marked("%(field)s is for a leave of one day. Choose the part of the first or of the last day instead."),
        ),
        (
            r"must not make the leave longer than (?P<most>\d+) days",
            marked("%(field)s must not make the leave longer than %(most)s days."),
        ),
        (
            rf"must not be before {_DAY}, (?P<most>\d+) days ago",
            marked("%(field)s must not be before %(day)s, %(most)s days ago."),
        ),
        (
            rf"must not be after {_DAY}: an approved leave can only be cut short; .*",
            marked(
                "%(field)s must not be after %(day)s: an approved leave only becomes shorter. Request the "
                "additional days as another leave."
            ),
        ),
        (
            r"must stay first_half: .*",
            marked(
                "%(field)s must stay the first half: an approved leave only becomes shorter. Request the additional "
                "days as another leave."
            ),
        ),
        (
            rf"must leave at least half a day: the leave begins in the second half of {_DAY}; .*",
            marked(
                "%(field)s must leave half a day: the leave begins in the second half of %(day)s. Choose the whole day."
            ),
        ),
        (
            rf"cannot be changed more than (?P<most>\d+) days after the last day \({_DAY}\)",
            marked("%(field)s cannot be changed more than %(most)s days after the last day, %(day)s."),
        ),
        *SETTINGS,
        *TAX,
        *PARTIES,
        *NOTES,
    )
)
"""What a message of the API may be, and the sentence for it. Other messages stay as they are, in English."""


def has_sentence(message: str) -> bool:
    """Return whether there is a sentence for this message."""
    return any(pattern.fullmatch(message) for pattern, _sentence in _SENTENCES)


def sentence_of(field: str, message: str, labels: Mapping[str, str]) -> str:
    """Return what is wrong with a field, as a sentence.

    `message` is that of the API, and `field` the label of the field. `labels` are those of other fields, by their names
    in the API: where the message has such a name, the sentence has the label.
    """
    for pattern, sentence in _SENTENCES:
        found = pattern.fullmatch(message)
        if found and not (found.groupdict().get("other") and found["other"] not in labels):
            return _(sentence, field=field, **_values(found, labels))
    found = SUGGESTION.fullmatch(message)
    if found and has_sentence(found["rule"]):
        rule = sentence_of(field, found["rule"], labels)
        return _("%(rule)s Did you mean %(suggestion)s?", rule=rule, suggestion=found["suggestion"])
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
        "last_day": lambda text: format_day(date.fromisoformat(text)),
        "status": lambda text: _(VALUES[text.replace(" ", "_")]),
        "kind": lambda text: _(VALUES[text]),
        "other": lambda text: _quoted(labels[text]),
        "lowest": lambda text: format_thousands(int(text)),
        "highest": lambda text: format_thousands(int(text)),
    }
    return {name: formats[name](text) if name in formats else text for name, text in values.items()}


def _quoted(label: str) -> str:
    return f"\u201c{label}\u201d"
