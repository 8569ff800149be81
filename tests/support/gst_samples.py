"""Documents under GST as the API has them, computed by the domain: one for each kind of supply."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from domain.documents.pricing import Line, Terms, price_lines
from domain.tax.discount import Discount
from domain.tax.parties import FOREIGN, REGISTERED, SEZ, UNREGISTERED, PartySnapshot, Sides, snapshot_of
from domain.tax.summary import tax_summary
from domain.tax.supplier import Supplier
from domain.tax.supply import outward_supply
from tests.support.pdf import resource_json

DAY = date(2026, 11, 28)
ADDRESS = "14, Residency Road\nAshok Nagar, Bengaluru 560025\nKarnataka"
SUPPLIER = Supplier(
    name="Asha Traders Private Limited",
    trade_name="Asha Traders",
    gstin="29AAGCB7383J1Z4",
    state_code="29",
    address=ADDRESS,
    email="accounts@ashatraders.example",
)
GOODS = (
    Line("Steel almirah, 6 ft, grey powder coating", Decimal(3), Decimal(14500), Decimal(18), "94032010"),
    Line("Delivery and fitting at the site", Decimal("1.5"), Decimal(1200), Decimal(18), "998729"),
    Line("Ledger paper, A4, 500 sheets", Decimal(40), Decimal("310.50"), Decimal(12), "48201020"),
)


def client(name: str, state: str | None = None, treatment: str = REGISTERED, **fields: Any) -> PartySnapshot:
    """Return a recipient. A registered one gets a GSTIN of its state."""
    gstin = {"gstin": f"{state}AAACR5055K1Z{'5' if state == '27' else '0'}"} if treatment in (REGISTERED, SEZ) else {}
    place = {} if state is None else {"state_code": state}
    return PartySnapshot(name=name, gst_treatment=treatment, **gstin, **place, **fields)


def sample(
    other: PartySnapshot,
    lines: tuple[Line, ...] = GOODS,
    supplier: Supplier = SUPPLIER,
    *,
    currency: str = "INR",
    reverse_charge: bool = False,
    discount: Discount | None = None,
    rounds_off: bool = False,
    **changes: Any,
) -> bytes:
    """Return the JSON of a sent invoice from `supplier` to `other`."""
    supply = outward_supply(Sides(supplier, other), None, DAY, reverse_charge=reverse_charge)
    priced = price_lines(lines, currency, Terms(discount, rounds_off, supply))
    values = _camel(priced) | {
        "clientName": other.name,
        "currency": currency,
        "supplier": _json(snapshot_of(supplier, DAY)),
        "recipient": _json(other),
        "taxSummary": _json(tax_summary(priced["items"])),
    }
    return resource_json(**(values | changes))


def _camel(values: dict[str, Any]) -> dict[str, Any]:
    return {_name(name): _json(value) for name, value in values.items()}


def _name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)


def _json(value: Any) -> Any:
    return json.loads(msgspec.json.encode(value))


HINDI = client("कृष्णा एंटरप्राइज़ेज़ प्राइवेट लिमिटेड", "09", address="१२, हज़रतगंज\nलखनऊ २२६००१")
TAMIL = client("ஸ்ரீ முருகன் பாத்திரக் கடை", "33", UNREGISTERED, address="45, மேல மாசி வீதி\nமதுரை 625001")
_PLAIN_LINES = tuple(msgspec.structs.replace(line, tax_rate=Decimal(0)) for line in GOODS)
SAMPLES: dict[str, bytes] = {
    "intra-state": sample(client("Nilgiri Stores", "29", address="7, Hosur Road\nBengaluru 560030")),
    "inter-state": sample(client("Rohini Retail LLP", "27", address="2nd Floor, 18 Linking Road\nMumbai 400050")),
    "union territory": sample(
        client("Chandigarh Office Supplies", "04"),
        supplier=msgspec.structs.replace(SUPPLIER, gstin="04AAGCB7383J1ZG", state_code="04"),
    ),
    "discounts, cess and round off": sample(
        client("Nilgiri Stores", "29"),
        (
            msgspec.structs.replace(GOODS[0], discount=Discount(percent=Decimal("7.5"))),
            msgspec.structs.replace(GOODS[1], cess_rate=Decimal(12)),
            GOODS[2],
        ),
        discount=Discount(amount=Decimal("1000.01")),
        rounds_off=True,
    ),
    "reverse charge": sample(client("Rohini Retail LLP", "27"), reverse_charge=True),
    "composition": sample(
        client("Anita Rao", "29", UNREGISTERED), _PLAIN_LINES, msgspec.structs.replace(SUPPLIER, composition=True)
    ),
    "exempt": sample(client("Anita Rao", "29", UNREGISTERED), _PLAIN_LINES),
    "export with tax": sample(client("Blue Harbour Inc.", None, FOREIGN, address="Boston, USA"), currency="USD"),
    "export under LUT": sample(
        client("株式会社 Sakura Trading K.K.", None, FOREIGN, address="Chuo-ku, Tokyo\nJapan"),
        tuple(msgspec.structs.replace(line, unit_price=Decimal(round(line.unit_price))) for line in GOODS),
        msgspec.structs.replace(SUPPLIER, lut_number="AD290426012345X"),
        currency="JPY",
    ),
    "special economic zone": sample(
        client("Cyber Park SEZ Unit 4", "29", SEZ), supplier=msgspec.structs.replace(SUPPLIER, lut_number="AD29042601X")
    ),
    "Hindi": sample(HINDI, (msgspec.structs.replace(GOODS[0], description="स्टील की अलमारी, ६ फ़ुट, धूसर रंग"), *GOODS[1:])),
    "Tamil": sample(TAMIL, (msgspec.structs.replace(GOODS[0], description="எஃகு அலமாரி, 6 அடி, சாம்பல் நிறம்"), *GOODS[1:])),
    "200 lines": sample(
        client("Nilgiri Stores", "29"),
        tuple(msgspec.structs.replace(GOODS[n % 3], description=f"Item {n} of the long list") for n in range(1, 201)),
    ),
    "partly paid": sample(
        client("Nilgiri Stores", "29"), status="partially_paid", amountPaid="20000.00", amountSettled="500.00",
        balanceDue="46973.40", notes="Thank you for your business.\nGoods once sold are not taken back.",
    ),
    "draft": sample(client("Nilgiri Stores", "29"), status="draft"),
    "void": sample(client("Nilgiri Stores", "29"), status="void"),
    "without GST": resource_json(),
    "without any tax": resource_json(taxTotal="0.00", totalAmount="70000.00", balanceDue="70000.00", items=[
        {"description": "Consulting", "quantity": "20", "unitPrice": "3500.00", "taxRate": "0", "hsnSac": None,
         "amount": "70000.00", "taxAmount": "0.00", "totalAmount": "70000.00"}]),
}  # fmt: skip
"""The JSON of each sample, by what is special about it."""
