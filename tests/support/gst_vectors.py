"""Public examples of GST on invoices: what others have computed, where it stands, and of which day it is.

Facts of the sources, in our form; the day is that of the source, or of the document in it. Without a day of its own, a
page has the day on which it was read.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Vector(NamedTuple):
    """An invoice and what it must come to. Amounts are texts, as the API shows them."""

    name: str
    source: str
    day: str
    lines: list[tuple[str, str, str, dict[str, Any]]]
    """Quantity, unit price and tax rate of each line; then `percent` or `amount` of a discount, and a cess rate."""
    expected: dict[str, str]
    home: str | None = "27"
    """The state of the supplier's GSTIN; None without one."""
    place: str | None = None
    treatment: str | None = None
    lut: bool = False
    composition: bool = False
    reverse: bool = False
    discount: dict[str, str] | None = None
    rounds: bool = False
    currency: str = "INR"
    published: dict[str, str] | None = None
    """What the source says where it differs from `expected`."""
    why: str = ""
    """Why it differs."""


ICAI = "https://vsmartdownload.com/downloads/bookpreview/cainter/M24/GST/Questionnaire"
E_INVOICE = "https://github.com/resilient-tech/india-compliance: gst_india/data/test_e_invoice.json"
ODOO = "https://github.com/odoo/odoo: addons/l10n_in_edi/tests/test_edi_json.py"
READ = "2026-11-28"


def one(price: str, rate: str, **others: Any) -> list[tuple[str, str, str, dict[str, Any]]]:
    return [("1", price, rate, others)]


VECTORS = [
    Vector(
        "the sample request of the invoice registration portal: inter-State, a discount and a cess",
        "https://developer.sandbox.co.in/docs/generate-irn-1, after einv-apisandbox.nic.in",
        "2020-08-18",
        [("100.345", "99.545", "12", {"amount": "10", "cess": "5"})],
        {"subTotal": "9988.84", "taxableAmount": "9978.84", "igst": "1197.46", "cess": "498.94"},
        home="37",
        place="12",
    ),
    Vector(
        "a sample in the schema of the portal: two services, inter-State",
        "https://taxten.com/en/samples/in-gst-einvoice.json",
        "2026-01-15",
        [("1", "500000", "18", {}), ("1", "100000", "18", {})],
        {"taxableAmount": "600000.00", "igst": "108000.00", "totalAmount": "708000.00"},
        home="29",
        place="07",
    ),
    Vector(
        "1 000 pieces within Himachal Pradesh",
        E_INVOICE,
        "2022-09-16",
        [("1000", "100", "18", {})],
        {"cgst": "9000.00", "sgst": "9000.00", "totalAmount": "118000.00"},
        home="02",
        place="02",
    ),
    Vector(
        "a service within Himachal Pradesh",
        E_INVOICE,
        "2022-09-17",
        one("100", "18"),
        {"cgst": "9.00", "sgst": "9.00", "totalAmount": "118.00"},
        home="02",
        place="02",
    ),
    Vector(
        "a nil-rated and a taxed line, the total rounded down",
        E_INVOICE,
        "2023-12-18",
        [("1", "100", "0", {}), ("1", "10", "12", {})],
        {"cgst": "0.60", "sgst": "0.60", "roundOff": "-0.20", "totalAmount": "111.00"},
        home="02",
        place="02",
        rounds=True,
    ),
    Vector(
        "two equal lines of half a paisa each",
        E_INVOICE,
        "2022-09-17",
        [("1", "7.60", "12", {}), ("1", "7.60", "12", {})],
        {"taxableAmount": "15.20", "cgst": "0.92", "sgst": "0.92", "roundOff": "-0.04", "totalAmount": "17.00"},
        home="02",
        place="02",
        rounds=True,
        published={"cgst": "0.91", "sgst": "0.91", "roundOff": "-0.02"},
        why="the source carries what it has rounded on to the next line; here, equal lines have equal taxes",
    ),
    Vector(
        "goods within Himachal Pradesh, a duplicate at the portal",
        E_INVOICE,
        "2023-10-03",
        one("1400", "18"),
        {"cgst": "126.00", "sgst": "126.00", "totalAmount": "1652.00"},
        home="02",
        place="02",
    ),
    Vector(
        "an invoice signed by the portal: Himachal Pradesh to Telangana",
        E_INVOICE,
        "2023-10-02",
        one("1200", "18"),
        {"igst": "216.00", "totalAmount": "1416.00"},
        home="02",
        place="36",
        treatment="composition",
    ),
    Vector(
        "an export under a letter of undertaking",
        E_INVOICE,
        "2022-09-16",
        [("1000", "100", "18", {})],
        {"igst": "0.00", "placeOfSupply": "96", "supplyType": "zero_rated", "totalAmount": "100000.00"},
        home="02",
        treatment="overseas",
        lut=True,
    ),
    Vector(
        "10 % off a line",
        ODOO,
        "2019-01-01",
        one("1000", "5", percent="10"),
        {"taxableAmount": "900.00", "cgst": "22.50", "sgst": "22.50", "totalAmount": "945.00"},
        home="24",
        place="24",
    ),
    Vector(
        "100 % off a line",
        ODOO,
        "2019-01-01",
        one("1000", "5", percent="100"),
        {"discountTotal": "1000.00", "taxableAmount": "0.00", "cgst": "0.00", "totalAmount": "0.00"},
        home="24",
        place="24",
    ),
    Vector(
        "an amount off a line",
        ODOO,
        "2019-01-01",
        one("2000", "5", amount="1400"),
        {"taxableAmount": "600.00", "cgst": "15.00", "sgst": "15.00", "totalAmount": "630.00"},
        home="24",
        place="24",
    ),
    Vector(
        "to a special economic zone in the same State, on payment of tax",
        ODOO,
        "2019-01-01",
        one("1000", "18"),
        {"igst": "180.00", "cgst": "0.00", "supplyType": "inter_state", "totalAmount": "1180.00"},
        home="24",
        place="24",
        treatment="sez",
    ),
    Vector(
        "an export on payment of tax",
        ODOO,
        "2019-01-01",
        one("1000", "18"),
        {"igst": "180.00", "placeOfSupply": "96", "totalAmount": "1180.00"},
        home="24",
        treatment="overseas",
    ),
    Vector(
        "30 % off the printed price, within Delhi",
        "https://icsebookssolution.blogspot.com/2020, Selina, exercise 1A, question 1",
        "2020-01-01",
        one("12000", "18", percent="30"),
        {"discountTotal": "3600.00", "cgst": "756.00", "sgst": "756.00", "totalAmount": "9912.00"},
        home="07",
        place="07",
    ),
    Vector(
        "four lines with discounts and four rates, within a State",
        "https://aekaakee.com/2021/01/commercial-mathematics-goods-and.html",
        "2021-01-01",
        [
            ("1", "12000", "12", {"percent": "30"}),
            ("1", "15000", "18", {"percent": "20"}),
            ("1", "9500", "28", {"percent": "30"}),
            ("1", "18000", "5", {"percent": "40"}),
        ],
        {"taxableAmount": "37850.00", "cgst": "2785.00", "sgst": "2785.00", "totalAmount": "43420.00"},
        place="27",
    ),
    Vector(
        "two tins of paint",
        "https://byjus.com/question-answer/m-s-real-paint-sold-2-tins-of-lustre-paint-and-taxable-value-of-each-1",
        READ,
        [("2", "2800", "28", {})],
        {"taxableAmount": "5600.00", "cgst": "784.00", "sgst": "784.00"},
        place="27",
    ),
    Vector(
        "a television with 10 % off",
        "https://vardaanlearning.in/icse/class%2010/mathematics/01gst/chapternotes",
        READ,
        one("40000", "18", percent="10"),
        {"discountTotal": "4000.00", "cgst": "3240.00", "sgst": "3240.00", "totalAmount": "42480.00"},
        place="27",
    ),
    Vector(
        "a kitchen with 1 % off, and packing charges",
        "https://lawcrux.com/data5t/gt/gtexmp/example_17.htm",
        READ,
        [("1", "300000", "18", {"percent": "1"}), ("1", "5000", "18", {})],
        {"taxableAmount": "302000.00", "igst": "54360.00", "totalAmount": "356360.00"},
        place="07",
    ),
    Vector(
        "compensation cess within a State",
        "https://www.teachoo.com/12211/3351/What-is-Compensation-Cess",
        "2023-05-29",
        one("100000", "28", cess="22"),
        {"cgst": "14000.00", "sgst": "14000.00", "cess": "22000.00", "totalAmount": "150000.00"},
        place="27",
    ),
    Vector(
        "compensation cess on a motor car, inter-State",
        "https://taxationblog24.blogspot.com",
        READ,
        one("1200000", "28", cess="1"),
        {"igst": "336000.00", "cess": "12000.00", "totalAmount": "1548000.00"},
        place="07",
    ),
    Vector(
        "hand tools within Chandigarh: UTGST",
        "https://www.caclubindia.com/forum/maximum-rates-in-gst-512503.asp",
        READ,
        one("100000", "18"),
        {"stateTax": "UTGST", "cgst": "9000.00", "sgst": "9000.00", "totalAmount": "118000.00"},
        home="04",
        place="04",
    ),
    Vector(
        "from Chandigarh to another State",
        "https://www.teachoo.com/9408/2926/What-is-UTGST",
        READ,
        one("100000", "18"),
        {"igst": "18000.00", "totalAmount": "118000.00"},
        home="04",
        place="03",
    ),
    Vector(
        "steel within Maharashtra",
        "https://bharattax.co/gst/cgst-act/section/A, A.1",
        READ,
        one("1000000", "18"),
        {"cgst": "90000.00", "sgst": "90000.00", "stateTax": "SGST"},
        place="27",
        treatment="registered",
    ),
    Vector(
        "advice within Delhi, a union territory with a legislature: SGST",
        "https://bharattax.co/gst/cgst-act/section/A, A.2",
        READ,
        one("500000", "18"),
        {"cgst": "45000.00", "sgst": "45000.00", "stateTax": "SGST"},
        home="07",
        place="07",
        treatment="registered",
    ),
    Vector(
        "an advocate's fees and expenses under reverse charge",
        "https://online.flipbuilder.com/uaky/gapv/files/basic-html/page90.html",
        "2017-12-05",
        [("1", "50000", "18", {}), ("1", "10000", "18", {})],
        {"taxPayableByRecipient": "10800.00", "cgst": "0.00", "sgst": "0.00", "totalAmount": "60000.00"},
        place="27",
        treatment="registered",
        reverse=True,
    ),
    Vector(
        "machinery, inter-State",
        f"{ICAI}/Ch15/files/basic-html/page5.html",
        "2024-01-01",
        one("1575000", "18"),
        {"igst": "283500.00"},
        place="24",
    ),
    Vector(
        "air-conditioners and repairs within a State (CA Intermediate, May 2023)",
        f"{ICAI}/Ch15/files/basic-html/page8.html",
        "2023-05-01",
        [("1", "500000", "12", {}), ("1", "300000", "18", {})],
        {"cgst": "57000.00", "sgst": "57000.00"},
        place="27",
    ),
    Vector(
        "a machine with 2 % off, and what is charged beside it",
        f"{ICAI}/Ch5/files/basic-html/page14.html",
        "2024-01-01",
        [("1", "550000", "18", {"percent": "2"}), ("1", "20000", "18", {}), ("1", "25000", "18", {})],
        {"discountTotal": "11000.00", "taxableAmount": "584000.00"},
        place="27",
    ),
    Vector(
        "a list price with 2 % off, a municipal tax and packing",
        "https://meritbatch.com/value-of-supply-under-gst-important-questions/, question 1",
        READ,
        [("1", "1200000", "18", {"percent": "2"}), ("1", "25000", "18", {}), ("1", "10000", "18", {})],
        {"taxableAmount": "1211000.00"},
        home="07",
        place="07",
    ),
    Vector(
        "a rate of 3 %: gold",
        "https://github.com/SaicharanB2H/final_billing_application: CGST_SGST_VERIFICATION_GUIDE.md",
        "2025-10-22",
        one("65300", "3"),
        {"cgst": "979.50", "sgst": "979.50", "totalAmount": "67259.00"},
        home="36",
        place="36",
    ),
    Vector(
        "5 % off the line, and an amount off the document",
        "https://github.com/frappe/erpnext/issues/25273",
        "2021-04-10",
        one("100", "18", percent="5"),
        {"discountTotal": "10.00", "taxableAmount": "90.00", "igst": "16.20", "totalAmount": "106.20"},
        place="07",
        discount={"amount": "5"},
    ),
    Vector(
        "a discount that three lines share",
        "https://github.com/frappe/erpnext/issues/58042",
        "2026-08-11",
        [("1", "100", "0", {})] * 3,
        {"discounts": "3.33 3.33 3.34", "discountTotal": "10.00", "taxableAmount": "290.00"},
        place="27",
        discount={"amount": "10"},
        published={"discounts": "3.33 3.34 3.33"},
        why="the rest is on the last line, and there on the line where the rounding differs; both sum to 10.00",
    ),
    Vector(
        "ten small lines, inter-State",
        "https://github.com/resilient-tech/india-compliance/issues/655",
        "2023-05-08",
        [("1", "0.77", "18", {})] * 10,
        {"taxableAmount": "7.70", "igst": "1.40"},
        place="07",
        published={"igst": "1.39"},
        why="the source lets some lines have 0.13 so that they meet the tax on the sum; here a line's tax is its own",
    ),
    Vector(
        "without GST: 4 % off 16 pieces at 22 %",
        "https://github.com/odoo/odoo/issues/37896",
        "2019-10-03",
        [("16", "348.35", "22", {"percent": "4"})],
        {"totalAmount": "6527.81"},
        home=None,
        currency="EUR",
    ),
    Vector(
        "without GST: half a yen of tax",
        "https://github.com/odoo/odoo/pull/100478",
        "2022-09-19",
        one("12345", "10"),
        {"taxTotal": "1235", "totalAmount": "13580"},
        home=None,
        currency="JPY",
    ),
    Vector(
        "the place of supply of an export is not the port",
        "https://github.com/resilient-tech/india-compliance/issues/2648",
        "2024-10-03",
        one("1000", "18"),
        {"placeOfSupply": "96", "placeOfSupplyFrom": "party"},
        home="24",
        treatment="overseas",
        lut=True,
    ),
]
