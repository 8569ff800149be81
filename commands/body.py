"""Makes a command from the body of a request. The body is checked completely before the command's handler runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from commands.command import Command
from commands.objects import parse_fields
from commands.unit_of_work import UnitOfWork
from domain.aggregate import Aggregate
from domain.errors import Invalid
from domain.errors.violation import Violation

C = TypeVar("C", bound="Command")


class InvalidCommand(Command, frozen=True, kw_only=True):
    """A command whose body has wrong fields. The unit of work refuses the command.

    Before that, the unit of work looks up the Idempotency-Key and the object. So a retry gets its stored response, and
    404 comes before 422.
    """

    intended: type[Command]
    id: str | None
    values: Mapping[str, Any]
    """The valid fields, by attribute name."""
    violations: tuple[Violation, ...]

    def aggregate_class(self) -> type[Aggregate]:
        return self.intended.target

    def refusal_of_new(self, unnamed: Iterable[Violation] = ()) -> Invalid:
        """Return the refusal to create an object. It lists wrong fields, and fields that contradict each other.

        `unnamed` are the fields with ids that name no other object.
        """
        return Invalid((*self.violations, *self.intended.check_new(self.values), *unnamed))


def parse_command(
    command: type[C],
    body: Mapping[str, Any],
    id: str | None = None,
    *,
    path: Mapping[str, str] = MappingProxyType({}),
    may_be_retry: bool = False,
) -> C | InvalidCommand:
    """Return the command that a body describes. `id` is the id of the object to change; None creates an object.

    `path` holds the fields of the command that come from the URL, by their API names. `may_be_retry` says that the
    request has an Idempotency-Key. Raises Invalid, which lists all wrong fields. Returns an InvalidCommand instead if
    something has to be looked up first: an object that exists, a stored response, or an object that an id must name.
    """
    values, violations = parse_fields(command, body, command.read_only)
    if path:
        names = zip(command.__struct_encode_fields__, command.__struct_fields__, strict=True)
        values |= {attribute: path[name] for name, attribute in names if name in path}
    if not violations:
        return command(**values) if id is None else command(id=id, **values)
    invalid = InvalidCommand(intended=command, id=id, values=values, violations=tuple(violations))
    if id is None and not may_be_retry and not command.names_others(values):
        raise invalid.refusal_of_new()
    return invalid


def refuse_invalid(command: InvalidCommand, uow: UnitOfWork) -> Aggregate:
    """Raise NotFound if the object does not exist, otherwise Invalid with all wrong fields.

    A field that could not be parsed is listed once, with the error of its parser.
    """
    intended, values = command.intended, command.values
    if command.id is None:
        raise command.refusal_of_new(intended.check_named(values, uow))
    aggregate = uow.get(intended.target, command.id)
    reported = {violation.field for violation in command.violations}
    others = intended.check(aggregate, values, uow.today) + intended.check_named(values, uow, aggregate)
    raise Invalid((*command.violations, *(each for each in others if each.field not in reported)))
