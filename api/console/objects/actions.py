"""What people do with an object on its page: each action is the command of a request to the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from api.console.objects.fields import CHOICE, DAY, LONG_TEXT, NUMBER, Field
from api.pages.translation import marked
from api.resource_type import ResourceType
from commands.command import Command
from domain.bill import Bill
from domain.documents.payment import KINDS
from domain.invoice import Invoice
from domain.leave import Leave
from domain.leaves.days import END_PARTS
from domain.notes.credit_note import CreditNote
from domain.notes.debit_note import DebitNote
from domain.notes.vendor_credit import VendorCredit
from domain.parties.archivable import ACTIVE, ARCHIVED
from domain.parties.employee import Employee
from domain.parties.party import Party


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


_NOTE = Field(name="note", label=marked("Note"), widget=LONG_TEXT, max_length=2000)
_PAYMENT_FIELDS = (
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
_REVERSAL_FIELDS = (
    Field(name="reason", label=marked("Reason"), is_required=True, max_length=500),
    Field(name="reversedOn", label=marked("Day"), widget=DAY, hint=marked("Today, if it is empty.")),
)


def actions_of(type_: ResourceType) -> Mapping[str, ObjectAction]:
    """Return the actions of a kind of object by their names, without the change of its fields, which has a page."""
    return _ACTIONS[type_.aggregate.kind](type_)


def row_actions(type_: ResourceType) -> tuple[ObjectAction, ...]:
    """Return the actions that a list offers in each row: the decisions on a leave."""
    actions = actions_of(type_)
    return tuple(actions[name] for name in ("approve", "deny") if name in actions)


def _of_invoices(type_: ResourceType) -> Mapping[str, ObjectAction]:
    send = ObjectAction(
        name=Invoice.issue_action,
        label=marked("Send"),
        effect=marked(
            "The client owes the balance from now on, and the lines cannot be changed any more. The service marks the "
            "invoice as sent; the client gets it from you."
        ),
        done=marked("The invoice is sent."),
        command=type_.update,
        body={"status": Invoice.issued_status},
    )
    void = _void(
        type_,
        marked("The invoice stays in the list with its number, counts nowhere, and cannot be used again."),
        marked("The invoice is void."),
    )
    return _by_name(send, void, *_payments(type_))


def _of_bills(type_: ResourceType) -> Mapping[str, ObjectAction]:
    open_ = ObjectAction(
        name=Bill.issue_action,
        label=marked("Open"),
        effect=marked("You owe the vendor the balance from now on, and the lines cannot be changed any more."),
        done=marked("The bill is open."),
        command=type_.update,
        body={"status": Bill.issued_status},
    )
    void = _void(
        type_,
        marked(
            "The bill stays in the list, counts nowhere, and cannot be used again. Its number becomes free, so that "
            "the bill can be entered rightly."
        ),
        marked("The bill is void."),
    )
    return _by_name(open_, void, *_payments(type_))


def _of_credit_notes(type_: ResourceType) -> Mapping[str, ObjectAction]:
    issue = _issue(
        type_,
        marked(
            "The note gets its number, and the balance of the invoice becomes smaller. What was paid too much is to be "
            "refunded then. The client gets the note from you."
        ),
        marked("The credit note is issued."),
    )
    void = _void(
        type_,
        marked("The invoice is as it would be without the note. The note stays in the list, and cannot be used again."),
        marked("The credit note is void."),
    )
    return _by_name(issue, *_refunds(type_, marked("You have given this money back.")), void)


def _of_debit_notes(type_: ResourceType) -> Mapping[str, ObjectAction]:
    issue = _issue(
        type_,
        marked("The note gets its number, and the client owes more on the invoice. The client gets the note from you."),
        marked("The debit note is issued."),
    )
    void = _void(
        type_,
        marked("The invoice is as it would be without the note. The note stays in the list, and cannot be used again."),
        marked("The debit note is void."),
    )
    return _by_name(issue, void)


def _of_vendor_credits(type_: ResourceType) -> Mapping[str, ObjectAction]:
    issue = _issue(
        type_,
        marked("You owe less on the bill. What you have paid too much is to be given back by the vendor then."),
        marked("The vendor credit counts."),
    )
    void = _void(
        type_,
        marked("The bill is as it would be without it. It stays in the list, and its number becomes free."),
        marked("The vendor credit is void."),
    )
    return _by_name(issue, *_refunds(type_, marked("The vendor has given this money back.")), void)


def _issue(type_: ResourceType, effect: str, done: str) -> ObjectAction:
    return ObjectAction(
        name="issue",
        label=marked("Issue"),
        effect=effect,
        done=done,
        command=type_.update,
        body={"status": "issued"},
    )


def _refunds(type_: ResourceType, effect: str) -> tuple[ObjectAction, ObjectAction]:
    record, reverse = (each.command for each in type_.sub_resources)
    recorded = ObjectAction(
        name="recordRefund",
        label=marked("Record a refund"),
        effect=effect,
        done=marked("The refund is recorded."),
        command=record,
        fields=(
            Field(name="amount", label=marked("Amount"), widget=NUMBER, is_required=True),
            Field(name="date", label=marked("Day"), widget=DAY, is_required=True),
            *_PAYMENT_FIELDS[-2:-1],
            Field(name="reference", label=marked("Reference"), hint=marked("Such as the UTR."), max_length=200),
        ),
    )
    taken_back = ObjectAction(
        name="reverseRefund",
        label=marked("Take back"),
        effect=marked("The refund stays in the list and counts no more, such as a transfer that came back."),
        done=marked("The refund is taken back."),
        command=reverse,
        fields=_REVERSAL_FIELDS,
        is_danger=True,
    )
    return recorded, taken_back


def _of_leaves(type_: ResourceType) -> Mapping[str, ObjectAction]:
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

    return _by_name(
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


def _of_parties(type_: ResourceType) -> Mapping[str, ObjectAction]:
    return _archiving(
        type_,
        marked(
            "New invoices and bills cannot name it any more, and forms do not offer it. What names it already stays as "
            "it is. You can make it active again."
        ),
        marked("New invoices and bills can name it again."),
        (marked("The party is archived."), marked("The party is active again.")),
    )


def _of_employees(type_: ResourceType) -> Mapping[str, ObjectAction]:
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
    return _by_name(
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


def _void(type_: ResourceType, effect: str, done: str) -> ObjectAction:
    return ObjectAction(
        name="void",
        label=marked("Make void"),
        effect=effect,
        done=done,
        command=type_.update,
        body={"status": "void"},
        is_danger=True,
    )


def _payments(type_: ResourceType) -> tuple[ObjectAction, ObjectAction]:
    record, reverse = (each.command for each in type_.sub_resources)
    return (
        ObjectAction(
            name="recordPayment",
            label=marked("Record a payment"),
            effect=marked("The balance becomes smaller by the amount."),
            done=marked("The payment is recorded."),
            command=record,
            fields=_PAYMENT_FIELDS,
        ),
        ObjectAction(
            name="reversePayment",
            label=marked("Take back"),
            effect=marked("The payment stays in the list and counts no more, such as a cheque that bounced."),
            done=marked("The payment is taken back."),
            command=reverse,
            fields=_REVERSAL_FIELDS,
            is_danger=True,
        ),
    )


def _by_name(*actions: ObjectAction) -> Mapping[str, ObjectAction]:
    return {action.name: action for action in actions}


_ACTIONS = {
    Invoice.kind: _of_invoices,
    Bill.kind: _of_bills,
    CreditNote.kind: _of_credit_notes,
    DebitNote.kind: _of_debit_notes,
    VendorCredit.kind: _of_vendor_credits,
    Leave.kind: _of_leaves,
    Party.kind: _of_parties,
    Employee.kind: _of_employees,
}
