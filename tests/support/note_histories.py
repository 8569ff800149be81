"""Notes and the documents that they correct, with events that are not saved: each optional field is used."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.aggregate import Aggregate
from domain.bill import Bill
from domain.documents.payment import NewPayment
from domain.documents.taxation import TaxRequest
from domain.invoice import Invoice
from domain.notes.credit_note import CreditNote
from domain.notes.debit_note import DebitNote
from domain.notes.items import Part, Wanted
from domain.notes.refunds import NewRefund
from domain.notes.vendor_credit import VendorCredit
from domain.tax.parties import Sides
from tests.support.gst_documents import organization
from tests.support.gst_histories import CLIENT, DAY, LINES, PEOPLE

LATE = date(2026, 12, 1)
"""After the day until which a credit note lowers the tax of an invoice of the financial year of DAY."""
ALL = Wanted()


def corrected_documents(at: datetime) -> list[Aggregate]:
    """Return invoices and credit notes to which everything has happened that can happen."""
    sides = Sides(organization("27"), CLIENT)
    invoice = _sent(at, "CN-A", TaxRequest(round_off="nearest"), sides)
    void, late = _note(at, "cn_1", invoice, ALL), _note(at, "cn_2", invoice, Wanted(amount=Decimal(100)), False)
    invoice.update({"invoice_date": date(2026, 1, 9)}, at)
    changes = {"amount": Decimal("10.50"), "reason": "Damaged", "notes": None, "metadata": {"a": "b"}}
    void.update({**changes, "date": LATE, "tax_adjustment": False}, at, invoice)
    void.update({"tax_adjustment": None, "date": DAY, "items": (Part(1, Decimal(2)), Part(2))}, at, invoice)
    issue(void, invoice, at)
    late.update({"tax_adjustment": True, "date": LATE, "amount": Decimal(9)}, at, invoice)
    invoice.refresh_overdue(date(2026, 3, 1), at)
    issue(late, invoice, at)
    void.transition_to("void", at, invoice, _number)
    rest = _note(at, "cn_3", invoice, ALL)
    issue(rest, invoice, at)
    late.transition_to("void", at, invoice, _number)
    rest.transition_to("void", at, invoice, _number)
    payable = _sent(at, "CN-B", TaxRequest(reverse_charge=True), sides)
    reverse = _note(at, "cn_4", payable, ALL)
    reverse.update({"amount": Decimal(10)}, at, payable)
    issue(reverse, payable, at)
    issue(_note(at, "cn_5", payable, ALL), payable, at)
    elsewhere = _sent(at, "CN-D", TaxRequest("29"), sides)
    other = _note(at, "cn_7", elsewhere, ALL)
    other.update({"amount": Decimal(10)}, at, elsewhere)
    paid = _sent(at, "CN-C", TaxRequest(), sides)
    paid.record_payment("pay_1", NewPayment(paid.balance_due, DAY), at, DAY)
    refunded = _note(at, "cn_6", paid, ALL)
    issue(refunded, paid, at)
    refunded.record_refund("rfd_1", NewRefund(Decimal(50), DAY, "UPI", "UTR 7"), at, DAY)
    refunded.reverse_refund("rfd_1", "It came back", None, at, DAY)
    credits = [invoice, void, late, rest, payable, reverse, elsewhere, other, paid, refunded]
    return [*credits, *_debited(at, sides), *_credited_bills(at, sides)]


def _debited(at: datetime, sides: Sides) -> list[Aggregate]:
    """Return invoices that debit notes raise, and the notes: one was changed and made void."""
    invoice = _sent(at, "DN-A", TaxRequest(round_off="nearest"), sides)
    void = _note(at, "dn_1", invoice, Wanted((Part(1, Decimal(2)), Part(2, amount=Decimal(50)))), kind=DebitNote)
    invoice.update({"invoice_date": date(2026, 1, 9)}, at)
    changes = {"amount": Decimal("10.50"), "reason": "Damaged", "notes": None, "metadata": {"a": "b"}}
    void.update({**changes, "date": LATE, "tax_adjustment": False}, at, invoice)
    void.update({"tax_adjustment": True, "date": DAY, "items": (Part(1, Decimal(2)),)}, at, invoice)
    invoice.refresh_overdue(date(2026, 3, 1), at)
    issue(void, invoice, at)
    invoice.record_payment("pay_2", NewPayment(invoice.balance_due - void.total_amount, DAY), at, DAY)
    void.transition_to("void", at, invoice, _number)
    later = _note(at, "dn_2", invoice, Wanted(amount=Decimal(100)), tax_adjustment=False, kind=DebitNote)
    issue(later, invoice, at)
    payable = _sent(at, "DN-B", TaxRequest(reverse_charge=True), sides)
    reverse = _note(at, "dn_3", payable, Wanted(amount=Decimal(10)), kind=DebitNote)
    reverse.update({"amount": Decimal(20)}, at, payable)
    issue(reverse, payable, at)
    elsewhere = _sent(at, "DN-C", TaxRequest("29"), sides)
    other = _note(at, "dn_4", elsewhere, Wanted(amount=Decimal(10)), kind=DebitNote)
    other.update({"amount": Decimal(20)}, at, elsewhere)
    issue(other, elsewhere, at)
    return [invoice, void, later, payable, reverse, elsewhere, other]


def _credited_bills(at: datetime, sides: Sides) -> list[Aggregate]:
    """Return bills that vendor credits lower, and the vendor credits."""
    bill = _sent(at, "VC-A", TaxRequest(round_off="nearest"), sides, Bill)
    void = _note(at, "vc_1", bill, ALL, kind=VendorCredit, number="CR/1")
    bill.update({"bill_date": date(2026, 1, 9)}, at)
    changes = {"amount": Decimal("10.50"), "reason": "Damaged", "notes": None, "metadata": {"a": "b"}}
    void.update({**changes, "number": "CR/2", "date": LATE, "tax_adjustment": False}, at, bill)
    void.update({"tax_adjustment": True, "items": (Part(1, Decimal(2)), Part(2))}, at, bill)
    bill.refresh_overdue(date(2026, 3, 1), at)
    issue(void, bill, at)
    rest = _note(at, "vc_2", bill, ALL, kind=VendorCredit, number="CR/3")
    issue(rest, bill, at)
    void.transition_to("void", at, bill, _number)
    all_again = _note(at, "vc_3", bill, ALL, kind=VendorCredit, number="CR/4")
    issue(all_again, bill, at)
    rest.transition_to("void", at, bill, _number)
    payable = _sent(at, "VC-B", TaxRequest(reverse_charge=True), sides, Bill)
    reverse = _note(at, "vc_4", payable, ALL, kind=VendorCredit, number="CR/5")
    reverse.update({"amount": Decimal(10)}, at, payable)
    issue(reverse, payable, at)
    elsewhere = _sent(at, "VC-C", TaxRequest("29"), sides, Bill)
    other = _note(at, "vc_5", elsewhere, Wanted(amount=Decimal(10)), False, kind=VendorCredit, number="CR/6")
    other.update({"amount": Decimal(20), "tax_adjustment": True}, at, elsewhere)
    issue(other, elsewhere, at)
    paid = _sent(at, "VC-D", TaxRequest(), sides, Bill)
    paid.record_payment("pay_3", NewPayment(paid.balance_due, DAY), at, DAY)
    refunded = _note(at, "vc_6", paid, ALL, kind=VendorCredit, number="CR/7")
    issue(refunded, paid, at)
    refunded.record_refund("rfd_2", NewRefund(Decimal(50), DAY, "UPI", "UTR 7"), at, DAY)
    refunded.reverse_refund("rfd_2", "It came back", None, at, DAY)
    return [bill, void, rest, all_again, payable, reverse, elsewhere, other, paid, refunded]


def issue(note: Any, document: Any, at: datetime) -> None:
    """Issue a note of a document."""
    note.update({}, at, document)
    note.transition_to("issued", at, document, _number)


def _sent(at: datetime, number: str, request: TaxRequest, sides: Sides, kind: type[Any] = Invoice) -> Any:
    document = kind.draft(
        f"{kind.id_prefix}_{number}",
        at=at,
        number=number,
        currency="INR",
        due_date=date(2026, 1, 31),
        lines=LINES,
        notes=None,
        request=request,
        sides=sides,
        **PEOPLE[kind],
    )
    document.transition_to(kind.issued_status, at, sides)
    return document


def _note(
    at: datetime,
    id: str,
    document: Any,
    wanted: Wanted,
    tax_adjustment: bool | None = None,
    kind: type[Any] = CreditNote,
    number: str | None = None,
) -> Any:
    return kind.draft(
        id,
        document,
        at=at,
        number=number,
        reason="Two came back",
        date=DAY,
        wanted=wanted,
        tax_adjustment=tax_adjustment,
        notes="Thank you.",
        metadata={"returnId": "7"},
    )


def _number(prefix: str, day: date) -> str:
    return f"{prefix}-2025-26-0001"
