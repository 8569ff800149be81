"""The command on the settings of an organization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields.organization import parse_changes
from commands.unit_of_work import Handler, UnitOfWork
from domain.accounts.organization import Organization
from domain.accounts.security_event import SecurityEventKind
from domain.aggregate import Aggregate
from domain.errors import NotFound

_FIELDS = ("name", "time_zone", "series_prefix")


class UpdateOrganization(Command, frozen=True, kw_only=True):
    """Change the name, the time zone or the prefix of the numbers of an organization. Absent fields stay.

    The sender names only fields that differ: before the first change, the log does not know their values.
    """

    target: ClassVar[type[Aggregate]] = Organization
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.ORGANIZATION_CHANGED,)

    id: str
    """The id of the organization, which is the one of live mode."""
    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    series_prefix: str | UnsetType = UNSET


def update_organization(command: UpdateOrganization, uow: UnitOfWork) -> Organization:
    given = {name: value for name in _FIELDS if (value := getattr(command, name)) is not UNSET}
    changes = parse_changes(given)
    try:
        organization = uow.get(Organization, command.id)
    except NotFound:
        organization = Organization.empty(command.id)
    uow.check_version(organization)
    organization.update(changes, uow.zones, uow.at)
    uow.save(organization)
    return organization


HANDLERS: Mapping[type[Command], Handler[Any]] = {UpdateOrganization: update_organization}
