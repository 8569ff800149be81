"""The read side of an organization's people: one row with all of them. Log-ins read the table `memberships`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec

from domain.accounts.people import Membership, People, PersonEvent, with_change
from domain.aggregate import Aggregate, Event
from domain.calendar import Timestamp, instant
from projections.projection import Statement
from projections.restored import RestoredProjection
from projections.views.display import DisplayFields

_encode = msgspec.json.Encoder().encode
_SET_MEMBERS = "SELECT set_members(set_organization(%s), %s)"
"""Writes `memberships`. A rebuild has not set the organization of its transaction."""


class PeopleRow(msgspec.Struct, rename="camel", kw_only=True):
    """The row of an organization's people, also of those who were removed, by the id of the user."""

    id: str
    members: Mapping[str, Membership]
    created_at: Timestamp
    updated_at: Timestamp
    version: int


_decode = msgspec.json.Decoder(PeopleRow).decode


class PeopleProjection(RestoredProjection[PeopleRow]):
    name: ClassVar[str] = "people"
    table: ClassVar[str] = "people"
    view: ClassVar[str] = "people_list"
    kind: ClassVar[str] = People.kind
    aggregate: ClassVar[type[Aggregate]] = People
    restored_from: ClassVar[tuple[str, ...]] = ("summary",)
    entry_type: ClassVar[type[msgspec.Struct]] = PeopleRow
    display: ClassVar[DisplayFields] = DisplayFields(name=("id",), detail=("id",), template="{noun}")
    version: ClassVar[int] = 1
    in_place: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("created_at", "updated_at", "version", "summary")

    def fold(self, row: PeopleRow | None, event: Event) -> PeopleRow:
        assert isinstance(event, PersonEvent)
        at = instant(event.timestamp)
        if row is None:
            row = PeopleRow(id=event.originator_id, members={}, created_at=at, updated_at=at, version=0)
        row.members = with_change(row.members, event)
        row.updated_at, row.version = at, event.originator_version
        return row

    def values(self, row: PeopleRow) -> tuple[Any, ...]:
        return row.created_at, row.updated_at, row.version, _encode(row).decode()

    def to_json(self, row: PeopleRow) -> bytes:
        return _encode(row)

    def statements(self, org_id: str, id: str, row: PeopleRow, is_new: bool) -> list[Statement]:
        members = _encode(row.members).decode()
        return [*super().statements(org_id, id, row, is_new), (_SET_MEMBERS, (org_id, members))]

    def restore(self, *stored: Any) -> PeopleRow:
        (summary,) = stored
        return _decode(summary)

    def shown(self, row: PeopleRow) -> PeopleRow:
        return row


PEOPLE = PeopleProjection()
