"""The commands on the people of an organization: invite, join, change the role, remove."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from commands.command import Actor, Command, Trace
from commands.unit_of_work import Handler, UnitOfWork
from domain.accounts.people import People
from domain.accounts.security_event import SecurityEventKind
from domain.accounts.user import ROLES
from domain.aggregate import Aggregate
from domain.errors import NotFound


class PeopleCommand(Command, frozen=True, kw_only=True):
    """The base of the commands on the people of an organization."""

    target: ClassVar[type[Aggregate]] = People

    id: str
    """The id that `people_id` returns for the organization."""
    user_id: str

    def trace(self) -> Trace:
        role: str | None = getattr(self, "role", None)
        return Trace(self.security_events, self.user_id, None if role is None else {"role": role})


class AddPerson(PeopleCommand, frozen=True, kw_only=True):
    """Let a user belong to the organization without an invitation."""

    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.USER_CREATED,)

    role: str


class InvitePerson(PeopleCommand, frozen=True, kw_only=True):
    """Invite a user, who belongs to the organization after accepting."""

    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.USER_INVITED,)

    role: str


class JoinOrganization(PeopleCommand, frozen=True, kw_only=True):
    """Accept an invitation."""

    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.USER_JOINED,)


class ChangeRole(PeopleCommand, frozen=True, kw_only=True):
    """Give a user another role."""

    role: str
    earlier_role: str
    """The role that the sender has seen. If the user has another one by now, nothing is changed."""

    def trace(self) -> Trace:
        is_promotion = ROLES.index(self.role) < ROLES.index(self.earlier_role)
        kind = SecurityEventKind.USER_PROMOTED if is_promotion else SecurityEventKind.USER_DEMOTED
        return Trace((kind,), self.user_id, {"role": self.role, "earlierRole": self.earlier_role})


class RemovePerson(PeopleCommand, frozen=True, kw_only=True):
    """End the membership or the invitation of a user."""

    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.USER_REMOVED,)


def _changing(change: Callable[[People, Any, UnitOfWork], None]) -> Handler[Any]:
    """Make a handler that changes the people of the organization. Without an event, they are nobody."""

    def handle(command: PeopleCommand, uow: UnitOfWork) -> People:
        try:
            people = uow.get(People, command.id)
        except NotFound:
            people = People.empty(command.id)
        change(people, command, uow)
        uow.save(people)
        return people

    return handle


def _user(actor: Actor) -> str | None:
    """Return the id of the user who has sent a command; None for the command line and for the service."""
    return actor.id if actor.type == "user" else None


HANDLERS: Mapping[type[Command], Handler[Any]] = {
    AddPerson: _changing(lambda people, command, uow: people.add(command.user_id, command.role, uow.at)),
    InvitePerson: _changing(
        lambda people, command, uow: people.invite(command.user_id, command.role, uow.at, _user(uow.actor))
    ),
    JoinOrganization: _changing(lambda people, command, uow: people.join(command.user_id, uow.at)),
    ChangeRole: _changing(
        lambda people, command, uow: people.change_role(
            command.user_id, command.role, uow.at, command.earlier_role, _user(uow.actor)
        )
    ),
    RemovePerson: _changing(lambda people, command, uow: people.remove(command.user_id, uow.at, _user(uow.actor))),
}
