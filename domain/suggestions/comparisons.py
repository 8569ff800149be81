"""Query parameters with a comparison in their name, as other APIs have them: `created[gte]`, `due_date__lte`."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[<>]")
_FIRST = frozenset("gte gt ge from min after since greater > above".split())  # noqa: SIM905
_LAST = frozenset("lte lt le to max before until till less < below".split())  # noqa: SIM905
_FILTER = "filter"
"""The name around the name of a field: `filter[status]`."""


def plain_name(name: str) -> str | None:
    """Return a name with its comparison in words: `createdFrom` for `created[gte]`, `dueDateTo` for `due_date__lte`.

    `filter[status]` becomes `status`. Returns None for a name without a comparison and without `filter`.
    """
    words = _WORD.findall(name)
    inner = words[1:] if words and words[0].lower() == _FILTER else words
    last = inner[-1].lower() if len(inner) > 1 else ""
    end = "From" if last in _FIRST else "To" if last in _LAST else ""
    if not end and inner == words:
        return None
    return "".join(inner[:-1]) + end if end else "".join(inner) or None
