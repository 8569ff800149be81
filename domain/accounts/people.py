"""The people of an organization: who belongs to it, with which role. A log is kept, so it has no e-mail addresses.

An organization has one such aggregate, so that its rules hold for all people together: there always is an owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

import msgspec

from domain.accounts.user import ROLE_NAMES, plural_of
from domain.aggregate import Aggregate, Event
from domain.errors import Conflict, ConsoleRefusal, NotFound

INVITED, ACTIVE, REMOVED = "invited", "active", "removed"
"""The statuses of a membership. A removed user may be invited again."""
_OWNER, _ADMIN = "owner", "admin"


class Membership(msgspec.Struct, frozen=True):
    """That a user belongs, or belonged, to the organization."""

    noun: ClassVar[str] = "person"

    role: str
    status: str


class LastOwner(ConsoleRefusal):
    """The change would leave the organization without an owner."""

    def __init__(self) -> None:
        super().__init__(
            "This is the only owner of the organization. Make somebody else an owner first, then try again."
        )


class AlreadyMember(Conflict):
    """The user already belongs to the organization, or is invited to it."""

    def __init__(self, status: str) -> None:
        said = "has been invited to" if status == INVITED else "belongs to"
        super().__init__(f"This person already {said} the organization. Change the role under Settings → People.")


class OtherRole(ConsoleRefusal):
    """The role was changed since the sender has seen it."""

    def __init__(self, role: str) -> None:
        super().__init__(f"The role was changed meanwhile, to {ROLE_NAMES[role]}. Reload the page, and choose again.")


class NotAllowed(ConsoleRefusal):
    """The role of the user who asks for a change does not allow it."""

    def __init__(self, roles: tuple[str, ...]) -> None:
        super().__init__(f"Only {plural_of(roles)} can do this. Ask one of them.")


class PersonEvent(Event, frozen=True, kw_only=True):
    """A change of one person's membership."""

    user_id: str

    def membership(self, before: Membership | None) -> Membership:
        """Return the person's membership after this event."""
        fields = {"role": "", "status": ""} if before is None else msgspec.structs.asdict(before)
        return Membership(**{name: self.changes().get(name, value) for name, value in fields.items()})

    def apply(self, aggregate: People) -> None:
        aggregate.members = with_change(aggregate.members, self)


class People(Aggregate):
    """The people of an organization, also those who were removed, by the id of the user."""

    class Added(PersonEvent, frozen=True, kw_only=True):
        topic: ClassVar[str] = "user.added"
        phrase: ClassVar[str] = "added {user} as {role} to {object}"
        role: str
        status: str

    class Invited(PersonEvent, frozen=True, kw_only=True):
        topic: ClassVar[str] = "user.invited"
        phrase: ClassVar[str] = "invited {user} as {role} to {object}"
        role: str
        status: str

    class Joined(PersonEvent, frozen=True, kw_only=True):
        topic: ClassVar[str] = "user.joined"
        phrase: ClassVar[str] = "accepted the invitation to {object}"
        status: str

    class RoleChanged(PersonEvent, frozen=True, kw_only=True):
        topic: ClassVar[str] = "user.role_changed"
        phrase: ClassVar[str] = "made {user} {role} among {object}"
        role: str

    class Removed(PersonEvent, frozen=True, kw_only=True):
        topic: ClassVar[str] = "user.removed"
        phrase: ClassVar[str] = "removed {user} from {object}"
        status: str

    kind: ClassVar[str] = "user"
    id_prefix: ClassVar[str] = "ppl"
    noun: ClassVar[str] = "the people of the organization"

    members: Mapping[str, Membership]

    @classmethod
    def empty(cls, id: str) -> Self:
        people = super().empty(id)
        people.members = {}
        return people

    def role_of(self, user_id: str) -> str | None:
        """Return the role of a user; None if the user does not belong to the organization now."""
        found = self.members.get(user_id)
        return found.role if found and found.status == ACTIVE else None

    def add(self, user_id: str, role: str, at: datetime) -> None:
        """Let a user belong to the organization from now on. Raises AlreadyMember."""
        self._check_new(user_id)
        self.record(self.Added, at, user_id=user_id, role=role, status=ACTIVE)

    def invite(self, user_id: str, role: str, at: datetime, by: str | None = None) -> None:
        """Invite a user. `by` is the user who invites; None stands for the command line.

        Raises AlreadyMember and NotAllowed.
        """
        self._check_may(by, role)
        self._check_new(user_id)
        self.record(self.Invited, at, user_id=user_id, role=role, status=INVITED)

    def join(self, user_id: str, at: datetime) -> None:
        """Accept the invitation of a user; nothing happens if the user has joined before. Raises NotFound."""
        if self._member(user_id).status == INVITED:
            self.record(self.Joined, at, user_id=user_id, status=ACTIVE)

    def change_role(self, user_id: str, role: str, at: datetime, earlier: str, by: str | None = None) -> None:
        """Give a user another role than `earlier`; the same role records nothing.

        Raises NotFound, NotAllowed, LastOwner, and OtherRole if the user has neither of the two roles.
        """
        before = self._member(user_id)
        if before.role not in (role, earlier):
            raise OtherRole(before.role)
        self._check_may(by, before.role, role)
        if before.role != role:
            self._check_owner_remains(user_id)
            self.record(self.RoleChanged, at, user_id=user_id, role=role)

    def remove(self, user_id: str, at: datetime, by: str | None = None) -> None:
        """End the membership or the invitation of a user. Everybody may leave.

        Raises NotFound, NotAllowed and LastOwner.
        """
        before = self._member(user_id)
        if by != user_id:
            self._check_may(by, before.role)
        self._check_owner_remains(user_id)
        self.record(self.Removed, at, user_id=user_id, status=REMOVED)

    def _member(self, user_id: str) -> Membership:
        found = self.members.get(user_id)
        if found is None or found.status == REMOVED:
            raise NotFound("user", user_id)
        return found

    def _check_new(self, user_id: str) -> None:
        found = self.members.get(user_id)
        if found and found.status != REMOVED:
            raise AlreadyMember(found.status)

    def _check_may(self, by: str | None, *roles: str) -> None:
        """Refuse a change that the role of the user `by` does not allow. Only owners may make and change owners."""
        needed = (_OWNER,) if _OWNER in roles else (_OWNER, _ADMIN)
        if by is not None and self.role_of(by) not in needed:
            raise NotAllowed(needed)

    def _check_owner_remains(self, user_id: str) -> None:
        if self.role_of(user_id) == _OWNER and not any(
            self.role_of(other) == _OWNER for other in self.members if other != user_id
        ):
            raise LastOwner


def with_change(members: Mapping[str, Membership], event: PersonEvent) -> dict[str, Membership]:
    """Return the members after an event."""
    return {**members, event.user_id: event.membership(members.get(event.user_id))}


def people_id(org_id: str) -> str:
    """Return the id of the people of an organization, which follows from the id of the organization."""
    return f"{People.id_prefix}_{org_id.rpartition('_')[2]}"
