"""The accepted name or word that is nearest to an unknown one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from difflib import SequenceMatcher
from functools import partial

from domain.errors.violation import Hint

MAX_CHARACTERS = 40
"""A longer name gets no suggestion: it is hardly a typing error, and the comparison would take long."""
_MIN_CHARACTERS = 4
"""A name with fewer characters must have the same key as a name of the API, because it is similar to many names."""
_MIN_SIMILARITY = 0.8
"""The lowest similarity of a suggested name, from 0 to 1 (`difflib.SequenceMatcher.ratio`)."""
_SEPARATORS = re.compile(r"[\W_]+")

OtherNames = Mapping[str, tuple[str, ...]]
"""Maps the key of a word (see `name_key`) to the API's names that mean the same."""


def read_other_names(table: str) -> OtherNames:
    """Parse a table of names. Each line holds names that the API uses, a colon, and other words for them.

    A request usually accepts only one of the names before the colon. Each of these names is also a word for the others.
    """
    names: dict[str, list[str]] = {}
    for line in table.strip().splitlines():
        ours, _, others = line.partition(":")
        for word in (*ours.split(), *others.split()):
            names.setdefault(name_key(word), []).extend(ours.split())
    return {key: tuple(dict.fromkeys(meanings)) for key, meanings in names.items()}


def name_key(name: str) -> str:
    """Return the key by which names are compared. `clientId`, `client_id`, `Client-ID` and `client id` have one key."""
    return _SEPARATORS.sub("", name).casefold()


def nearest(sent: object, accepted: Iterable[str], other_names: OtherNames) -> str | None:
    """Return the accepted name that `sent` probably means.

    Returns None if no name is similar enough, or if several names are equally similar.
    """
    if not isinstance(sent, str) or len(sent) > MAX_CHARACTERS:
        return None
    names = tuple(accepted)
    return same_name(sent, names, other_names) or _most_similar(
        name_key(sent), {name: name_key(name) for name in names}
    )


def same_name(sent: str, accepted: Collection[str], other_names: OtherNames) -> str | None:
    """Return the accepted name that differs from `sent` only in case and separators, or that means the same."""
    key = name_key(sent)
    same = [name for name in accepted if name_key(name) == key]
    meant = [name for name in other_names.get(key, ()) if name in accepted]
    return next(iter([*same, *meant]), None)


def hint(sent: object, accepted: Iterable[str], other_names: OtherNames) -> Hint:
    """Return a function without arguments that computes `nearest` when the suggestion is needed."""
    return partial(nearest, sent, tuple(accepted), other_names)


def _most_similar(key: str, keys: Mapping[str, str]) -> str | None:
    if len(key) < _MIN_CHARACTERS:
        return None
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(key)
    found: dict[float, list[str]] = {}
    for name, own in keys.items():
        matcher.set_seq1(own)
        if matcher.real_quick_ratio() >= _MIN_SIMILARITY and matcher.quick_ratio() >= _MIN_SIMILARITY:
            found.setdefault(matcher.ratio(), []).append(name)
    best = max(found, default=0.0)
    return found[best][0] if best >= _MIN_SIMILARITY and len(found[best]) == 1 else None
