"""The two modes of an organization, each with objects of all kinds, and the texts by which its data are known."""

from __future__ import annotations

import re
from typing import Any

from tests.support.organization import Organization
from tests.support.scenarios import open_bill, pay_invoice, pending_leave, reverse_payment, sent_invoice
from tests.support.waiting import wait_until

_IDS = re.compile(r"\b(?:[a-z]+_)+[0-9A-HJKMNP-TV-Z]{26}\b|\b(?:evt|req)_[0-9a-f]{24}\b")
_BOOKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("invoices", {"include": "items"}),
    ("bills", {"include": "items"}),
    ("leaves", {}),
    ("events", {"include": "object", "limit": 100}),
)


class Mode:
    """One mode of an organization, seen with a key of it. All that it stores names its `mark`."""

    def __init__(self, organization: Organization, mark: str, receiver_url: str) -> None:
        self.organization, self.api, self.mark = organization, organization.managing_api(), mark
        self.hook = f"{receiver_url}/{mark}"
        self.webhook = self.api.create("webhooks", {"url": self.hook, "description": mark})["id"]
        metadata = {"metadata": {"ref": mark}, "notes": mark}
        self.retry = {"Idempotency-Key": f"retry-{organization.id.rpartition('_')[0]}"}
        invoice = sent_invoice(self.api, clientId=f"client-{mark}", invoiceNumber=f"{mark}/1", **metadata)
        paid = pay_invoice(self.api, invoice, "10.00")
        reverse_payment(self.api, "invoices", paid)
        open_bill(self.api, vendorId=f"vendor-{mark}", **metadata)
        pending_leave(self.api, employeeId=f"employee-{mark}", reason=mark)
        wait_until(lambda: self.api.read(f"webhooks/{self.webhook}/deliveries", status="delivered"))

    @property
    def livemode(self) -> bool:
        return bool(self.api.read("me")["livemode"])

    def books(self) -> list[Any]:
        """Return everything that the mode's log holds."""
        return [self.api.read(path, **params) for path, params in _BOOKS]

    def texts(self) -> set[str]:
        """Return the texts that only this mode has: its mark, and the id of everything in it."""
        pages = [f"webhooks/{self.webhook}/deliveries", "webhooks", "me", *(path for path, _ in _BOOKS)]
        found = {id for path in pages for id in _IDS.findall(self.api.get(path).text)}
        found |= {payment["id"] for invoice in self.books()[0] for payment in self.payments(invoice["id"])}
        return {self.mark, *found}

    def payments(self, id: str) -> list[Any]:
        return list(self.api.read(f"invoices/{id}")["payments"])


def traces(text: str, texts: set[str], *sent: str) -> list[str]:
    """Return those of the texts that are in `text`, but for those that the request itself has sent."""
    return [each for each in texts if each in text and not any(each in own for own in sent)]


def kinds(texts: set[str]) -> dict[str, str]:
    """Return an id of each kind among the texts, by the kind's prefix."""
    return {text.rpartition("_")[0]: text for text in sorted(texts) if "_" in text}
