"""Query parameters of requests that are no list: each is known and good, or named in a 400."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import falcon
import msgspec

from projections.listing import INVALID_PARAMETER, UNKNOWN_PARAMETER, InvalidQuery, check_text

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
