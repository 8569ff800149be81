"""Make a command from the body of a request. All wrong fields are found before a handler runs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from commands.command import Command
from commands.objects import parse_fields
from commands.unit_of_work import UnitOfWork
from domain.aggregate import Aggregate
from domain.errors import Invalid, Violation

C = TypeVar("C", bound="Command")


class InvalidCommand(Command, frozen=True, kw_only=True):
    """A request with wrong fields. It is refused inside the unit of work.

    Other checks come first there: whether the object exists (404 before 422), and whether the Idempotency-Key is new.
    """

    intended: type[Command]
    id: str | None
    values: Mapping[str, Any]
    """The valid fields, by attribute name."""
    violations: tuple[Violation, ...]

    def refusal_of_new(self) -> Invalid:
        """Return the refusal of a new object: its wrong fields, and the valid ones that contradict each other."""
        return Invalid((*self.violations, *self.intended.check_new(self.values)))


def parse_command(
    command: type[C],
    body: Mapping[str, Any],
    id: str | None = None,
    *,
    path: Mapping[str, str] = MappingProxyType({}),
    may_be_retry: bool = False,
) -> C | InvalidCommand:
    """Return the command that a body describes. `id` is the object to change; None creates a new one.

    `path` holds the fields of the command that come from the URL, by their API names.
    Raises Invalid with every wrong field of a new object. Returns an InvalidCommand instead when there is an `id`, or
    when the request has an Idempotency-Key (`may_be_retry`).
    """
    violations: list[Violation] = []
    values = parse_fields(command, body, violations.append, command.read_only)
    if path:
        names = zip(command.__struct_encode_fields__, command.__struct_fields__, strict=True)
        values |= {attribute: path[name] for name, attribute in names if name in path}
    if not violations:
        return command(**values) if id is None else command(id=id, **values)
    invalid = InvalidCommand(intended=command, id=id, values=values, violations=tuple(violations))
    if id is None and not may_be_retry:
        raise invalid.refusal_of_new()
    return invalid


def refuse_invalid(command: InvalidCommand, uow: UnitOfWork) -> Aggregate:
    """Raise NotFound, or else Invalid with every wrong field. A field that could not be parsed is not checked again."""
    if command.id is None:
        raise command.refusal_of_new()
    aggregate = uow.get(command.intended.target, command.id)
    reported = {violation.field for violation in command.violations}
    others = command.intended.check(aggregate, command.values, uow.today)
    raise Invalid((*command.violations, *(each for each in others if each.field not in reported)))
