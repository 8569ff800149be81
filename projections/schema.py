"""What a field's type cannot say about its values, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


def one_of(words: Iterable[str]) -> msgspec.Meta:
    """Return the annotation of a string field that holds one of these words: `Annotated[str, one_of(STATUSES)]`."""
    return msgspec.Meta(extra_json_schema={"enum": list(dict.fromkeys(words))})
