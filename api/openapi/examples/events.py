"""Makes a sample of each type of event: what is posted to webhooks. The real handlers run commands in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from api.openapi.examples import example_event, example_unit_of_work
from api.openapi.texts import request_example
from commands.bill import DraftBill, RecordBillPayment, ReverseBillPayment, UpdateBill
from commands.body import parse_command
from commands.command import Command
from commands.dispatch import handle
from commands.invoice import DraftInvoice, RecordInvoicePayment, ReverseInvoicePayment, UpdateInvoice
from commands.leave import RequestLeave, UpdateLeave
from commands.notes.credit_note import (
    CreateCreditNote,
    RecordCreditNoteRefund,
    ReverseCreditNoteRefund,
    UpdateCreditNote,
)
from commands.notes.debit_note import CreateDebitNote, UpdateDebitNote
from commands.notes.vendor_credit import (
    CreateVendorCredit,
    RecordVendorCreditRefund,
    ReverseVendorCreditRefund,
    UpdateVendorCredit,
)
from commands.overdue import RefreshOverdueBill, RefreshOverdueInvoice
from commands.parties.employee import CreateEmployee, UpdateEmployee
from commands.parties.party import CreateParty, UpdateParty
from domain.aggregate import Event
from domain.registry import kind_of
from projections.registry import ROWS

_LATER = timedelta(days=60)
"""After this time, the example documents are overdue."""
_BALANCE = "the balance"
"""Stands for the amount that is still due."""
_PARTS = {"paymentId": "pay_01KEXAMPLE0000000000000000", "refundId": "rfd_01KEXAMPLE0000000000000000"}
"""The ids of a payment and of a refund, as paths have them."""


class _Step(NamedTuple):
    command: type[Command]
    body: Mapping[str, Any] = MappingProxyType({})
    later: timedelta = timedelta(minutes=1)
    """The time since the step before."""


def _document(
    create: type[Command], id: str, update: type[Command], issued: str, refresh: type[Command],
    pay: type[Command], reverse: type[Command], day: date,
) -> list[list[_Step]]:  # fmt: skip
    """Return what happens to two documents: one is paid after it was overdue, the other one becomes void."""
    first = _Step(create, request_example(id, day))
    part = {"amount": "1000.00", "paidOn": day.isoformat(), "reference": "UTR6020"}
    rest = {**request_example(f"record{id.removeprefix('create')}Payment", day), "amount": _BALANCE}
    steps = [
        first,
        _Step(update, {"notes": "Thank you"}),
        _Step(update, {"status": issued}),
        _Step(refresh, later=_LATER),
        _Step(pay, part),
        _Step(reverse, {"reason": "The cheque bounced"}),
        _Step(pay, rest),
    ]
    return [steps, [first, _Step(update, {"status": "void"})]]


def _leaves(day: date) -> list[list[_Step]]:
    """Return what happens to three leaves: one is approved and cut short, one is denied, one is cancelled."""
    first = _Step(RequestLeave, request_example("createLeave", day))
    longer = _Step(RequestLeave, {**first.body, "startDate": f"{day}", "endDate": f"{day + timedelta(days=4)}"})
    shorter = {"endDate": f"{day + timedelta(days=1)}", "reason": "Back early"}
    return [
        [longer, _Step(UpdateLeave, {"reason": "Wedding"}), _Step(UpdateLeave, {"status": "approved"}),
         _Step(UpdateLeave, {"endDate": shorter["endDate"]})],
        [first, _Step(UpdateLeave, {"status": "denied"})],
        [first, _Step(UpdateLeave, {"status": "cancelled"})],
    ]  # fmt: skip


def _parties(day: date) -> list[list[_Step]]:
    """Return what happens to a party: it is changed and archived."""
    first = _Step(CreateParty, request_example("createParty", day))
    changed = _Step(UpdateParty, request_example("updateParty", day))
    return [[first, changed, _Step(UpdateParty, {"status": "archived"})]]


def _employees(day: date) -> list[list[_Step]]:
    """Return what happens to an employee: a field is changed, and the employee is archived."""
    first = _Step(CreateEmployee, request_example("createEmployee", day))
    changed = _Step(UpdateEmployee, request_example("updateEmployee", day))
    return [[first, changed, _Step(UpdateEmployee, {"status": "archived"})]]


def _notes(day: date) -> list[list[_Step]]:
    """Return what happens to notes: those of paid documents are refunded, others are made void."""
    sent = [_Step(DraftInvoice, request_example("createInvoice", day)), _Step(UpdateInvoice, {"status": "sent"})]
    paid = [*sent, _Step(RecordInvoicePayment, request_example("recordInvoicePayment", day))]
    opened = [_Step(DraftBill, request_example("createBill", day)), _Step(UpdateBill, {"status": "open"})]
    paid_bill = [*opened, _Step(RecordBillPayment, request_example("recordBillPayment", day))]
    credit = _note(CreateCreditNote, "createCreditNote", UpdateCreditNote, day)
    debit = _note(CreateDebitNote, "createDebitNote", UpdateDebitNote, day)
    vendor = _note(CreateVendorCredit, "createVendorCredit", UpdateVendorCredit, day)
    refund = _refund(RecordCreditNoteRefund, ReverseCreditNoteRefund, "CreditNoteRefund", day)
    vendor_refund = _refund(RecordVendorCreditRefund, ReverseVendorCreditRefund, "VendorCreditRefund", day)
    return [
        [*paid, *credit, *refund],
        [*sent, *credit, _Step(UpdateCreditNote, {"status": "void"})],
        [*sent, *debit, _Step(UpdateDebitNote, {"status": "void"})],
        [*paid_bill, *vendor, *vendor_refund],
        [*opened, *vendor, _Step(UpdateVendorCredit, {"status": "void"})],
    ]


def _note(create: type[Command], example: str, update: type[Command], day: date) -> list[_Step]:
    """Return what happens to a note until it is issued."""
    changed = _Step(update, {"notes": "The goods were damaged."})
    return [_Step(create, request_example(example, day)), changed, _Step(update, {"status": "issued"})]


def _refund(record: type[Command], reverse: type[Command], examples: str, day: date) -> list[_Step]:
    """Return a refund, and that it is taken back."""
    return [
        _Step(record, request_example(f"record{examples}", day)),
        _Step(reverse, request_example(f"reverse{examples}", day)),
    ]


def event_samples(day: date) -> dict[str, Any]:
    """Return the sample of each type of event, as it is posted to webhooks. What happens begins on `day`."""
    invoices = _document(
        DraftInvoice, "createInvoice", UpdateInvoice, "sent", RefreshOverdueInvoice,
        RecordInvoicePayment, ReverseInvoicePayment, day,
    )  # fmt: skip
    bills = _document(
        DraftBill, "createBill", UpdateBill, "open", RefreshOverdueBill, RecordBillPayment, ReverseBillPayment, day
    )
    samples: dict[str, Any] = {}
    for steps in (*invoices, *bills, *_leaves(day), *_parties(day), *_employees(day), *_notes(day)):
        for data in _happens(steps, day):
            samples.setdefault(data["type"], {"type": data["type"], "timestamp": data["occurredAt"], "data": data})
    return samples


def _happens(steps: Sequence[_Step], day: date) -> Iterator[Any]:
    """Run the steps, those of each kind on one object. Yield the events, each with its object after it."""
    uow = example_unit_of_work(day)
    ids: dict[str, str] = {}
    for step in steps:
        uow.at += step.later
        id = ids.get(step.command.target.kind)
        command = (
            step.command(id=id or "")
            if step.command in (RefreshOverdueInvoice, RefreshOverdueBill)
            else parse_command(step.command, _filled(step.body, uow.events), id, path=_PARTS)
        )
        ids[step.command.target.kind] = handle(command, uow).id
    for place, event in enumerate(uow.events, 1):
        yield {**example_event(event, place), "object": _object_after(uow.events[:place])}


def _filled(body: Any, events: Sequence[Event]) -> Any:
    """Return the body with the balance of the object after these events in place of _BALANCE."""
    return {**body, "amount": _object_after(events)["balanceDue"]} if body.get("amount") == _BALANCE else body


def _object_after(events: Sequence[Event]) -> Any:
    """Return the object of the last event after it."""
    kind = kind_of(events[-1].topic)
    own = [event for event in events if kind_of(event.topic) == kind]
    return json.loads(ROWS[kind].to_json(ROWS[kind].fold_all(own)))
