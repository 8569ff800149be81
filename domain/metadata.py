"""Metadata: pairs of texts that an integration stores with an object, such as the integration's own ids."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors.codes import VALIDATION_FAILED
from domain.errors.violation import Violation

MAX_PAIRS, MAX_KEY_CHARACTERS, MAX_VALUE_CHARACTERS = 50, 40, 500
KEY_PATTERN = f"[A-Za-z0-9_.-]{{1,{MAX_KEY_CHARACTERS}}}"

Metadata = dict[str, str]
MetadataChanges = Mapping[str, str | None] | None
"""The pairs to set. A value of None removes the pair with this key. None instead of a mapping removes all pairs."""


def merge_metadata(present: Mapping[str, str] | None, changes: MetadataChanges) -> Metadata:
    """Return the pairs after these changes. Pairs whose keys are not in the changes stay as they are.

    `present` is None after the pairs were erased.
    """
    merged = {} if changes is None else {**(present or {}), **changes}
    return {key: value for key, value in merged.items() if value is not None}


def check_metadata(present: Mapping[str, str] | None, changes: MetadataChanges) -> list[Violation]:
    """Return a violation when the object would have more than MAX_PAIRS pairs after these changes."""
    pairs = len(merge_metadata(present, changes))
    if pairs <= MAX_PAIRS:
        return []
    message = f"must have at most {MAX_PAIRS} pairs; with this change it has {pairs}"
    return [Violation("metadata", VALIDATION_FAILED, message)]
