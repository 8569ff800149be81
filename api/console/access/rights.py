"""What the roles of users may see. Each refusal says whom to ask."""

from __future__ import annotations

import re

import msgspec

from api.console.forms import forbidden
from api.pages.translation import gettext as _
from api.ports.users import Member
from domain.accounts.organization import PAYMENT_PROFILE, Organization
from domain.accounts.user import MANAGER_ROLES, plural_of, roles_with
from domain.document import camel
from domain.reading.webhook_url import without_path
from domain.registry import AGGREGATES, readable_names
from domain.webhook import Webhook
from projections.views.activity import DisplayName

_IS_URL = re.compile("https?://")
_MANAGERS_SEE = {Webhook.kind: frozenset({"url"}), Organization.kind: frozenset(map(camel, PAYMENT_PROFILE))}
"""The fields whose values only owners and admins see, by kind."""


def check_readable(member: Member, kind: str) -> None:
    """Raise ApiError if the user's role does not show objects of this kind, such as `leave`."""
    if member.may_read(kind):
        return
    scope = AGGREGATES[kind].read_scope if kind in AGGREGATES else None
    who = plural_of(roles_with(scope) if scope else MANAGER_ROLES)
    message = _("Only %(who)s can see this. Ask one of them, or ask an owner or admin for another role.", who=_(who))
    raise forbidden(message)


def check_writable(member: Member, kind: str) -> None:
    """Raise ApiError if the user's role does not allow changes of objects of this kind, such as `invoice`."""
    if not member.may_write(kind):
        raise forbidden(_("Only %(who)s can change this. Ask one of them.", who=who_may_write(kind)))


def who_may_write(kind: str) -> str:
    """Return words for the users who may change objects of this kind, such as "owners, admins and HR"."""
    scope = AGGREGATES[kind].write_scope
    return _(plural_of(roles_with(scope))) if scope else _("owners and admins")


def url_for(member: Member, url: str) -> str:
    """Return the URL of a webhook as the user may see it. Who has it whole can often send there, too."""
    return url if member.is_manager else without_path(url)


def name_for(member: Member, kind: str, name: DisplayName | None) -> DisplayName | None:
    """Return the name of an object as the user may see it. A webhook without a description is named by its URL."""
    if name is None or kind != Webhook.kind or not _IS_URL.match(name.name):
        return name
    return msgspec.structs.replace(name, name=url_for(member, name.name), party=None)


def hidden_fields(member: Member, kind: str) -> frozenset[str]:
    """Return the fields of which a history shows the user only that they have changed."""
    return frozenset() if member.is_manager else _MANAGERS_SEE.get(kind, frozenset())


def names_for(member: Member) -> frozenset[str] | None:
    """Return the names of the events that the user may read; None if the role shows all of them."""
    return None if member.is_manager else readable_names(member.scopes)
