"""The table that a list is as a file, with headings in the language of who downloads it."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.inspect import Field, StructType, type_info

from api.console.activity.sentences import capitalized
from api.console.objects.downloads.sheets.table import Table, TableColumn
from api.console.objects.kinds import ObjectKind
from api.pages.formats import format_field
from api.pages.translation import gettext as _
from projections.registry import ROWS

_LAST = frozenset(("createdAt", "updatedAt"))
"""The fields of the last columns: every object has them, so no row is shorter than the headings."""
_LEFT_OUT = frozenset(("availableActions", "version", "erased"))


def table_of(kind: ObjectKind, time_zone: str) -> Table:
    """Return the table of a list. Its texts are in the language of this thread."""
    entry_type = ROWS[kind.kind].entry_type
    fields = [field for field in _fields(entry_type) if field.encode_name not in _LEFT_OUT]
    fields.sort(key=lambda field: field.encode_name in _LAST)
    return Table(_(kind.title), tuple(_column(field) for field in fields), entry_type, time_zone)


def _fields(entry_type: type[msgspec.Struct]) -> tuple[Field, ...]:
    info: Any = type_info(entry_type)
    assert isinstance(info, StructType)
    return info.fields


def _column(field: Field) -> TableColumn:
    return TableColumn(field.encode_name, field.name, capitalized(format_field(field.encode_name)), field.type)
