"""Reads the query parameters of requests other than lists of resources. Unknown and wrong parameters cause a 400."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import falcon

from domain.errors.violation import Violation
from domain.reading import MAX_WHOLE_NUMBER, InvalidValue, parse_whole_number
from projections.query.filters import INSTANT, QueryParameter
from projections.query.refusals import (
    INVALID_PARAMETER,
    InvalidQuery,
    check_text,
    unknown_parameter,
)
from projections.views.events import Moment

MOMENT: dict[str, QueryParameter] = {
    "asOf": QueryParameter(INSTANT.schema),
    "version": QueryParameter({"type": "integer", "minimum": 1, "maximum": MAX_WHOLE_NUMBER}),
}
Reader = Callable[[str], Any]
"""A function that parses the value of one query parameter. It raises InvalidValue for a wrong value."""


def read_parameters(
    req: falcon.Request, readers: Mapping[str, Reader], hints: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """Return the parsed query parameters by name. Raises InvalidQuery with all unknown and wrong parameters.

    `hints` are suggestions for names that are unknown only in this request.
    """
    values: dict[str, Any] = {}
    violations: list[Violation] = []
    for name, text in req.params.items():
        if name not in readers:
            violations.append(unknown_parameter(name, text, readers, hints.get(name)))
            continue
        try:
            values[name] = readers[name](check_text(text))
        except InvalidValue as error:
            violations.append(error.violation(name, INVALID_PARAMETER))
    if violations:
        raise InvalidQuery(violations)
    return values


def refuse_parameters(req: falcon.Request) -> None:
    """Raise InvalidQuery if the request has query parameters. Operations without query parameters call it."""
    if req.query_string:
        read_parameters(req, {})


def read_moment(req: falcon.Request) -> Moment | None:
    """Return the moment that the parameter `asOf` or `version` names; None if both are absent.

    Raises InvalidQuery for a wrong value, and if both parameters are present.
    """
    values = read_parameters(req, {"asOf": INSTANT.parse, "version": _parse_version})
    if len(values) > 1:
        messages = [
            ("asOf", "must not be sent together with version"),
            ("version", "must not be sent together with asOf"),
        ]
        raise InvalidQuery([Violation(name, INVALID_PARAMETER, message) for name, message in messages])
    return Moment(values.get("asOf"), values.get("version")) if values else None


def parse_position(text: str) -> int:
    """Return the position that this text is. It may be beyond the end of the log: the reader of the log checks that.

    Raises InvalidValue for a text that is not a whole number, 0 or more.
    """
    if not (text.isascii() and text.isdigit()):
        raise InvalidValue("must be a whole number, 0 or more")
    return int(text)


def parse_end(text: str) -> int:
    """Return the position before which a page begins. A position beyond the end of the log means the end.

    Raises InvalidValue for a text that is not a whole number, 0 or more.
    """
    return min(parse_position(text), MAX_WHOLE_NUMBER)


def _parse_version(text: str) -> int:
    return parse_whole_number(text, 1)
