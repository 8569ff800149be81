"""A model of invoices and bills, with which the API must agree. It is written from the contract, not from the code."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

DUE = ("2026-01-10", "2026-01-31", "2099-01-31")
"""Due dates: on the document's date, soon after it, and long after it. The first two are in the past."""
ISSUED = {"invoices": "sent", "bills": "open"}
STATUSES = ("draft", "sent", "open", "partially_paid", "paid", "void")
PAISA = Decimal("0.01")


def line(quantity, price):
    return {"description": "Work", "quantity": quantity, "unitPrice": price, "taxRate": "18"}


LINES = (line("1", "0"), line("1", "100.00"), line("2.5", "33.33"), line("3", "0.01"))


@dataclass
class Document:
    """An invoice or a bill as the API must show it."""

    kind: str
    id: str
    due: str
    lines: Any
    notes: str | None = None
    status: str = "draft"
    payments: list[tuple[str, str, Decimal]] = field(default_factory=list)
    """The payments that are not reversed: id, kind and amount."""
    overdue: bool = False
    events: list[str] = field(default_factory=lambda: ["drafted"])

    @property
    def issued(self):
        return ISSUED[self.kind]

    @property
    def total(self):
        total = Decimal(0)
        for one in self.lines:
            amount = (Decimal(one["quantity"]) * Decimal(one["unitPrice"])).quantize(PAISA, ROUND_HALF_UP)
            total += amount + (amount * 18 / 100).quantize(PAISA, ROUND_HALF_UP)
        return total

    @property
    def paid(self):
        return sum((amount for _, kind, amount in self.payments if kind == "payment"), Decimal(0))

    @property
    def settled(self):
        return sum((amount for _, kind, amount in self.payments if kind != "payment"), Decimal(0))

    @property
    def balance(self):
        return self.total - self.paid - self.settled

    def shown(self):
        return {
            "status": self.status,
            "dueDate": self.due,
            "notes": self.notes,
            "totalAmount": f"{self.total:.2f}",
            "amountPaid": f"{self.paid:.2f}",
            "amountSettled": f"{self.settled:.2f}",
            "balanceDue": f"{self.balance:.2f}",
            "isOverdue": self.overdue,
            "version": len(self.events),
            "availableActions": self.actions(),
        }

    def actions(self):
        reverse = ["reversePayment"] if self.payments else []
        issue = {"sent": "send", "open": "open"}[self.issued]
        return {
            "draft": ["update", issue, "void"],
            self.issued: ["update", "void", "recordPayment"],
            "partially_paid": ["update", "recordPayment", *reverse],
        }.get(self.status, ["update", *reverse])

    def writable(self):
        return {"draft": {"items", "dueDate", "notes"}, self.issued: {"dueDate", "notes"}}.get(
            self.status, {"dueDate", "notes"} if self.status == "partially_paid" else {"notes"}
        )

    def steps(self):
        return {"draft": [self.issued, "void"], self.issued: ["void"]}.get(self.status, [])

    def change(self, changes):
        new = (changes.get("dueDate", self.due), changes.get("items", self.lines), changes.get("notes", self.notes))
        if new != (self.due, self.lines, self.notes):
            self.due, self.lines, self.notes = new
            self.events.append("updated")

    def step(self, status):
        if status == self.status:
            return
        self.status = status
        self.events.append({"open": "opened", "void": "voided"}.get(status, status))
        self.end_when_nothing_is_due()

    def pay(self, id, kind, amount):
        self.payments.append((id, kind, amount))
        self.status = "partially_paid"
        self.events.append("payment_recorded")
        self.end_when_nothing_is_due()

    def reverse(self, id):
        self.payments = [payment for payment in self.payments if payment[0] != id]
        self.status = "partially_paid" if self.payments else self.issued
        self.events.append("payment_reversed")

    def end_when_nothing_is_due(self):
        if self.status != "void" and self.balance == 0:
            self.status = "paid"
            self.events.append("paid")

    def settle(self):
        overdue = self.status in (self.issued, "partially_paid") and self.due != DUE[-1]
        if overdue != self.overdue:
            self.overdue = overdue
            self.events.append("overdue" if overdue else "overdue_cleared")


def fold(events):
    """Yield the fields of an object after each of its events, computed from the data of these events alone."""
    state: dict[str, Any] = {}
    for event in events:
        data = dict(event["data"])
        if "payments" in data:
            listed = {payment["id"]: payment for payment in (*state.get("payments", []), *data["payments"])}
            data["payments"] = list(listed.values())
        state = {**state, **data, "version": event["version"], "updatedAt": event["occurredAt"]}
        yield state
