"""Texts that the console shows in its sentences, but that stand in rooms where texts are English, such as `domain/`."""

from __future__ import annotations

from collections.abc import Iterator


def texts_of_other_rooms() -> Iterator[tuple[str, str]]:
    """Yield each text with the folder in which it stands."""
    yield from ()
