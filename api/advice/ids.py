"""Says what is wrong with the form of an id that no object has."""

from __future__ import annotations

from domain.registry import AGGREGATES


def id_advice(kind: str, id: str) -> str:
    """Return a sentence about an id that cannot belong to an object of this kind. Otherwise return an empty text.

    It depends on the form of the id alone, so it does not tell whether another organization has an object with the id.
    """
    aggregate = AGGREGATES.get(kind)
    if aggregate is None or id.startswith(f"{aggregate.id_prefix}_"):
        return ""
    other = next((each for each in AGGREGATES.values() if id.startswith(f"{each.id_prefix}_")), None)
    if other is not None:
        return f"This is the id of another kind of object: {other.noun}."
    return f"Ids of this kind begin with {aggregate.id_prefix}_; the list finds numbers and names (parameter search)."
