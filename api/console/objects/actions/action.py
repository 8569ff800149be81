"""What an action is, and the parts that actions on several kinds of objects have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from api.console.objects.fields import CHOICE, DAY, NUMBER, Field
from api.pages.translation import marked
from api.resource_type import ResourceType
from commands.command import Command
from domain.documents.payment import KINDS


class ObjectAction(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be done with an object in some of its statuses."""

    name: str
    """The name in `availableActions` of the object."""
    label: str
    """The words of the button."""
    effect: str
    """What it will do, in a sentence or two."""
    done: str
    """What has been done then, in a sentence."""
    command: type[Command]
    body: Mapping[str, Any] = {}
    """The part of the body that is always the same."""
    fields: tuple[Field, ...] = ()
    is_danger: bool = False
    """Whether it cannot be undone."""


PAYMENT_FIELDS = (
    Field(name="amount", label=marked("Amount"), widget=NUMBER, is_required=True),
    Field(name="paidOn", label=marked("Day"), widget=DAY, is_required=True),
    Field(name="kind", label=marked("Kind"), widget=CHOICE, words=KINDS),
    Field(name="method", label=marked("Method"), hint=marked("Such as UPI, NEFT, cheque or cash."), max_length=50),
    Field(
        name="reference",
        label=marked("Reference"),
        hint=marked("Such as the UTR. What was written off or rounded off needs one: the reason."),
        max_length=200,
    ),
)
REVERSAL_FIELDS = (
    Field(name="reason", label=marked("Reason"), is_required=True, max_length=500),
    Field(name="reversedOn", label=marked("Day"), widget=DAY, hint=marked("Today, if it is empty.")),
)


def void(type_: ResourceType, effect: str, done: str) -> ObjectAction:
    return ObjectAction(
        name="void",
        label=marked("Make void"),
        effect=effect,
        done=done,
        command=type_.update,
        body={"status": "void"},
        is_danger=True,
    )


def by_name(*actions: ObjectAction) -> Mapping[str, ObjectAction]:
    return {action.name: action for action in actions}
