"""Public examples of credit and debit notes: what teachers and other programs have published comes out here, too."""

from datetime import UTC, date, datetime
from decimal import Decimal

from domain.documents.taxation import TaxRequest
from domain.invoice import Invoice
from domain.notes.credit_note import CreditNote
from domain.notes.debit_note import DebitNote
from domain.notes.items import Part, Wanted
from domain.tax.discount import Discount
from domain.tax.parties import Sides
from tests.support.cases import all_cases
from tests.support.gst_documents import line, organization, party
from tests.support.note_vectors import CREDIT, VECTORS

AT, DAY = datetime(2026, 1, 10, tzinfo=UTC), date(2026, 1, 10)
NAMES = {
    "taxableAmount": "taxable_amount",
    "taxTotal": "tax_total",
    "totalAmount": "total_amount",
    "roundOff": "round_off",
    "cgst": "cgst",
    "sgst": "sgst",
    "igst": "igst",
}
MOST_DIFFERENCES = 1


def sent_invoice(vector):
    """Return the invoice of an example, which was sent."""
    sides = Sides() if vector.home is None else Sides(organization(vector.home), party("unregistered"))
    discount = None
    if vector.discount is not None:
        discount = Discount(**{name: Decimal(value) for name, value in vector.discount.items()})
    invoice = Invoice.draft(
        "inv_1",
        at=AT,
        number="I/1",
        client_id="x",
        client_name=None,
        currency=vector.currency,
        invoice_date=DAY,
        due_date=DAY,
        lines=[line(*numbers[:3], **numbers[3]) for numbers in vector.lines],
        notes=None,
        request=TaxRequest(vector.place, discount=discount, round_off="nearest" if vector.rounds else None),
        sides=sides,
    )
    invoice.transition_to("sent", AT, sides)
    return invoice


def issued(invoice, number, kind, asked):
    """Return a note on the invoice, which was issued."""
    parts = [
        Part(place, **{name: Decimal(value) for name, value in part.items()}) for place, part in asked.get("items", ())
    ]
    wanted = Wanted(tuple(parts) or None, Decimal(asked["amount"]) if "amount" in asked else None)
    kind = CreditNote if kind == CREDIT else DebitNote
    note = kind.draft(f"{kind.id_prefix}_{number}", invoice, at=AT, reason="x", date=DAY, wanted=wanted)
    note.transition_to("issued", AT, invoice, lambda prefix, day: f"{prefix}/{number}")
    return note


def shown(amount, in_rupees):
    return str(amount.quantize(Decimal(1)) if in_rupees else amount)


@all_cases("vector", VECTORS, ids=lambda vector: vector.name)
def test_a_published_example_comes_out(vector):
    invoice = sent_invoice(vector)
    for number, (kind, asked, expected) in enumerate(vector.notes, 1):
        note = issued(invoice, number, kind, asked)
        found = {name: shown(getattr(note, NAMES[name]), vector.in_rupees) for name in expected}
        assert found == expected, number


def test_there_are_ten_examples_and_few_differ_each_with_its_reason():
    differing = [vector for vector in VECTORS if vector.published]
    assert len(VECTORS) - len(differing) >= 10
    assert len(differing) <= MOST_DIFFERENCES
    assert all(vector.why for vector in differing)
    assert [
        vector.name
        for vector in differing
        if vector.published and not vector.published.items() - vector.notes[0].expected.items()
    ] == []
    assert all(vector.source.startswith("https://") and date.fromisoformat(vector.day) for vector in VECTORS)
