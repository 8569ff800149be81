"""What a printed document says, from the JSON of the resource: a pure function, whose result the template lays out.

Every figure is one that the resource has: nothing is computed here. All fields of taxes are optional.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from infra.reads.objects.pdf.content import notes
from infra.reads.objects.pdf.content.figures import day, decimal
from infra.reads.objects.pdf.content.lines import Column, columns_of
from infra.reads.objects.pdf.content.logo import logo_of
from infra.reads.objects.pdf.content.parties import recipient_of, state, supplier_of
from infra.reads.objects.pdf.content.payment import payment_of
from infra.reads.objects.pdf.content.statements import statements_of
from infra.reads.objects.pdf.content.totals import tax_summary_of, totals_of
from infra.reads.objects.pdf.content.words import amount_in_words
from infra.reads.objects.pdf.maker import FAMILIES

_TITLES = {
    "invoice": "Invoice",
    "tax_invoice": "Tax Invoice",
    "bill_of_supply": "Bill of Supply",
    "credit_note": "Credit Note",
    "debit_note": "Debit Note",
}
_WITHOUT_NUMBER = "draft"
"""What stands in place of the number of a note that has not been issued."""
_MARKS = {"draft": "DRAFT", "void": "VOID"}
WIDE_CHARACTERS = 74
"""How many characters the figures of a line may have together before the page is turned."""


class Issuer(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the organization beside the document."""

    name: str
    is_live: bool = True
    profile: Mapping[str, Any] | None = None
    """The public part of its profile, as JSON has it; None without a profile."""
    upi_id: str | None = None
    bank: str | None = None
    logo: bytes | None = None
    """Its logo, a PNG."""


def content_of(kind: str, body: bytes, issuer: Issuer) -> dict[str, Any]:
    """Return the content of a document. `kind` is the kind of the object, `body` its JSON as the API has it."""
    document: dict[str, Any] = msgspec.json.decode(body)
    is_note = kind in notes.KINDS
    currency, columns = document["currency"], notes.columns_of(document) if is_note else columns_of(document)
    rows = [[list(column.cell(number, line)) for column in columns] for number, line in enumerate(document["items"], 1)]
    supplier = supplier_of(document, issuer.name, issuer.profile)
    return {
        "fonts": list(FAMILIES),
        "title": _TITLES[document.get("documentType") or kind],
        "number": number_of(document),
        "isDraft": document["status"] == "draft",
        "mark": _MARKS.get(document["status"], "") or ("" if issuer.is_live else "TEST"),
        "logo": None if issuer.logo is None else logo_of(issuer.logo),
        "supplier": supplier,
        "recipient": recipient_of(document),
        "recipientLabel": "Issued to" if is_note else "Bill to",
        "facts": _facts(document, is_note=is_note),
        "isWide": _is_wide(columns, rows),
        "columns": [{"title": column.title, "isNumber": column.is_number} for column in columns],
        "rows": rows,
        "totals": [list(total) for total in (notes.totals_of if is_note else totals_of)(document)],
        "words": amount_in_words(decimal(document["totalAmount"]), currency),
        "taxSummary": None if is_note and not notes.has_value(document) else tax_summary_of(document),
        "statements": [*statements_of(document), *(notes.statements_of(document) if is_note else ())],
        "texts": _texts(document),
        "payment": None
        if is_note
        else payment_of(document, issuer.upi_id, issuer.bank, supplier["name"], number_of(document)),
    }


def number_of(document: Mapping[str, Any]) -> str:
    """Return the number of a document. A note is a document with the number of an invoice, too."""
    return str((document["number"] if "number" in document else document["invoiceNumber"]) or _WITHOUT_NUMBER)


def _texts(document: Mapping[str, Any]) -> list[list[str]]:
    """Return the texts of a document that people have written, with their headings."""
    texts = [("Reason", document.get("reason")), ("Notes", document.get("notes"))]
    return [[heading, text] for heading, text in texts if text]


def _facts(document: Mapping[str, Any], *, is_note: bool) -> list[list[str]]:
    """Return the facts in the head of the document, those that it has."""
    currency = document["currency"]
    facts = [
        ("Number", number_of(document)),
        ("Date", day(document["date"] if is_note else document["invoiceDate"])),
        *(notes.facts_of(document) if is_note else ()),
        ("Due date", day(document.get("dueDate"))),
        ("Place of supply", state(document.get("placeOfSupply"))),
        ("Reverse charge", _yes_or_no(document)),
        ("Currency", "" if currency == "INR" else currency),
    ]
    return [[label, value] for label, value in facts if value]


def _yes_or_no(document: Mapping[str, Any]) -> str:
    """Return whether the tax is payable on reverse charge, which a tax invoice has to say (rule 46(p))."""
    if document.get("documentType") != "tax_invoice":
        return ""
    return "Yes" if document.get("reverseCharge") else "No"


def _is_wide(columns: list[Column], rows: list[list[list[str]]]) -> bool:
    """Return whether the figures of some line leave too little room for the description on an upright page."""
    places = [place for place, column in enumerate(columns) if column.is_number]
    longest = [max([len(row[place][0]) for row in rows], default=0) for place in places]
    return sum(longest) > WIDE_CHARACTERS
