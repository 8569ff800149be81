"""Query parameters of requests that are no list: each is known and good, or named in a 400."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import falcon
import msgspec

from projections.query.filters import INSTANT, Schema, read_instant
from projections.query.listing import INVALID_PARAMETER, UNKNOWN_PARAMETER, InvalidQuery, check_text
from projections.views.events import Moment

LAST_POSITION = 10**18 - 1
MOMENT: dict[str, Schema] = {
    "asOf": INSTANT.schema,
    "version": {"type": "integer", "minimum": 1, "maximum": LAST_POSITION},
}
Reader = Callable[[str], Any]


class OneWord(msgspec.Struct, frozen=True):
    """Reads one of these words; raises ValueError for anything else."""

    words: tuple[str, ...]

    def __call__(self, text: str) -> str:
        if text not in self.words:
            raise ValueError(f"It takes one of: {', '.join(self.words)}.")
        return text


def read_parameters(req: falcon.Request, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """The parameters that were given, read. Raises InvalidQuery with every unknown or wrong one."""
    found: dict[str, Any] = {}
    problems: list[tuple[str, str, str]] = []
    for name, text in req.params.items():
        if name not in readers:
            takes = (
                f"This request takes: {', '.join(readers)}." if readers else "This request takes no query parameters."
            )
            problems.append((name, UNKNOWN_PARAMETER, takes))
            continue
        try:
            found[name] = readers[name](check_text(text))
        except ValueError as error:
            problems.append((name, INVALID_PARAMETER, str(error)))
    if problems:
        raise InvalidQuery(problems)
    return found


def refuse_parameters(req: falcon.Request) -> None:
    """Refuse query parameters where there are none to give."""
    if req.query_string:
        read_parameters(req, {})


def read_moment(req: falcon.Request) -> Moment | None:
    """What `asOf` or `version` says; None when neither is there."""
    found = read_parameters(req, {"asOf": _instant, "version": _version})
    if len(found) > 1:
        message = "Give asOf or version, not both."
        raise InvalidQuery([(name, INVALID_PARAMETER, message) for name in found])
    return Moment(found.get("asOf"), found.get("version")) if found else None


def read_position(text: str) -> int:
    """A position in the log; raises ValueError."""
    return read_whole(text, 0)


def read_whole(text: str, least: int) -> int:
    """A whole number; raises ValueError."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 18 and int(text) >= least):
        raise ValueError(f"It must be a whole number, {least} or more.")
    return int(text)


def _version(text: str) -> int:
    return read_whole(text, 1)


def _instant(text: str) -> datetime:
    try:
        return read_instant(text)
    except (ValueError, OverflowError):
        raise ValueError(f"It must be {INSTANT.hint}.") from None
