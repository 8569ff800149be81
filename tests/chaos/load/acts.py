"""What a client may do next with an object of its own: writes that must succeed, and writes that must be refused."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from tests.support.scenarios import LINE

DUE, PAID_ON, STALE = "2099-01-31", "2026-01-20", 'If-Match: "0"\r\n'
ISSUED = {"invoices": ("sent", "sent"), "bills": ("open", "opened")}
"""For each collection, the status in which a document can be paid, and the name of the event that begins it."""
DECISIONS = ("approved", "denied", "cancelled")


class Act(NamedTuple):
    """One write. `status` is that of the refusal which it must get; None if it must succeed."""

    event: str
    method: str
    path: str
    body: dict[str, Any]
    status: int | None = None
    headers: str = ""


Maker = Callable[[str, dict[str, Any], str, random.Random], Act]


def beginning(mark: str, chance: random.Random) -> Act:
    """Return the creation of an object. `mark` is a text that the write's event must contain."""
    collection = chance.choices(("invoices", "bills", "leaves"), (6, 2, 2))[0]
    lines = [{**LINE, "unitPrice": chance.randrange(1, 500_000) / 100} for _ in range(chance.randrange(1, 4))]
    bodies: dict[str, dict[str, Any]] = {
        "invoices": {"clientId": "acme", "invoiceDate": "2026-01-10", "dueDate": DUE, "items": lines, "notes": mark},
        "bills": {"vendorId": "mills", "billDate": "2026-01-10", "dueDate": DUE, "items": lines, "billNumber": mark},
        "leaves": {"employeeId": mark.replace(".", "-"), "type": "earned", "startDate": "2099-03-01"},
    }
    body = bodies[collection] | ({"endDate": "2099-03-03", "reason": mark} if collection == "leaves" else {})
    return Act(f"{_noun(collection)}.{_FIRST.get(collection, 'drafted')}", "POST", f"/api/v1/{collection}", body)


def following(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act | None:
    """Return the next write on an object, given its last answer; None when nothing more can be done with it."""
    if collection == "leaves":
        makers: dict[Maker, float] = {_decide: 6, _overlap: 1} if it["status"] == "pending" else {}
    else:
        draft: dict[Maker, float] = {_issue: 6, _note: 2, _void: 1, _stale: 0.5}
        issued: dict[Maker, float] = {_pay_part: 6, _note: 1, _void: 0.5, _overpay: 0.5}
        partial: dict[Maker, float] = {_pay_rest: 4, _pay_part: 2, _reverse: 2, _overpay: 0.5}
        makers = {"draft": draft, "sent": issued, "open": issued, "partially_paid": partial}.get(it["status"], {})
    if not makers:
        return None
    return chance.choices(list(makers), list(makers.values()))[0](collection, it, mark, chance)


_FIRST = {"leaves": "requested"}


def _noun(collection: str) -> str:
    return collection.removesuffix("s")


def _path(collection: str, it: dict[str, Any]) -> str:
    return f"/api/v1/{collection}/{it['id']}"


def _issue(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    status, event = ISSUED[collection]
    return Act(f"{_noun(collection)}.{event}", "PATCH", _path(collection, it), {"status": status})


def _note(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    return Act(f"{_noun(collection)}.updated", "PATCH", _path(collection, it), {"notes": mark})


def _stale(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    return Act(f"{_noun(collection)}.updated", "PATCH", _path(collection, it), {"notes": mark}, 412, STALE)


def _void(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    return Act(f"{_noun(collection)}.voided", "PATCH", _path(collection, it), {"status": "void"})


def _pay(collection: str, it: dict[str, Any], mark: str, amount: Decimal, status: int | None = None) -> Act:
    body = {"amount": str(amount), "paidOn": PAID_ON, "reference": mark}
    return Act(f"{_noun(collection)}.payment_recorded", "POST", f"{_path(collection, it)}/payments", body, status)


def _pay_part(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    balance = Decimal(it["balanceDue"])
    return _pay(collection, it, mark, max(Decimal("0.01"), (balance / 3).quantize(Decimal("0.01"))))


def _pay_rest(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    return _pay(collection, it, mark, Decimal(it["balanceDue"]))


def _overpay(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    return _pay(collection, it, mark, Decimal(it["balanceDue"]) + Decimal("0.01"), 422)


def _reverse(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    standing = [payment for payment in it["payments"] if payment["reversedAt"] is None]
    path = f"{_path(collection, it)}/payments/{standing[-1]['id']}/reversal"
    return Act(f"{_noun(collection)}.payment_reversed", "POST", path, {"reason": mark})


def _decide(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    status = chance.choice(DECISIONS)
    return Act(f"leave.{status}", "PATCH", _path(collection, it), {"status": status, "note": mark})


def _overlap(collection: str, it: dict[str, Any], mark: str, chance: random.Random) -> Act:
    body = {"employeeId": it["employeeId"], "type": "sick", "startDate": "2099-03-02", "endDate": "2099-03-02"}
    return Act("leave.requested", "POST", "/api/v1/leaves", {**body, "reason": mark}, 409)
