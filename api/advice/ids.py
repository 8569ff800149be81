"""Says what is wrong with the form of an id to which no object belongs."""

from __future__ import annotations

from domain.registry import AGGREGATES


def id_advice(kind: str, id: str) -> str:
    """Return a sentence about an id that cannot belong to an object of this kind. Otherwise return an empty text.

    The sentence depends only on the form of the id, so it reveals nothing about the objects of other organizations.
    """
    aggregate = AGGREGATES.get(kind)
    if aggregate is None or id.startswith(f"{aggregate.id_prefix}_"):
        return ""
    other = next((each for each in AGGREGATES.values() if id.startswith(f"{each.id_prefix}_")), None)
    if other is not None:
        return f"This is the id of another kind of object: {other.noun}."
    prefix = aggregate.id_prefix
    return f"Ids of this kind begin with {prefix}_; to find a number or a name, use the list's parameter search."
