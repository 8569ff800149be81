"""What the page of one object shows: its facts, lines and payments in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup
from msgspec import UNSET

from api.console.objects.columns import day_count, is_owed
from api.console.objects.one.facts import Fact, ObjectView, common_facts, filled, lines_of, reversal_of, time_of
from api.console.objects.one.notes import corrections_of, note_view
from api.console.objects.one.parties import employee_facts, linked, party_facts
from api.console.objects.one.totals import totals_of
from api.console.objects.words import VALUES, WARNINGS
from api.pages.formats import (
    format_day,
    format_day_range,
    format_decimal,
    format_exact_money,
    format_money,
)
from api.pages.others_texts import bdi
from api.pages.translation import gettext as _
from domain.document import Document
from domain.documents.payment import Payment
from domain.documents.pricing import LineItem
from domain.leave import Leave
from domain.leaves.days import FULL
from domain.parties.employee import Employee
from domain.parties.party import Party
from domain.tax.states import state_name
from projections.document import Details, DocumentProjection
from projections.notes.note import NoteProjection
from projections.registry import ROWS


class LineView(NamedTuple):
    """A line of a document."""

    description: Markup
    code: str
    """Its HSN or SAC code."""
    quantity: str
    unit_price: str
    tax_rate: str
    amount: str
    tax: str
    total: str


class PaymentView(NamedTuple):
    """A payment of a document."""

    id: str
    day: str
    kind: str
    amount: str
    method: str | Markup
    reference: str | Markup
    reversal: Markup
    """When and why it was taken back; empty if it counts."""


def view_of(kind: str, body: bytes, time_zone: str) -> ObjectView:
    """Return an object as its page shows it. `body` is the object as JSON; times are in `time_zone`."""
    projection = ROWS[kind]
    entry: Any = msgspec.json.decode(body, type=projection.entry_type)
    if isinstance(projection, NoteProjection):
        return note_view(kind, body, time_zone)
    if not isinstance(projection, DocumentProjection):
        return ObjectView(entry, filled(_FACTS[kind](entry, time_zone)))
    details = msgspec.json.decode(body, type=Details)
    facts = filled([*_document_facts(entry, projection.aggregate, projection.party, time_zone), _warning_fact(details)])
    return ObjectView(
        entry,
        facts,
        tuple(_line(each, entry.currency) for each in details.items),
        totals_of(msgspec.structs.asdict(entry), entry.currency),
        tuple(_payment(each, entry.currency) for each in details.payments),
        corrections_of(details.corrections or (), entry.currency, time_zone),
    )


def _document_facts(entry: Any, aggregate: type[Document], party: str, time_zone: str) -> Iterable[Fact]:
    label = _("Client") if party == "client" else _("Vendor")
    id, name = getattr(entry, f"{party}_id"), getattr(entry, f"{party}_name")
    yield label, linked(id, name or id)
    if name:
        yield _("Client id") if party == "client" else _("Vendor id"), Markup("<code>{}</code>").format(bdi(id))
    yield _("Total"), format_money(entry.total_amount, entry.currency)
    yield _("Balance due"), format_money(entry.balance_due, entry.currency) if is_owed(entry) else ""
    yield _("Due"), format_day(entry.due_date)
    yield _("Date"), format_day(getattr(entry, aggregate.date_field))
    is_sent = party == "client"
    yield _("Sent") if is_sent else _("Opened"), time_of(entry.sent_at if is_sent else entry.opened_at, time_zone)
    yield _("Paid"), time_of(entry.paid_at, time_zone)
    yield _("Made void"), time_of(entry.voided_at, time_zone)
    yield from _tax_facts(entry)
    yield from common_facts(entry, time_zone)
    yield _("Notes"), lines_of(entry.notes)


def _tax_facts(entry: Any) -> Iterable[Fact]:
    """Yield what GST makes of a document."""
    document_type = getattr(entry, "document_type", UNSET)
    if document_type is not UNSET:
        yield _("Kind of document"), _(VALUES[document_type])
    if entry.place_of_supply is not UNSET:
        yield _("Place of supply"), f"{entry.place_of_supply} {state_name(entry.place_of_supply)}"
    if entry.supply_type is not UNSET:
        yield _("Supply"), _(VALUES[entry.supply_type])
    if entry.gst_treatment is not UNSET:
        yield _("GST treatment"), _(VALUES[entry.gst_treatment])
    if entry.reverse_charge is True:
        yield _("Reverse charge"), _("The recipient pays the tax to the government.")


def _warning_fact(details: Details) -> Fact:
    """Return what the law wants on the invoice and it lacks; an empty text if nothing."""
    codes = () if details.warnings is UNSET else [each.code for each in details.warnings]
    return _("Missing by rule 46"), ", ".join(_(WARNINGS.get(code, code)) for code in codes)


def _leave_facts(entry: Any, time_zone: str) -> Iterable[Fact]:
    yield _("Employee"), linked(entry.employee_id, entry.employee_name or entry.employee_id)
    if entry.employee_name:
        yield _("Employee id"), Markup("<code>{}</code>").format(bdi(entry.employee_id))
    yield _("Type"), _(entry.type)
    yield _("Days"), format_day_range(entry.start_date, entry.end_date)
    yield _("Length"), day_count(entry.days)
    parts = (
        (_("Part of the day"), entry.day_part),
        (_("Part of the first day"), entry.start_part),
        (_("Part of the last day"), entry.end_part),
    )
    for label, part in parts:
        yield label, "" if part == FULL else _(VALUES[part])
    yield _("Reason"), lines_of(entry.reason)
    yield _("Decided"), time_of(entry.decided_at, time_zone)
    yield _("Note"), lines_of(entry.decision_note)
    yield from common_facts(entry, time_zone)


def _description(line: LineItem, currency: str) -> Markup:
    """Return the description of a line, with its discount and its cess below it."""
    text = bdi(line.description or "–")
    below = []
    if line.discount_amount:
        below.append(_("Discount: %(amount)s", amount=format_money(line.discount_amount, currency)))
    if line.cess_rate:
        below.append(_("Cess: %(rate)s %%", rate=format_decimal(line.cess_rate)))
    return Markup("<br>").join([text, *below])


def _line(line: LineItem, currency: str) -> LineView:
    return LineView(
        _description(line, currency),
        line.hsn_sac or "",
        format_decimal(line.quantity),
        format_exact_money(line.unit_price, currency),
        f"{format_decimal(line.tax_rate)} %",
        format_money(line.amount, currency),
        format_money(line.tax_amount, currency),
        format_money(line.total_amount, currency),
    )


def _payment(payment: Payment, currency: str) -> PaymentView:
    return PaymentView(
        payment.id,
        format_day(payment.paid_on),
        _(VALUES[payment.kind]),
        format_money(payment.amount, currency),
        bdi(payment.method) if payment.method else "",
        bdi(payment.reference) if payment.reference else "",
        reversal_of(payment),
    )


_FACTS: Mapping[str, Callable[[Any, str], Iterable[Fact]]] = {
    Leave.kind: _leave_facts,
    Party.kind: party_facts,
    Employee.kind: employee_facts,
}
"""What yields the facts of an object without lines, by kind."""
