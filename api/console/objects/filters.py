"""The filters of a list in its address, and the fields of the form that sets them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from api.console.forms.messages import sentence_of
from api.console.objects.kinds import ObjectKind
from api.console.objects.words import SORTS, VALUES
from api.pages.translation import gettext as _
from domain.calendar import instant
from domain.errors.violation import Violation
from domain.reading import InvalidValue, parse_date
from domain.reading.when import read_when
from projections.query.filters import QueryParameter
from projections.query.past.lists import AS_OF

Sent = Mapping[str, Any]
"""The parameters in the address, by name. A parameter that was sent several times has a list of texts."""
_DAYS_OR_TIMES = (AS_OF, "updatedSince")
"""Parameters that take a time and, in the console, also a day."""
_WITHOUT_FIELD = ("limit", "cursor", "include")
DONE, NEXT = "done", "next"
"""Parameters that the API does not have: what was just decided in a row, and the row after it, which gets the focus."""


class FilterField(NamedTuple):
    """A field of the form."""

    name: str
    label: str
    value: str
    widget: str
    """`choice`, `date`, `search` or `text`."""
    choices: tuple[tuple[str, str], ...] = ()
    """The values of a choice, each with its label."""


def read_sent(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that are filled in. Forms send the empty ones, too."""
    sent = {name: text.strip() if isinstance(text, str) else text for name, text in params.items()}
    return {name: text for name, text in sent.items() if text and name not in ("include", DONE, NEXT)}


def filters_of(sent: Sent) -> Sent:
    """Return the filters and the order among the parameters of a list."""
    return {name: text for name, text in sent.items() if name not in ("cursor", "limit")}


def query_of(sent: Sent, time_zone: str, now: datetime) -> dict[str, Any]:
    """Return the query parameters of the API. A day or a time without an offset is in the time zone.

    A list as of a day is that of its end, or of now on the present day.
    """
    query = dict(sent)
    if isinstance(as_of := sent.get(AS_OF), str):
        with suppress(InvalidValue):
            when = read_when(as_of)
            at = when.last_instant(time_zone)
            query[AS_OF] = instant(min(at, now) if when.first_instant(time_zone) <= now else at)
    if isinstance(since := sent.get("updatedSince"), str):
        with suppress(InvalidValue):  # the list says what is wrong
            query["updatedSince"] = instant(read_when(since).first_instant(time_zone))
    return query


def fields_of(kind: ObjectKind, sent: Sent) -> list[FilterField]:
    """Return the fields of the form in the order of the page: those that it always shows come first."""
    parameters = kind.type.listing.query_parameters()
    del parameters["metadata"]
    names = [*kind.filters, *(name for name in parameters if name not in (*kind.filters, *_WITHOUT_FIELD))]
    values = {name: text if isinstance(text := sent.get(name, ""), str) else "" for name in names}
    return [_field(kind, name, parameters[name], values[name]) for name in names]


def _field(kind: ObjectKind, name: str, parameter: QueryParameter, value: str) -> FilterField:
    label, schema = kind.label(name), parameter.schema
    if name == "sort":
        return FilterField(name, label, value, "choice", _orders(kind))
    if parameter.choices:
        return FilterField(name, label, value, "choice", _words(parameter.choices, value))
    if schema.get("type") == "boolean":
        return FilterField(name, label, value, "choice", (("", _("All")), ("true", _("Yes")), ("false", _("No"))))
    # A time stays a text: the links to further pages have one.
    is_day = schema.get("format") == "date" or (name in _DAYS_OR_TIMES and (not value or _is_day(value)))
    return FilterField(name, label, value, "date" if is_day else "search" if name == "search" else "text")


def _is_day(text: str) -> bool:
    try:
        parse_date(text)
    except InvalidValue:
        return False
    return True


def _words(words: tuple[str, ...], value: str) -> tuple[tuple[str, str], ...]:
    """Return the choices of words. Several words with commas between them are a choice if the address has them."""
    choices = [("", _("All")), *((word, _(VALUES[word])) for word in words)]
    several = [word for word in value.split(",") if word in words]
    if len(several) > 1:
        choices.append((value, ", ".join(_(VALUES[word]) for word in several)))
    return tuple(choices)


def _orders(kind: ObjectKind) -> tuple[tuple[str, str], ...]:
    names = kind.type.listing.sorts
    pairs = ((name, *SORTS[name]) for name in names)
    orders = [(f"{sign}{name}", _(words)) for name, up, down in pairs for sign, words in (("-", down), ("", up))]
    return (("", _("Usual order")), *orders)


def others_of(sent: Sent, fields: list[FilterField]) -> dict[str, str]:
    """Return the parameters that have no field but stay in the address, such as `metadata[order]`."""
    with_field = {field.name for field in fields} | {"cursor"}
    return {name: text for name, text in sent.items() if name not in with_field and isinstance(text, str)}


def problems_of(kind: ObjectKind, violations: tuple[Violation, ...]) -> dict[str, str]:
    """Return a message for each wrong parameter, by its name."""
    labels = {name: kind.label(name) for name in kind.type.listing.query_parameters()}
    return {each.field: sentence_of(kind.label(each.field), each.summary, labels) for each in violations}


def after_decision(list_address: str, action: str, following: str) -> str:
    """Return the address of the list after something was decided in it."""
    path, _mark, query = list_address.partition("?")
    sent = [(name, text) for name, text in parse_qsl(query) if name not in (DONE, NEXT)]
    return f"{path}?{urlencode([*sent, (DONE, action), *([(NEXT, following)] if following else [])], safe=',')}"


def link(path: str, sent: Sent, **changes: str | None) -> str:
    """Return the address of the list with these parameters and changes; None removes a parameter."""
    values = {name: text for name, text in {**sent, **changes}.items() if text is not None}
    return f"{path}?{urlencode(values, doseq=True, safe=',')}" if values else path


def query_text(sent: Sent) -> str:
    """Return the parameters as they stand in the address of a list, after the question mark."""
    return link("", sent).removeprefix("?")
