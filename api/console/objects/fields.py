"""The fields of forms about objects. Their names and rules are those of the API."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from api.console.forms.messages import sentence_of
from api.console.objects.words import VALUES
from api.http.form import Form
from api.pages.translation import gettext as _
from domain.errors.violation import Violation
from domain.tax.states import PRESENT
from domain.text import text_key

TEXT, LONG_TEXT, DAY, NUMBER, CHOICE = "text", "long", "date", "number", "choice"
DISCOUNT, CONSENT, STATE = "discount", "consent", "state"
"""A discount as people write it ("10 %" or "500"), a choice whose only word means true, and a state (code or name)."""
WORDS, STATES = "words", "states"
"""A choice of one or more words, with "+" between them, and a choice of a state from a list."""
_CODES = {text_key(state.name): code for code, state in PRESENT.items()}
_PERCENT = re.compile(r"([^%]*)%")
_SEPARATORS = ", \u00a0\u2009\u202f"
_GROUPED = re.compile(
    rf"(?:[0-9]{{1,3}}(?:[{_SEPARATORS}][0-9]{{3}})+|[0-9]{{1,2}}(?:[{_SEPARATORS}][0-9]{{2}})*[{_SEPARATORS}][0-9]{{3}})(?:\.[0-9]+)?"
)
"""A number with separators between thousands, or between thousands and lakhs. In any other place a comma may mean the
decimal point, so such a text is left to the API, which refuses it."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a form."""

    name: str
    """The name in the body of the API, such as `paidOn`."""
    label: str
    widget: str = TEXT
    hint: str = ""
    words: tuple[str, ...] = ()
    """The words of a choice."""
    is_required: bool = False
    is_expected: bool = False
    """Whether the label does not call the field optional, although another field can take its place."""
    max_length: int | None = None
    can_be_empty: bool = False
    """Whether a choice can be left open."""

    def choices(self) -> list[tuple[str, str]]:
        """Return the words of a choice, each with what people call it."""
        if self.widget == STATES:
            return [(code, f"{code} {state.name}") for code, state in PRESENT.items()]
        return [(word, _(VALUES.get(word, word))) for word in self.words]

    @property
    def is_choice(self) -> bool:
        """Whether one of some words is chosen."""
        return self.widget in (CHOICE, CONSENT, WORDS, STATES)

    def value(self, text: str) -> Any:
        """Return the value for the body; None for an empty field. Numbers may have separators of thousands or lakhs."""
        text = text.replace("\r\n", "\n") if self.widget == LONG_TEXT else text.strip()
        if self.widget == CONSENT:
            return True if text else None
        if self.widget == WORDS:
            return text.split("+") if text else None
        if self.widget == DISCOUNT:
            return _discount(text)
        if self.widget == STATE:
            return _CODES.get(text_key(text), text) or None
        return _number(text) if self.widget == NUMBER else text or None


def _number(text: str) -> str | None:
    return ("".join(each for each in text if each not in _SEPARATORS) if _GROUPED.fullmatch(text) else text) or None


def _discount(text: str) -> dict[str, str] | None:
    """Return the discount that somebody has written: `10 %`, or an amount such as `1,500`."""
    percent = _PERCENT.fullmatch(text)
    if percent:
        return {"percent": percent[1].strip()}
    number = _number(text)
    return None if number is None else {"amount": number}


def read_fields(form: Form, fields: Iterable[Field]) -> dict[str, Any]:
    """Return the body that the fields of a form make. An empty field is null."""
    return {field.name: field.value(form.text(field.name)) for field in fields}


def texts_of(form: Form, fields: Iterable[Field]) -> dict[str, str]:
    """Return what the user has entered, by field, to show it again."""
    return {field.name: form.text(field.name) for field in fields}


def split_problems(violations: Iterable[Violation], fields: Iterable[Field]) -> tuple[dict[str, str], list[str]]:
    """Return a message for each wrong field of the form, and the messages about what the form does not have."""
    labels = {field.name: field for field in fields}
    problems: dict[str, str] = {}
    others = []
    for each in violations:
        name = each.field.partition(".")[0]  # the fields of a discount are one field of the form
        if name in labels:
            problems.setdefault(name, problem_of(labels[name], each.message, fields))
        else:
            label = _("Lines") if each.field == "items" else each.field
            others.append(sentence_of(label, each.message, {name: _(field.label) for name, field in labels.items()}))
    return problems, others


def problem_of(field: Field, message: str, fields: Iterable[Field]) -> str:
    """Return what is wrong with a field, as a sentence with the words of the form. The message is that of the API."""
    return sentence_of(_(field.label), message, {each.name: _(each.label) for each in fields})


def field_text(value: Any) -> str:
    """Return a value of an object as the text of a field."""
    if isinstance(value, list | tuple):
        return "+".join(value)
    if isinstance(value, Mapping):
        return f"{value['percent']} %" if "percent" in value else str(value.get("amount", ""))
    return "yes" if value is True else "" if value is None or value is False else str(value)


def initial_texts(values: Mapping[str, Any], fields: Iterable[Field]) -> dict[str, str]:
    """Return the texts of the fields for these values. Fields without a value are empty."""
    return {field.name: field_text(values.get(field.name)) for field in fields}
