"""What the page of a note shows, and what the page of a document says of its notes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup
from msgspec import UNSET

from api.console.activity.sentences import capitalized, noun_of
from api.console.objects.kinds import OBJECT_PAGES
from api.console.objects.one.facts import Fact, ObjectView, common_facts, filled, lines_of, reversal_of, time_of
from api.console.objects.one.parties import linked
from api.console.objects.one.totals import note_totals
from api.console.objects.words import VALUES, WARNINGS
from api.pages.formats import format_day, format_decimal, format_money
from api.pages.others_texts import bdi
from api.pages.translation import gettext as _
from domain.documents.corrections import Correction
from domain.notes.items import NoteItem
from domain.notes.note import Note
from domain.notes.refunds import Refund
from domain.tax.states import state_name
from projections.registry import ROWS


class NoteLineView(NamedTuple):
    """A line of a note."""

    line: str
    """The number of the line of the document."""
    description: Markup
    code: str
    quantity: str
    taxable: str
    tax_rate: str
    tax: str
    total: str


class RefundView(NamedTuple):
    """A refund of a note."""

    id: str
    day: str
    amount: str
    method: str | Markup
    reference: str | Markup
    reversal: Markup
    """When and why it was taken back; empty if it counts."""


class CorrectionView(NamedTuple):
    """A note that was issued for a document, on the page of the document."""

    path: str
    number: Markup
    noun: str
    at: str
    amount: str
    applied: str
    state: str
    """A word; empty if the note counts."""


def note_view(kind: str, body: bytes, time_zone: str) -> ObjectView:
    """Return a note as its page shows it. `body` is the note as JSON; times are in `time_zone`."""
    projection: Any = ROWS[kind]
    entry: Any = msgspec.json.decode(body, type=projection.entry_type)
    details: Any = msgspec.json.decode(body, type=projection.details_type)
    refunds = getattr(details, "refunds", ())
    return ObjectView(
        entry,
        filled([*_facts(entry, projection.aggregate, time_zone), _warning_fact(details)]),
        tuple(_line(each, entry.currency) for each in details.items),
        note_totals(msgspec.structs.asdict(entry)),
        tuple(_refund(each, entry.currency) for each in (() if refunds is UNSET else refunds)),
    )


def corrections_of(corrections: Iterable[Correction], currency: str, time_zone: str) -> tuple[CorrectionView, ...]:
    """Return the notes that were issued for a document."""
    pages = {each.kind: each for each in OBJECT_PAGES}
    return tuple(
        CorrectionView(
            f"{pages[each.kind].path}/{each.id}",
            bdi(each.number),
            capitalized(noun_of(each.kind)),
            time_of(each.recorded_at, time_zone),
            format_money(each.amount, currency),
            format_money(each.applied_amount, currency),
            "" if each.is_standing else _("void"),
        )
        for each in corrections
        if each.kind in pages
    )


def _facts(entry: Any, aggregate: type[Note], time_zone: str) -> Iterable[Fact]:
    document, party = aggregate.corrects, aggregate.corrects.party
    pages = next(each for each in OBJECT_PAGES if each.type.aggregate is document)
    id, name = getattr(entry, f"{party}_id"), getattr(entry, f"{party}_name")
    path, number = f"{pages.path}/{getattr(entry, f'{document.kind}_id')}", getattr(entry, f"{document.kind}_number")
    yield _("Client") if party == "client" else _("Vendor"), linked(id, name or id)
    yield (
        _("Invoice") if party == "client" else _("Bill"),
        Markup('<a class="alone" href="{}">{}</a>').format(path, bdi(number)),
    )
    yield _("Reason"), lines_of(entry.reason)
    yield _("Total"), format_money(entry.total_amount, entry.currency)
    yield from _use(entry)
    yield _("Date"), format_day(entry.date)
    yield _("Issued"), time_of(entry.issued_at, time_zone)
    yield _("Made void"), time_of(entry.voided_at, time_zone)
    if entry.place_of_supply is not UNSET:
        yield _("Place of supply"), f"{entry.place_of_supply} {state_name(entry.place_of_supply)}"
    if entry.supply_type is not UNSET:
        yield _("Supply"), _(VALUES[entry.supply_type])
        yield _("The tax changes, too"), _(VALUES["yes" if entry.tax_adjustment else "no"])
    yield from common_facts(entry, time_zone)
    yield _("Notes"), lines_of(entry.notes)


def _use(entry: Any) -> Iterable[Fact]:
    """Yield what has become of the amount of an issued note, if it lowers a document."""
    if entry.status != "issued" or not hasattr(entry, "refund_due"):
        return
    yield _("Taken off the balance"), format_money(entry.amount_applied, entry.currency)
    if entry.refund_due or entry.amount_refunded:
        yield _("Refunded"), format_money(entry.amount_refunded, entry.currency)
        yield _("To be refunded"), format_money(entry.refund_due, entry.currency)


def _warning_fact(details: Any) -> Fact:
    """Return what the law says against the note; an empty text if nothing."""
    warnings = getattr(details, "warnings", UNSET)
    codes = () if warnings is UNSET else [each.code for each in warnings]
    return _("Against the law's time limit"), ", ".join(_(WARNINGS.get(code, code)) for code in codes)


def _line(item: NoteItem, currency: str) -> NoteLineView:
    return NoteLineView(
        str(item.line_number),
        bdi(item.description or "–"),
        item.hsn_sac or "",
        "" if item.quantity is UNSET else format_decimal(item.quantity),
        format_money(item.taxable_amount, currency),
        f"{format_decimal(item.tax_rate)} %",
        format_money(item.tax_amount, currency),
        format_money(item.total_amount, currency),
    )


def _refund(refund: Refund, currency: str) -> RefundView:
    return RefundView(
        refund.id,
        format_day(refund.date),
        format_money(refund.amount, currency),
        bdi(refund.method) if refund.method else "",
        bdi(refund.reference) if refund.reference else "",
        reversal_of(refund),
    )
