"""Public examples of credit and debit notes: what others have computed, where it stands, and of which day it is.

Facts of the sources, in our form; the day is that of the source, or of the document in it. Without a day of its own, a
page has the day on which it was read.
"""

from __future__ import annotations

from typing import Any, NamedTuple

CREDIT, DEBIT = "credit", "debit"
E_INVOICE = "https://github.com/resilient-tech/india-compliance: gst_india/data/test_e_invoice.json"
TALLY = "https://tallydirect.in/blogs"
READ = "2026-11-29"


class Note(NamedTuple):
    """A note on the invoice of an example, and what it must come to. Amounts are texts, as the API shows them."""

    kind: str
    asked: dict[str, Any]
    """`amount`, or `items` as pairs of a line's number and `quantity` or `amount`; nothing for all that is left."""
    expected: dict[str, str]


class NoteVector(NamedTuple):
    """An invoice, and the notes on it one after the other."""

    name: str
    source: str
    day: str
    lines: list[tuple[str, str, str, dict[str, Any]]]
    """Quantity, unit price and tax rate of each line; then `percent` or `amount` of a discount."""
    notes: list[Note]
    home: str | None = "27"
    """The state of the supplier's GSTIN; None without one."""
    place: str | None = None
    discount: dict[str, str] | None = None
    rounds: bool = False
    currency: str = "INR"
    in_rupees: bool = False
    """Whether the source has whole rupees: then ours are compared after rounding."""
    published: dict[str, str] | None = None
    """What the source says of the first note where it differs from `expected`."""
    why: str = ""
    """Why it differs."""


VECTORS = [
    NoteVector(
        "10 of 100 shirts come back within Delhi",
        f"{TALLY}/how-and-when-issue-credit-note-under-gst.html",
        READ,
        [("100", "1000", "12", {})],
        [
            Note(
                CREDIT,
                {"items": [(1, {"quantity": "10"})]},
                {"taxableAmount": "10000.00", "cgst": "600.00", "sgst": "600.00", "totalAmount": "11200.00"},
            )
        ],
        home="07",
        place="07",
    ),
    NoteVector(
        "a discount of 1 % after the supply, within Delhi",
        f"{TALLY}/how-and-when-issue-credit-note-under-gst.html",
        READ,
        [("100", "1000", "12", {})],
        [Note(CREDIT, {"amount": "1120"}, {"taxableAmount": "1000.00", "cgst": "60.00", "sgst": "60.00"})],
        home="07",
        place="07",
    ),
    NoteVector(
        "the price of 10 telephones was 1 000 too low, Karnataka to Maharashtra",
        f"{TALLY}/when-should-supplier-issue-debit-note-under-gst.html",
        READ,
        [("10", "10000", "12", {})],
        [
            Note(
                DEBIT,
                {"items": [(1, {"amount": "11200"})]},
                {"taxableAmount": "10000.00", "igst": "1200.00", "totalAmount": "11200.00"},
            )
        ],
        home="29",
        place="27",
    ),
    NoteVector(
        "a customer pays 26 000 of 29 000 in full settlement, 8 % and 8 %",
        "https://lawcrux.com/data5t/gt/gtexmp/example_34.htm",
        "2017-09-28",
        [("1", "25000", "16", {})],
        [Note(CREDIT, {"amount": "3000"}, {"taxableAmount": "2586", "cgst": "207", "sgst": "207"})],
        place="27",
        in_rupees=True,
    ),
    NoteVector(
        "0.75 % less for a payment by net banking",
        "https://lawcrux.com/data5t/gt/gtexmp/example_18.htm",
        READ,
        [("1", "300000", "18", {})],
        [Note(CREDIT, {"amount": "2655"}, {"taxableAmount": "2250.00", "taxTotal": "405.00"})],
        place="29",
    ),
    NoteVector(
        "the wrong rate: the whole invoice is credited, to be made again at 5 %",
        "https://caclubindia.com/forum/how-to-issue-a-credit-note-to-party-against-tax-rate-difference-461467.asp",
        READ,
        [("1", "1000", "12", {})],
        [Note(CREDIT, {}, {"taxableAmount": "1000.00", "taxTotal": "120.00", "totalAmount": "1120.00"})],
        place="29",
    ),
    NoteVector(
        "an invoice of two equal lines comes back, with its rounding",
        E_INVOICE,
        "2022-09-17",
        [("1", "7.60", "12", {}), ("1", "7.60", "12", {})],
        [
            Note(
                CREDIT,
                {},
                {"taxableAmount": "15.20", "cgst": "0.92", "sgst": "0.92", "roundOff": "-0.04", "totalAmount": "17.00"},
            )
        ],
        home="02",
        place="02",
        rounds=True,
        published={"cgst": "0.91", "sgst": "0.91", "roundOff": "-0.02"},
        why="the source carries what it has rounded on to the next line; here, a note has the taxes of its invoice",
    ),
    NoteVector(
        "100 more for a service within Himachal Pradesh, without a quantity",
        E_INVOICE,
        "2022-09-17",
        [("1", "100", "18", {})],
        [
            Note(
                DEBIT,
                {"items": [(1, {"amount": "118"})]},
                {"taxableAmount": "100.00", "cgst": "9.00", "sgst": "9.00", "totalAmount": "118.00"},
            )
        ],
        home="02",
        place="02",
    ),
    NoteVector(
        "10 at 82.50 less 15 % come back: the price of one, 70.125, is no amount of money",
        "https://github.com/frappe/erpnext/issues/41343",
        "2024-05-06",
        [("10", "82.50", "0", {"percent": "15"})],
        [Note(CREDIT, {"items": [(1, {"quantity": "10"})]}, {"totalAmount": "701.25"})],
        home=None,
        currency="EUR",
    ),
    NoteVector(
        "a half cent comes back as it was charged",
        "https://github.com/frappe/erpnext/issues/47705",
        "2025-05-23",
        [("1", "12.345", "0", {})],
        [Note(CREDIT, {"items": [(1, {"quantity": "1"})]}, {"totalAmount": "12.35"})],
        home=None,
        currency="EUR",
    ),
    NoteVector(
        "90 and then 10 of 100 come back, of 8 000 less 6 000",
        "https://github.com/frappe/erpnext/pull/50944",
        "2025-12-05",
        [("100", "80", "0", {})],
        [
            Note(CREDIT, {"items": [(1, {"quantity": "90"})]}, {"totalAmount": "1800.00"}),
            Note(CREDIT, {}, {"totalAmount": "200.00"}),
        ],
        home=None,
        discount={"amount": "6000"},
    ),
    NoteVector(
        "a sale of 112.50 less 4.45 comes back",
        "https://github.com/frappe/erpnext/issues/7436",
        "2017-01-10",
        [("1", "112.50", "0", {})],
        [Note(CREDIT, {}, {"totalAmount": "108.05"})],
        home=None,
        discount={"amount": "4.45"},
        currency="EUR",
    ),
    NoteVector(
        "100 were charged at 20, and the price was 18",
        "https://github.com/frappe/erpnext/issues/3915",
        "2015-08-20",
        [("100", "20", "0", {})],
        [Note(CREDIT, {"items": [(1, {"amount": "200"})]}, {"totalAmount": "200.00"})],
        home=None,
        currency="USD",
    ),
]
