"""A person of whom an organization holds all that the service can hold, and what it prints about that person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from infra.projector.following.past_rows import PastRowTable
from projections.registry import PAST_ROWS
from tests.support.client import Api
from tests.support.command_line import CommandResult, run
from tests.support.scenarios import LINE, bill_body, invoice_body, leave_body

NAME = "Zebulon Quagga"
CLIENT, EMPLOYEE = "zq-7", "emp-zq"
RETRY = {"Idempotency-Key": "first-request"}
_TEXTS = {
    "notes": f"Call {NAME} first.",
    "metadata": {"contact": NAME},
    "items": [{**LINE, "description": f"A portrait of {NAME}"}],
}


class Known(NamedTuple):
    """The objects of the person: what may go now, and an invoice that must be kept."""

    draft: dict[str, Any]
    old: dict[str, Any]
    leave: dict[str, Any]
    kept: dict[str, Any] | None


def make_known(api: Api, *, with_kept: bool = True) -> Known:
    """Let an organization know the person in every way: as a client and as an employee."""
    draft = api.create("invoices", draft_body(), headers=RETRY)
    draft = api.update(f"invoices/{draft['id']}", {"notes": f"{NAME} has called."})
    old = api.create("invoices", draft_body(invoiceDate="2016-05-01", dueDate="2016-06-01"))
    api.update(f"invoices/{old['id']}", {"status": "sent"})
    payment = {"amount": "100.00", "paidOn": "2016-05-20", "method": f"Cheque of {NAME}", "reference": f"{NAME} 1"}
    paid = api.create(f"invoices/{old['id']}/payments", payment)
    path = f"invoices/{old['id']}/payments/{paid['payments'][0]['id']}/reversal"
    old = api.create(path, {"reason": f"{NAME} had no money", "reversedOn": "2016-06-01"})
    leave = api.create("leaves", leave_body(employeeId=EMPLOYEE, employeeName=NAME, reason=f"{NAME} is ill"))
    leave = api.update(f"leaves/{leave['id']}", {"status": "cancelled", "note": f"{NAME} is well"})
    kept = None
    if with_kept:
        kept = api.create("invoices", draft_body())
        kept = api.update(f"invoices/{kept['id']}", {"status": "sent"})
    return Known(draft, old, leave, kept)


def draft_body(**changes: Any) -> dict[str, Any]:
    """Return the body of an invoice that has the name wherever one can stand."""
    return invoice_body(**{"clientId": CLIENT, "clientName": NAME, **_TEXTS, **changes})


def other_objects(api: Api) -> list[tuple[str, dict[str, Any]]]:
    """Make objects of other people. Return the path of each, with what the API says of it."""
    made = (
        ("invoices", api.create("invoices", invoice_body(notes="Thank you."))),
        ("bills", api.create("bills", bill_body())),
        ("leaves", api.create("leaves", leave_body(employeeId="emp-1", employeeName="Asha"))),
    )
    return [(f"{path}/{each['id']}", each) for path, each in made]


class Privacy(NamedTuple):
    """The commands of an organization."""

    org_id: str
    env: Mapping[str, str]

    def run(self, command: str, *words: str, status: int = 0) -> CommandResult:
        return run("privacy", command, "--org", self.org_id, *words, env=dict(self.env), status=status)

    def json(self, command: str, *words: str) -> Any:
        return json.loads(self.run(command, *words, "--json").out)

    def erase_all(self) -> list[Any]:
        """Erase the person as a client and as an employee, who has left long ago."""
        return [
            self.json("erase", "--party", CLIENT, "--confirm", CLIENT),
            self.json("erase", "--employee", EMPLOYEE, "--left", "2020-01-31", "--confirm", EMPLOYEE),
        ]


def add_past_rows(conn: Any, org_id: str) -> None:
    """Add the organization's whole log to the past rows, as the background worker does within 20 seconds."""
    while PastRowTable(PAST_ROWS).add_page(conn, org_id):
        pass
