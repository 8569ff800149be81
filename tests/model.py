"""A small model of invoices, bills and leaves, written from the contract: what is refused, and what is left.

Days are either long past or far ahead, so that the model needs no clock; prices are such that nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

NOW = "2050"
"""Every day in the model lies clearly before or after this."""
TERMS: dict[str, dict[str, str]] = {
    "invoices": {
        "kind": "invoice",
        "issued": "sent",
        "day": "invoiceDate",
        "number": "invoiceNumber",
        "party": "clientId",
    },
    "bills": {"kind": "bill", "issued": "open", "day": "billDate", "number": "billNumber", "party": "vendorId"},
}
STEPS = {"pending": ("approved", "denied", "cancelled"), "approved": ("cancelled",), "denied": (), "cancelled": ()}


class Refusal(Exception):
    """The status and code with which the API refuses."""

    def __init__(self, status: int, codes: Iterable[str]) -> None:
        found = set(codes)
        self.status, self.code = status, found.pop() if len(found) == 1 else "validation_failed"
        super().__init__(self.status, self.code)


class Paid(NamedTuple):
    amount: Decimal
    day: str


def total(items: Sequence[dict[str, Any]]) -> Decimal:
    """The total of lines whose amounts need no rounding."""
    return sum((Decimal(i["quantity"]) * i["unitPrice"] * (100 + i["taxRate"]) / 100 for i in items), Decimal(0))


class Document:
    """An invoice or a bill."""

    def __init__(self, collection: str, body: dict[str, Any]) -> None:
        self.collection, self.terms = collection, TERMS[collection]
        self.fields = {"notes": None, **body}
        self.status, self.payments, self.is_overdue, self.version = "draft", list[Paid](), False, 0
        if body["dueDate"] < body[self.terms["day"]]:
            raise Refusal(422, ["validation_failed"])
        self.log = list[str]()
        self._happens("drafted")

    @property
    def balance(self) -> Decimal:
        return total(self.fields["items"]) - sum(payment.amount for payment in self.payments)

    def number_key(self) -> tuple[Any, ...]:
        """What no two documents of a collection share."""
        day = self.fields[self.terms["day"]]
        year = int(day[:4]) - (day[5:7] < "04")
        vendor = self.fields["vendorId"] if self.collection == "bills" else None
        return vendor, year, self.fields[self.terms["number"]]

    def patch(self, body: dict[str, Any], is_stale: bool) -> None:
        changes = {name: value for name, value in body.items() if name != "status"}
        wrong = ["read_only_field" for name in changes if name not in self._writable()]
        after = {**self.fields, **changes}
        wrong += ["validation_failed"] if after["dueDate"] < after[self.terms["day"]] else []
        if wrong:
            raise Refusal(422, wrong)
        if is_stale:
            raise Refusal(412, ["precondition_failed"])
        wish, issued = body.get("status", self.status), self.terms["issued"]
        if wish != self.status and wish not in {"draft": (issued, "void"), issued: ("void",)}.get(self.status, ()):
            raise Refusal(409, ["invalid_transition"])
        if after != self.fields:
            self.fields = after
            self._happens("updated")
        if wish != self.status:
            self.status = wish
            self._happens({"void": "voided", "open": "opened"}.get(wish, wish))
            self._settle_payment()
        self._settle_overdue()

    def pay(self, amount: Decimal, day: str, is_stale: bool) -> None:
        wrong = ["amount_exceeds_balance"] if amount > self.balance else []
        wrong += ["validation_failed"] if day > NOW else []
        if wrong:
            raise Refusal(422, wrong)
        if is_stale:
            raise Refusal(412, ["precondition_failed"])
        if self.status not in (self.terms["issued"], "partially_paid"):
            raise Refusal(409, ["invalid_transition"])
        self.payments.append(Paid(amount, day))
        self.status = "partially_paid"
        self._happens("payment_recorded")
        self._settle_payment()
        self._settle_overdue()

    def shown(self) -> dict[str, Any]:
        """What of the resource the model knows."""
        known = {name: value for name, value in self.fields.items() if name != "items"}
        amounts = {"totalAmount": total(self.fields["items"]), "balanceDue": self.balance}
        amounts["amountPaid"] = amounts["totalAmount"] - amounts["balanceDue"]
        state = {"status": self.status, "isOverdue": self.is_overdue, "version": self.version}
        return {**known, **{name: f"{amount:.2f}" for name, amount in amounts.items()}, **state}

    def _writable(self) -> set[str]:
        if self.status == "draft":
            return set(self.fields)
        if self.status in (self.terms["issued"], "partially_paid"):
            return {self.terms["day"], "dueDate", "notes"}
        return {"notes"}

    def _settle_payment(self) -> None:
        if self.status != "void" and self.balance == 0:
            self.status = "paid"
            self._happens("paid")

    def _settle_overdue(self) -> None:
        waits = self.status in (self.terms["issued"], "partially_paid")
        is_overdue = waits and self.balance > 0 and self.fields["dueDate"] < NOW
        if is_overdue != self.is_overdue:
            self.is_overdue = is_overdue
            self._happens("overdue" if is_overdue else "overdue_cleared")

    def _happens(self, step: str) -> None:
        self.version += 1
        self.log.append(f"{self.terms['kind']}.{step}")


class Leave:
    """A leave."""

    collection = "leaves"

    def __init__(self, body: dict[str, Any]) -> None:
        if body["endDate"] < body["startDate"] or (body["dayPart"] != "full" and body["endDate"] != body["startDate"]):
            raise Refusal(422, ["validation_failed"])
        self.fields, self.status, self.note, self.version = body, "pending", None, 1
        self.log = ["leave.requested"]

    def halves(self) -> set[tuple[str, date, str]]:
        """The half days that it takes from its employee, while it is pending or approved."""
        if self.status in ("denied", "cancelled"):
            return set()
        start, end = (date.fromisoformat(self.fields[name]) for name in ("startDate", "endDate"))
        days = [start + timedelta(days=ahead) for ahead in range((end - start).days + 1)]
        parts = ("first_half", "second_half") if self.fields["dayPart"] == "full" else (self.fields["dayPart"],)
        return {(self.fields["employeeId"], day, part) for day in days for part in parts}

    def decide(self, body: dict[str, Any], is_stale: bool) -> None:
        wish, note = body.get("status"), body.get("note")
        if note is not None and wish is None:
            raise Refusal(422, ["validation_failed"])
        if note not in (None, self.note) and wish == self.status:
            raise Refusal(422, ["read_only_field"])
        if is_stale:
            raise Refusal(412, ["precondition_failed"])
        if wish in (None, self.status):
            return
        has_begun = self.status == "approved" and self.fields["startDate"] < NOW
        if has_begun or wish not in STEPS[self.status]:
            raise Refusal(409, ["invalid_transition"])
        self.status, self.note = wish, note
        self.version += 1
        self.log.append(f"leave.{wish}")

    def shown(self) -> dict[str, Any]:
        """What of the resource the model knows."""
        days = f"{len(self.halves()) / 2:g}" if self.halves() else None
        state = {"status": self.status, "decisionNote": self.note, "version": self.version}
        return {**self.fields, **state, **({"days": days} if days else {})}
