"""The commands on the settings of an organization, on its profile, and on its logo."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import UNSET, UnsetType

from commands.command import Command
from commands.fields.organization import parse_changes
from commands.unit_of_work import Handler, UnitOfWork
from domain.accounts.organization import PROFILE, Organization
from domain.accounts.security_event import SecurityEventKind
from domain.aggregate import Aggregate
from domain.errors import NotFound

_FIELDS = ("name", "time_zone", "series_prefix", *(name for name in PROFILE if name != "logo"))


class UpdateOrganization(Command, frozen=True, kw_only=True):
    """Change the name, the time zone, the prefix of the numbers or the profile of an organization. Absent fields stay.

    The sender names only those of the first three that differ: before the first change, the log does not know their
    values. In the profile, an empty text takes a value away.
    """

    target: ClassVar[type[Aggregate]] = Organization
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.ORGANIZATION_CHANGED,)

    id: str
    """The id of the organization, which is the one of live mode."""
    name: str | UnsetType = UNSET
    time_zone: str | UnsetType = UNSET
    series_prefix: str | UnsetType = UNSET
    legal_name: str | UnsetType = UNSET
    trade_name: str | UnsetType = UNSET
    gstin: str | UnsetType = UNSET
    state_code: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    lut_number: str | UnsetType = UNSET
    composition: bool | UnsetType = UNSET
    annual_returns: dict[str, str] | UnsetType = UNSET
    """Days by financial year. Years that are not named stay; an empty text takes one away."""
    upi_id: str | UnsetType = UNSET
    bank_line: str | UnsetType = UNSET


class ChangeLogo(Command, frozen=True, kw_only=True):
    """Give an organization another logo, or none. The picture was read before (domain/reading/logo.py)."""

    target: ClassVar[type[Aggregate]] = Organization
    security_events: ClassVar[tuple[SecurityEventKind, ...]] = (SecurityEventKind.ORGANIZATION_CHANGED,)

    id: str
    """The id of the organization, which is the one of live mode."""
    png: bytes | None
    """The picture as a PNG; None for no logo."""


def update_organization(command: UpdateOrganization, uow: UnitOfWork) -> Organization:
    given = {name: value for name in _FIELDS if (value := getattr(command, name)) is not UNSET}
    return _changed(command.id, parse_changes(given), uow)


def change_logo(command: ChangeLogo, uow: UnitOfWork) -> Organization:
    uow.store_logo(command.png)
    hash = None if command.png is None else hashlib.sha256(command.png).hexdigest()
    return _changed(command.id, {"logo": hash}, uow)


def _changed(id: str, changes: dict[str, Any], uow: UnitOfWork) -> Organization:
    try:
        organization = uow.get(Organization, id)
    except NotFound:
        organization = Organization.empty(id)
    uow.check_version(organization)
    organization.update(changes, uow.zones, uow.at)
    uow.save(organization)
    return organization


HANDLERS: Mapping[type[Command], Handler[Any]] = {UpdateOrganization: update_organization, ChangeLogo: change_logo}
