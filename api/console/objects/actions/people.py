"""What can be done with a leave, a party or an employee."""

from __future__ import annotations

from collections.abc import Mapping

from api.console.objects.actions.action import ObjectAction, by_name
from api.console.objects.fields import CHOICE, DAY, LONG_TEXT, Field
from api.pages.translation import marked
from api.resource_type import ResourceType
from domain.leaves.days import END_PARTS
from domain.parties.archivable import ACTIVE, ARCHIVED

_NOTE = Field(name="note", label=marked("Note"), widget=LONG_TEXT, max_length=2000)


def of_leaves(type_: ResourceType) -> Mapping[str, ObjectAction]:
    def decision(
        name: str, label: str, effect: str, done: str, status: str, *, is_danger: bool = False
    ) -> ObjectAction:
        return ObjectAction(
            name=name,
            label=label,
            effect=effect,
            done=done,
            command=type_.update,
            body={"status": status},
            fields=(_NOTE,),
            is_danger=is_danger,
        )

    return by_name(
        decision(
            "approve",
            marked("Approve"),
            marked("The employee is away on these days. Until it begins, an approved leave can be cancelled."),
            marked("The leave is approved."),
            "approved",
        ),
        decision(
            "deny",
            marked("Deny"),
            marked("A denied request stays denied."),
            marked("The request is denied."),
            "denied",
            is_danger=True,
        ),
        decision(
            "cancel",
            marked("Cancel the leave"),
            marked("The employee is not away. A cancelled leave stays cancelled."),
            marked("The leave is cancelled."),
            "cancelled",
            is_danger=True,
        ),
        ObjectAction(
            name="shorten",
            label=marked("Cut short"),
            effect=marked("The leave ends earlier than it was approved. It cannot become longer again."),
            done=marked("The leave is cut short."),
            command=type_.update,
            fields=(
                Field(name="endDate", label=marked("Last day"), widget=DAY, is_required=True),
                Field(name="endPart", label=marked("Part of the last day"), widget=CHOICE, words=END_PARTS),
            ),
        ),
    )


def of_parties(type_: ResourceType) -> Mapping[str, ObjectAction]:
    return _archiving(
        type_,
        marked(
            "New invoices and bills cannot name it any more, and forms do not offer it. What names it already stays as "
            "it is. You can make it active again."
        ),
        marked("New invoices and bills can name it again."),
        (marked("The party is archived."), marked("The party is active again.")),
    )


def of_employees(type_: ResourceType) -> Mapping[str, ObjectAction]:
    return _archiving(
        type_,
        marked(
            "New leave requests cannot name the employee any more, and forms do not offer the name. Leaves that exist "
            "stay as they are. You can make the employee active again."
        ),
        marked("New leave requests can name the employee again."),
        (marked("The employee is archived."), marked("The employee is active again.")),
    )


def _archiving(type_: ResourceType, archived: str, active: str, done: tuple[str, str]) -> Mapping[str, ObjectAction]:
    """Return the actions that archive an object and make it active again. Both can be undone."""
    return by_name(
        ObjectAction(
            name="archive",
            label=marked("Archive"),
            effect=archived,
            done=done[0],
            command=type_.update,
            body={"status": ARCHIVED},
        ),
        ObjectAction(
            name="activate",
            label=marked("Make active again"),
            effect=active,
            done=done[1],
            command=type_.update,
            body={"status": ACTIVE},
        ),
    )
