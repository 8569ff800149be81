"""Personal values stand beside the state of their event, so that they can be erased without a change of the hash chain.

In a log of format 2, the stored state has a gap in the place of each personal value, and ends with their commitment:

    {"status":"draft","clientName":<tab>null,"personal":"<SHA-256 in 64 hexadecimal digits>"}

A gap is a tab and `null`. JSON has no tab inside of a text, and the service writes none elsewhere, so gaps are found
without knowing which fields were personal when the event was stored. The values are a JSON array: a random salt, then
the values in the order of their gaps. The commitment is the hash of exactly this text; without the salt, nobody can
test guesses with it. Erased values leave a state that is JSON as before, with `null` in the gaps
(docs/decisions/0092).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, Raw

from domain.personal import PersonalField, personal_fields
from projections.folding.stored_event import FoldedEvent

GAP = "\tnull"
SALT_BYTES = 16
_GAP = Raw(GAP.encode())
_BEFORE_HASH, _AFTER_HASH, _HASH_DIGITS = ',"personal":"', '"}', 64
_COMMITMENT_LENGTH = len(_BEFORE_HASH) + _HASH_DIGITS + len(_AFTER_HASH)
_SALT_DIGITS = 2 * SALT_BYTES
_ERASED = ',"erased":true}'
"""The end of the state of an event whose values were erased."""
_encode = msgspec.json.Encoder().encode
_decode_values = msgspec.json.Decoder(list[Raw]).decode


class WrongPersonalValues(ValueError):
    """The personal values of an event are not those that were stored with it. The message says how it is seen."""


class SplitState(NamedTuple):
    """The stored form of an event's own fields. Without personal fields, it is the same as in format 1."""

    state: bytes
    personal: str | None


def split(event: msgspec.Struct, random: Callable[[int], bytes]) -> SplitState:
    """Return the own fields of an event with gaps for personal values, and these values.

    `random` returns so many random bytes. They must be secret: who knows them can test guesses after an erasure.
    """
    values: list[Any] = []
    rest = _with_gaps(event, personal_fields(type(event)), values)
    if not values:
        return SplitState(_encode(event), None)
    personal = _encode([random(SALT_BYTES).hex(), *values]).decode()
    end = f"{_BEFORE_HASH}{_commitment(personal)}{_AFTER_HASH}"
    return SplitState(_encode(rest)[:-1] + end.encode(), personal)


def whole_state(record: FoldedEvent) -> str:
    """Return the state of an event with its personal values: the text that a log of format 1 would store.

    If they were erased, it has `null` in their places, and ends with `"erased":true`. Raises WrongPersonalValues.
    """
    state, personal = record.state, record.personal
    if personal is None and GAP not in state:
        return state
    rest, commitment = _parts(state)
    if personal is None:
        return f"{rest[:-1].replace(GAP, 'null')}{_ERASED}"
    if _commitment(personal) != commitment:
        raise WrongPersonalValues("the personal values beside the event are not those that its hash covers")
    return "".join(_filled(rest.split(GAP), _values(personal)))


def is_incomplete(record: FoldedEvent) -> bool:
    """Return whether an event has gaps, and no personal values: they were erased, or removed."""
    return record.personal is None and GAP in record.state


def _with_gaps(struct: Any, fields: Iterable[PersonalField], values: list[Any]) -> Any:
    """Return a copy of the Struct with gaps, and add the personal values to `values`."""
    changes: dict[str, Any] = {}
    for name, entries in fields:
        value = getattr(struct, name)
        if value is UNSET:
            continue
        if entries:
            changes[name] = tuple(_with_gaps(entry, entries, values) for entry in value)
        else:
            values.append(value)
            changes[name] = _GAP
    return msgspec.structs.replace(struct, **changes) if changes else struct


def _commitment(personal: str) -> str:
    return sha256(personal.encode()).hexdigest()


def _parts(state: str) -> tuple[str, str]:
    """Return the state without its commitment, and the commitment."""
    rest, end = state[:-_COMMITMENT_LENGTH], state[-_COMMITMENT_LENGTH:]
    commitment = end[len(_BEFORE_HASH) : -len(_AFTER_HASH)]
    if f"{_BEFORE_HASH}{commitment}{_AFTER_HASH}" != end:
        raise WrongPersonalValues("the event has gaps or values, but does not end with their hash")
    return f"{rest}}}", commitment


def _values(personal: str) -> list[str]:
    """Return the values as JSON, without the salt."""
    salt, *values = (bytes(value).decode() for value in _decode_values(personal))
    if len(salt) != _SALT_DIGITS + 2:
        raise WrongPersonalValues("the personal values do not begin with a salt")
    return values


def _filled(pieces: list[str], values: list[str]) -> Iterator[str]:
    """Yield the pieces between gaps, and the values for the gaps."""
    if len(values) != len(pieces) - 1:
        raise WrongPersonalValues(f"the event has {len(pieces) - 1} gaps and {len(values)} personal values")
    for piece, value in zip(pieces, values, strict=False):
        yield piece
        yield value
    yield pieces[-1]
