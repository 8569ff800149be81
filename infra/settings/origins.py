"""The parser of the origins whose scripts may call the API (CORS)."""

from __future__ import annotations

import re

from domain.reading import InvalidValue

_ORIGIN = re.compile(r"(https?)://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?")
_DEFAULT_PORTS = {("http", "80"), ("https", "443")}
_EXAMPLE = "such as https://app.example.in,http://localhost:3000"


def parse_origins(text: str) -> tuple[str, ...]:
    """Return the origins in a comma-separated list. Each must be written as browsers send it in the header Origin.

    Browsers send the host in lower case, without a default port and without a slash at the end. Raises InvalidValue for
    any other form and for patterns, because they would never match.
    """
    origins = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if "*" in origins:
        raise InvalidValue(f"must name each origin, {_EXAMPLE} (with *, every website could call the API)")
    for origin in origins:
        match = _ORIGIN.fullmatch(origin)
        if match is None or match.groups() in _DEFAULT_PORTS:
            raise InvalidValue(
                f"must be origins separated by commas, {_EXAMPLE}, in small letters and without a path, a default port "
                "or a pattern"
            )
    return origins
