"""Each object is listed once, is what its events say, and its money adds up."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.chaos.checks.finding import Finding
from tests.chaos.checks.log import Log
from tests.support.client import Api, list_events

PAISA = Decimal("0.01")


def check_documents(api: Api, log: Log) -> list[Finding]:
    """Read all lists, and compare each object with the fold of its events."""
    listed, altered, money = list[str](), list[str](), list[str]()
    missing, documents = set(log.objects), 0
    for collection in ("invoices", "bills", "leaves"):
        include = {} if collection == "leaves" else {"include": "items"}
        for it in list_events(api, collection, limit=100, sort="createdAt", **include):
            if it["id"] not in missing:
                listed.append(f"{it['id']} twice, or without events")
                continue
            missing.discard(it["id"])
            folded = log.objects[it["id"]]
            altered += [f"{it['id']} {name}" for name, value in folded.items() if it[name] != value]
            if include:
                documents += 1
                money += [f"{it['id']}: {wrong}" for wrong in money_errors(it)]
    return [
        Finding("objects that are not listed exactly once", [*listed, *missing], len(log.objects)),
        Finding("objects that differ from their events", altered, len(log.objects)),
        Finding("documents whose money does not add up", money, documents),
    ]


def money_errors(it: dict[str, Any]) -> list[str]:
    """Return what does not add up in a document in rupees."""
    wrong = [f"line {number}" for number, line in enumerate(it["items"]) if not _adds_up(line)]
    total = {name: sum((Decimal(line[name]) for line in it["items"]), Decimal(0)) for name in _LINE_SUMS}
    wrong += [_LINE_SUMS[name] for name, value in total.items() if Decimal(it[_LINE_SUMS[name]]) != value]
    standing = [payment for payment in it["payments"] if payment["reversedAt"] is None]
    paid = {
        "amountPaid": _sum(one for one in standing if one["kind"] == "payment"),
        "amountSettled": _sum(one for one in standing if one["kind"] != "payment"),
    }
    wrong += [name for name, value in paid.items() if Decimal(it[name]) != value]
    balance = Decimal(it["balanceDue"])
    if balance != Decimal(it["totalAmount"]) - sum(paid.values()) or balance < 0:
        wrong.append("balanceDue")
    return wrong


_LINE_SUMS = {"amount": "subTotal", "taxAmount": "taxTotal", "totalAmount": "totalAmount"}


def _adds_up(line: dict[str, Any]) -> bool:
    amount = (Decimal(line["quantity"]) * Decimal(line["unitPrice"])).quantize(PAISA, ROUND_HALF_UP)
    tax = (amount * Decimal(line["taxRate"]) / 100).quantize(PAISA, ROUND_HALF_UP)
    return [Decimal(line[name]) for name in _LINE_SUMS] == [amount, tax, amount + tax]


def _sum(payments: Any) -> Decimal:
    return sum((Decimal(payment["amount"]) for payment in payments), Decimal(0))
