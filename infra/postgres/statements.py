"""The statements that `wire.py` sends. A connection prepares a statement at its first call on this connection.

The types of the parameters are declared. For `untyped` statements, PostgreSQL infers them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from psycopg.abc import Buffer

MAX_STATEMENTS = 500
"""How many statements a process remembers for SQL with `%s`. A list needs one statement for each combination of
filters, sort order, limit, `include` and cursor."""


class Statement(NamedTuple):
    """An SQL statement and the types of its parameters, `$1`, `$2` and so on."""

    sql: bytes
    types: tuple[int, ...]
    name: bytes
    """A hash of the statement and its types, which is the same on every connection."""

    def call(self, *values: Any) -> Call:
        """Return a call of the statement with these values."""
        return Call(self, encode_all(values))


class Call(NamedTuple):
    """A statement with its parameters in text format."""

    statement: Statement
    parameters: Sequence[Buffer | None]


class _Type(NamedTuple):
    oid: int
    name: bytes
    encode: Callable[[Any], bytes]


def statement(sql: str, *types: type) -> Statement:
    """Return a statement whose parameters have these Python types.

    Each parameter is sent with its declared type, whatever its value is. If the type depended on the value, small
    integers could overflow in arithmetic, and one statement would have several plans.
    """
    text, oids = sql.encode(), tuple(_TYPES[each].oid for each in types)
    return Statement(text, oids, b"sd_" + sha256(text + repr(oids).encode()).hexdigest()[:32].encode())


def encode_all(values: Iterable[Any]) -> list[Buffer | None]:
    """Return values in PostgreSQL's text format; None for null. Raises KeyError if a type is not in _TYPES."""
    return [None if value is None else _ENCODERS[type(value)](value) for value in values]


def call_of(sql: str, values: Sequence[Any]) -> Call:
    """Return a call of the statement `sql` with these values. In `sql`, `%s` stands for each value.

    The types of the parameters follow from the Python types of the values. Raises KeyError for a type not in _TYPES.
    """
    return _numbered(sql, tuple(map(type, values))).call(*values)


def with_constants(call: Call) -> Statement:
    """Return the call's statement with its values as constants in the text. Its parameters must have declared types.

    PostgreSQL plans a statement without parameters once for each connection, and again after the statistics of its
    tables have changed.
    """
    sql, types, _ = call.statement

    def constant(place: re.Match[bytes]) -> bytes:
        number = int(place[1]) - 1
        return _constant(call.parameters[number], _NAMES[types[number]])

    return statement(_PLACE.sub(constant, sql).decode())


_PLACE = re.compile(rb"\$([0-9]+)")


def _constant(value: Buffer | None, type_name: bytes) -> bytes:
    """Return an encoded value as an SQL constant. It means the same whatever `standard_conforming_strings` is."""
    if value is None:
        return b"NULL::%b" % type_name
    escaped = bytes(value).replace(b"\\", b"\\\\").replace(b"'", b"''")
    return b"E'%b'::%b" % (escaped, type_name)


@lru_cache(MAX_STATEMENTS)
def joined(*statements: str) -> str:
    """Return one statement that does what all of these do. See `bind_writes` in `wire.py`."""
    *parts, last = statements
    return f"WITH {', '.join(f's{number} AS ({part})' for number, part in enumerate(parts))} {last}" if parts else last


@lru_cache(MAX_STATEMENTS)
def untyped(sql: str) -> Statement:
    """Return the statement `sql`, in which `%s` stands for each parameter.

    PostgreSQL infers the types of the parameters from the columns and casts in the statement.
    """
    numbered = _number(sql)
    return Statement(numbered.encode(), (), statement(numbered).name)


@lru_cache(MAX_STATEMENTS)
def _numbered(sql: str, types: tuple[type, ...]) -> Statement:
    return statement(_number(sql), *types)


def _number(sql: str) -> str:
    first, *rest = sql.split("%s")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


def _array(values: Sequence[str | None]) -> bytes:
    return f"{{{','.join(map(_element, values))}}}".encode()


def _element(value: str | None) -> str:
    if value is None:
        return "NULL"
    if not isinstance(value, str):
        raise KeyError(type(value))
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_TYPES: dict[type, _Type] = {
    str: _Type(25, b"text", str.encode),
    bool: _Type(16, b"boolean", lambda value: b"t" if value else b"f"),
    int: _Type(20, b"bigint", lambda value: b"%d" % value),
    bytes: _Type(17, b"bytea", lambda value: b"\\x" + value.hex().encode()),
    date: _Type(1082, b"date", lambda value: value.isoformat().encode()),
    datetime: _Type(1184, b"timestamptz", lambda value: value.isoformat().encode()),
    Decimal: _Type(1700, b"numeric", lambda value: str(value).encode()),
    list: _Type(1009, b"text[]", _array),
}
"""For each Python type: the OID and the name of the PostgreSQL type, and a function that writes a value in PostgreSQL's
text format. A list may hold only texts and None."""
_ENCODERS = {type_: each.encode for type_, each in _TYPES.items()}
_NAMES = {each.oid: each.name for each in _TYPES.values()}
