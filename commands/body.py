"""From a body to a command: every wrong field is found before anything is handled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from commands.command import Command
from commands.fields import read_fields
from commands.unit_of_work import UnitOfWork
from domain.aggregate import Aggregate
from domain.errors import Invalid, Violation

C = TypeVar("C", bound="Command")


class InvalidCommand(Command, frozen=True, kw_only=True):
    """A request with wrong fields: refused with all of them, once its object is known to be there and its
    Idempotency-Key to be new."""

    of: type[Command]
    id: str | None
    values: Mapping[str, Any]
    violations: tuple[Violation, ...]

    def invalid_from_the_start(self) -> Invalid:
        """The refusal of what was to be new."""
        return Invalid((*self.violations, *self.of.check_new(self.values)))


def command_from(
    command: type[C], body: Mapping[str, Any], id: str | None = None, *, retried: bool = False
) -> C | InvalidCommand:
    """The command that a body asks for.

    Raises Invalid with every wrong field. A request to an object (`id`), or one that may be a retry, becomes
    InvalidCommand instead: whether the object is there, and whether the Idempotency-Key is new, is answered first.
    """
    found: list[Violation] = []
    values = read_fields(command, body, found.append, command.computed)
    if not found:
        return command(**values) if id is None else command(id=id, **values)
    invalid = InvalidCommand(of=command, id=id, values=values, violations=tuple(found))
    if id is None and not retried:
        raise invalid.invalid_from_the_start()
    return invalid


def refuse_invalid(command: InvalidCommand, uow: UnitOfWork) -> Aggregate:
    if command.id is None:
        raise command.invalid_from_the_start()
    aggregate = uow.get(command.of.target, command.id)
    raise Invalid((*command.violations, *command.of.check(aggregate, command.values, uow.today)))
