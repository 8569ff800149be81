"""The port for saved views: filters and an order of a list that a user has saved under a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class SavedView(NamedTuple):
    """A view that a user sees: an own one, or one that somebody shares."""

    id: str
    name: str
    query: str
    """The parameters in the address of the list."""
    is_shared: bool
    user_id: str
    """Who has saved it."""


class ListOfViews(NamedTuple):
    """The views of a list that a user sees."""

    org_id: str
    kind: str
    """The kind of the objects in the list, such as `invoice`."""
    user_id: str
    is_manager: bool = False
    """Whether the user may also rename and remove the shared views of others."""


class TakenName(Exception):
    """The user has another view of this name for the list."""


class TooManyViews(Exception):
    """The user has saved MAX_VIEWS views of the list, or MAX_VIEWS of them are shared."""


class SavedViews(Protocol):
    """Saved views. Each method can raise Unavailable."""

    def list(self, views: ListOfViews) -> Sequence[SavedView]:
        """Return the views that the user sees, by name."""

    def save(self, views: ListOfViews, view: SavedView) -> None:
        """Save a view, once for each id. Raises TakenName and TooManyViews."""

    def rename(self, views: ListOfViews, id: str, name: str) -> bool:
        """Give a view another name. Return False if the user may change no such view. Raises TakenName."""

    def remove(self, views: ListOfViews, id: str) -> None:
        """Remove a view that the user may change, if there is one."""
