"""What a field of a command may hold, said once: it checks bodies, finds every wrong field, and describes itself.

msgspec would stop at the first wrong field and takes `NaN`, `1_0` and other alphabets' digits for decimals, so commands
are read here from the decoded JSON, field by field.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, NamedTuple, Protocol, Union, get_args, get_origin, get_type_hints

import msgspec

from domain.errors import READ_ONLY_FIELD, UNKNOWN_FIELD, VALIDATION_FAILED, Violation
from domain.money import MINOR_UNITS, plain

Report = Callable[[Violation], None]


class JsonNumber(str):
    """A JSON number with a fraction or an exponent, still as it was written, so that nothing is lost of it."""

    __slots__ = ()


class InvalidValue(Exception):
    """The value does not fit; the message says what would."""


class Spec(Protocol):
    """What one field may hold."""

    def read(self, value: Any, path: str, report: Report) -> Any:
        """The value in the command's own type; raises InvalidValue, or reports wrong fields further inside."""

    def schema(self) -> dict[str, Any]:
        """The same as JSON Schema (2020-12), for the OpenAPI document."""


class Text(msgspec.Struct, frozen=True):
    """A text of `min` to `max` characters, without U+0000, and of this pattern if there is one."""

    max: int
    min: int = 1
    pattern: str | None = None
    hint: str = ""

    def read(self, value: Any, path: str, report: Report) -> str:
        if type(value) is not str:
            raise InvalidValue("It must be a text.")
        if not self.min <= len(value) <= self.max:
            raise InvalidValue(f"It must have {self.min} to {self.max} characters; it has {len(value)}.")
        if "\0" in value:
            raise InvalidValue("It must not contain the character U+0000.")
        if self.pattern is not None and not _compiled(self.pattern).fullmatch(value):
            raise InvalidValue(self.hint)
        return value

    def schema(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"type": "string", "minLength": self.min, "maxLength": self.max}
        if self.pattern:
            shape["pattern"] = f"^{self.pattern}$"
        return shape


class Choice(msgspec.Struct, frozen=True):
    """One of these words."""

    words: tuple[str, ...]

    def read(self, value: Any, path: str, report: Report) -> str:
        if type(value) is not str or value not in self.words:
            raise InvalidValue(f"It must be one of: {', '.join(self.words)}.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.words)}


class Currency(msgspec.Struct, frozen=True):
    """An ISO 4217 code."""

    def read(self, value: Any, path: str, report: Report) -> str:
        if type(value) is not str or value not in MINOR_UNITS:
            raise InvalidValue("It must be an ISO 4217 currency code in capitals, such as INR.")
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": sorted(MINOR_UNITS)}


class Day(msgspec.Struct, frozen=True):
    """A calendar date, YYYY-MM-DD."""

    def read(self, value: Any, path: str, report: Report) -> date:
        return read_day(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Number(msgspec.Struct, frozen=True):
    """An exact decimal, as a JSON number or a decimal text, with at most `places` decimals."""

    places: int
    below: Decimal | None = None
    at_most: Decimal | None = None
    positive: bool = False

    def read(self, value: Any, path: str, report: Report) -> Decimal:
        number = read_decimal(value)
        if number < 0 or (self.positive and number == 0):
            raise InvalidValue(f"It must be {'greater than 0' if self.positive else '0 or more'}.")
        if self.below is not None and number >= self.below:
            raise InvalidValue(f"It must be below 10^{self.below.adjusted()}.")
        if self.at_most is not None and number > self.at_most:
            raise InvalidValue(f"It must be at most {self.at_most}.")
        short = plain(number).copy_abs()  # -0 is 0
        if -int(short.as_tuple().exponent) > self.places:
            raise InvalidValue(f"It must have at most {self.places} decimals.")
        return short

    def schema(self) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "number"}
        number["exclusiveMinimum" if self.positive else "minimum"] = 0
        if self.below is not None:
            number["exclusiveMaximum"] = int(self.below)
        if self.at_most is not None:
            number["maximum"] = int(self.at_most)
        text = {"type": "string", "pattern": rf"^[0-9]{{1,40}}(\.[0-9]{{1,{self.places}}})?$"}
        return {"anyOf": [text, number]}


class Items(msgspec.Struct, frozen=True):
    """A list of objects."""

    of: type[msgspec.Struct]
    max: int
    min: int = 1
    computed: frozenset[str] = frozenset()

    def read(self, value: Any, path: str, report: Report) -> tuple[Any, ...]:
        if type(value) is not list:
            raise InvalidValue("It must be a list.")
        if not self.min <= len(value) <= self.max:
            raise InvalidValue(f"It must have {self.min} to {self.max} entries; it has {len(value)}.")
        return tuple(self._entry(entry, f"{path}[{index}]", report) for index, entry in enumerate(value))

    def _entry(self, entry: Any, path: str, report: Report) -> Any:
        if type(entry) is not dict:
            report(Violation(path, VALIDATION_FAILED, "It must be an object."))
            return None
        found: list[Violation] = []
        values = read_fields(self.of, entry, found.append, self.computed, f"{path}.")
        for violation in found:
            report(violation)
        return None if found else self.of(**values)

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "minItems": self.min, "maxItems": self.max, "items": {"$ref": self.of.__name__}}


class BodyField(NamedTuple):
    """One field that a body may hold."""

    attribute: str
    spec: Spec
    required: bool
    nullable: bool


@cache
def body_fields(struct: type[msgspec.Struct]) -> dict[str, BodyField]:
    """The body fields of a command by their API names: those annotated with a Spec."""
    hints = get_type_hints(struct, include_extras=True)
    found = {}
    for field in msgspec.structs.fields(struct):
        spec, nullable = _spec_of(hints[field.name])
        if spec is not None:
            found[field.encode_name] = BodyField(field.name, spec, field.required, nullable)
    return found


def read_fields(
    struct: type[msgspec.Struct],
    raw: Mapping[str, Any],
    report: Report,
    computed: frozenset[str] = frozenset(),
    prefix: str = "",
) -> dict[str, Any]:
    """The good fields of a body by attribute name; every wrong, missing, computed or unknown one is reported."""
    fields = body_fields(struct)
    values: dict[str, Any] = {}
    for name, value in raw.items():
        field = fields.get(name)
        if field is None:
            report(_stranger(prefix + name, name in computed))
        elif value is None and field.nullable:
            values[field.attribute] = None
        else:
            try:
                values[field.attribute] = field.spec.read(value, prefix + name, report)
            except InvalidValue as wrong:
                report(Violation(prefix + name, VALIDATION_FAILED, str(wrong)))
    for name, field in fields.items():
        if field.required and name not in raw:
            report(Violation(prefix + name, VALIDATION_FAILED, "It is required."))
    return values


def read_day(value: Any) -> date:
    """A date written YYYY-MM-DD in ASCII digits; raises InvalidValue for anything else."""
    if type(value) is str and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidValue("It must be a calendar date, YYYY-MM-DD.")


def read_decimal(value: Any) -> Decimal:
    """The exact number; raises InvalidValue for what is not one, or is out of every range."""
    if type(value) is int:
        return Decimal(value)
    if isinstance(value, str) and len(value) <= 64 and _DECIMAL.fullmatch(value):
        number = Decimal(str(value))
        if -64 <= int(number.as_tuple().exponent) <= 64:
            return number
        if number == 0:
            return Decimal(0)
    raise InvalidValue('It must be a decimal number, such as 3500, 3500.50 or "3500.50".')


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DECIMAL = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _stranger(path: str, computed: bool) -> Violation:
    if computed:
        return Violation(path, READ_ONLY_FIELD, "It is set by the server; leave it out.")
    return Violation(path, UNKNOWN_FIELD, "There is no such field here; check its spelling or leave it out.")


def _spec_of(hint: Any) -> tuple[Spec | None, bool]:
    members: Sequence[Any] = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    nullable = type(None) in members
    for member in members:
        if get_origin(member) is Annotated:
            specs = [extra for extra in member.__metadata__ if hasattr(extra, "read")]
            if specs:
                return specs[0], nullable
    return None, nullable
