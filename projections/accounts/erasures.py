"""The read side of an organization's erasures: one row, which says how often and when last something was erased."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from domain.aggregate import Aggregate, Event
from domain.calendar import Timestamp, instant
from domain.privacy.erasures import Erasures
from projections.restored import RestoredProjection
from projections.views.display import DisplayFields

_encode = msgspec.json.Encoder().encode


class ErasuresRow(msgspec.Struct, rename="camel", kw_only=True):
    """The row of an organization's erasures."""

    id: str
    times: int = 0
    created_at: Timestamp
    updated_at: Timestamp
    version: int


_decode = msgspec.json.Decoder(ErasuresRow).decode


class ErasuresProjection(RestoredProjection[ErasuresRow]):
    name: ClassVar[str] = "erasures"
    table: ClassVar[str] = "erasures"
    view: ClassVar[str] = "erasures_list"
    kind: ClassVar[str] = Erasures.kind
    aggregate: ClassVar[type[Aggregate]] = Erasures
    restored_from: ClassVar[tuple[str, ...]] = ("summary",)
    entry_type: ClassVar[type[msgspec.Struct]] = ErasuresRow
    display: ClassVar[DisplayFields] = DisplayFields(name=("id",), detail=("id",), template="{noun}")
    version: ClassVar[int] = 1
    in_place: ClassVar[bool] = True
    columns: ClassVar[tuple[str, ...]] = ("created_at", "updated_at", "version", "summary")

    def fold(self, row: ErasuresRow | None, event: Event) -> ErasuresRow:
        at = instant(event.timestamp)
        if row is None:
            row = ErasuresRow(id=event.originator_id, created_at=at, updated_at=at, version=0)
        row.times += isinstance(event, Erasures.Erased)
        row.updated_at, row.version = at, event.originator_version
        return row

    def values(self, row: ErasuresRow) -> tuple[Any, ...]:
        return row.created_at, row.updated_at, row.version, _encode(row).decode()

    def to_json(self, row: ErasuresRow) -> bytes:
        return _encode(row)

    def restore(self, *stored: Any) -> ErasuresRow:
        (summary,) = stored
        return _decode(summary)

    def shown(self, row: ErasuresRow) -> ErasuresRow:
        return row


ERASURES = ErasuresProjection()
