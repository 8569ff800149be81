"""What can be done with an invoice or a bill."""

from __future__ import annotations

from collections.abc import Mapping

from api.console.objects.actions.action import PAYMENT_FIELDS, REVERSAL_FIELDS, ObjectAction, by_name, void
from api.pages.translation import marked
from api.resource_type import ResourceType
from domain.bill import Bill
from domain.invoice import Invoice


def of_invoices(type_: ResourceType) -> Mapping[str, ObjectAction]:
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
    cancelled = void(
        type_,
        marked("The invoice stays in the list with its number, counts nowhere, and cannot be used again."),
        marked("The invoice is void."),
    )
    return by_name(send, cancelled, *_payments(type_))


def of_bills(type_: ResourceType) -> Mapping[str, ObjectAction]:
    open_ = ObjectAction(
        name=Bill.issue_action,
        label=marked("Open"),
        effect=marked("You owe the vendor the balance from now on, and the lines cannot be changed any more."),
        done=marked("The bill is open."),
        command=type_.update,
        body={"status": Bill.issued_status},
    )
    cancelled = void(
        type_,
        marked(
            "The bill stays in the list, counts nowhere, and cannot be used again. Its number becomes free, so that "
            "the bill can be entered rightly."
        ),
        marked("The bill is void."),
    )
    return by_name(open_, cancelled, *_payments(type_))


def _payments(type_: ResourceType) -> tuple[ObjectAction, ObjectAction]:
    record, reverse = (each.command for each in type_.sub_resources)
    return (
        ObjectAction(
            name="recordPayment",
            label=marked("Record a payment"),
            effect=marked("The balance becomes smaller by the amount."),
            done=marked("The payment is recorded."),
            command=record,
            fields=PAYMENT_FIELDS,
        ),
        ObjectAction(
            name="reversePayment",
            label=marked("Take back"),
            effect=marked("The payment stays in the list and counts no more, such as a cheque that bounced."),
            done=marked("The payment is taken back."),
            command=reverse,
            fields=REVERSAL_FIELDS,
            is_danger=True,
        ),
    )
