"""The row of an object, as it is stored: the statement that selects it, and the object that it makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from api.ports.reads import StoredObject
from infra.postgres.database import Row
from projections.projection import join_details
from projections.query.listing import Listing


class _ObjectRow(NamedTuple):
    """An object's row: its JSON in one or two parts, and its version."""

    summary: bytes
    details: bytes | None
    version: int


def select_stored(listing: Listing) -> str:
    """Return the statement for an object of this list. Its parameters are the organization and the id."""
    details = "details" if listing.has_details else "NULL"
    return f"SELECT summary, {details}, version FROM {listing.view} WHERE org_id = %s AND id = %s"


def stored_object(rows: Sequence[Row]) -> StoredObject | None:
    """Return the object in the result of `select_stored`; None if there is none."""
    for row in rows:
        found = _ObjectRow(*row)
        body = found.summary if found.details is None else join_details(found.summary, found.details)
        return StoredObject(body, found.version)
    return None
