"""The descriptions of tags in the API reference, on the landing page and in `/llms.txt`."""

from __future__ import annotations

from collections.abc import Iterable

from api.openapi.texts import TEXTS
from api.operation import Operation


def tag_descriptions(operations: Iterable[Operation]) -> dict[str, str]:
    """Return the description of each tag: its text, and the scopes that its operations need."""
    scopes: dict[str, dict[str, None]] = {tag: {} for tag in TEXTS}
    for operation in operations:
        if operation.scope is not None:
            scopes[operation.tag][operation.scope] = None
    return {tag: f"{texts.about}{_sentence(scopes[tag])}" for tag, texts in TEXTS.items()}


def _sentence(scopes: Iterable[str]) -> str:
    names = [f"`{scope}`" for scope in scopes]
    return f" {'Scopes' if len(names) > 1 else 'Scope'} {' and '.join(names)}." if names else ""
