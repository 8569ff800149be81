"""Examples that cannot be untrue: the requests are handled by the commands' own handlers, the answers are theirs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec

from api.account import Account, Bucket, CreditWindow, UsageReport
from commands.body import parse_command
from commands.command import Command
from commands.dispatch import handle
from commands.memory import InMemoryUnitOfWork
from domain.aggregate import Event
from domain.calendar import instant
from projections.registry import ROWS
from projections.views.account import KeyFacts, OrganizationFacts
from projections.views.events import ShownEvent

KEY_ID, REQUEST_ID = "key_01KEXAMPLE0000000000000000", "req_4f1c2a9be07d35c8a1b2c3d4"
_START = datetime(2026, 1, 10, 4, 30, tzinfo=UTC)
_LINE = {"description": "Consulting", "quantity": 20, "unitPrice": 3500, "taxRate": 18}

BODIES: dict[str, dict[str, Any]] = {
    "createInvoice": {
        "clientId": "acme-traders",
        "clientName": "Acme Traders",
        "invoiceDate": "2026-01-10",
        "dueDate": "2026-02-09",
        "items": [_LINE],
    },
    "updateInvoice": {"status": "sent"},
    "recordInvoicePayment": {"amount": "82600.00", "paidOn": "2026-01-10", "method": "upi", "reference": "UTR6021"},
    "createBill": {
        "vendorId": "shree-papers",
        "vendorName": "Shree Papers",
        "billNumber": "SP/118",
        "billDate": "2026-01-08",
        "dueDate": "2026-02-07",
        "items": [{"description": "A4 paper, reams", "quantity": "30", "unitPrice": "245.50", "taxRate": "12"}],
    },
    "updateBill": {"status": "open"},
    "recordBillPayment": {"amount": "5000.00", "paidOn": "2026-01-10", "method": "bank"},
    "createLeave": {
        "employeeId": "emp-7",
        "employeeName": "Asha Rao",
        "type": "earned",
        "startDate": "2026-02-02",
        "endDate": "2026-02-04",
        "reason": "A wedding in the family",
    },
    "updateLeave": {"status": "approved", "note": "Enjoy it"},
    "askAssistant": {"question": "How do I get an invoice?", "language": "curl"},
}
"""Each request's body, in the order in which one object meets them."""


@cache
def _lives(commands: tuple[tuple[str, type[Command]], ...]) -> dict[str, Any]:
    """The resource after each command, under the command's operation; and each object's events under its kind."""
    found: dict[str, Any] = {}
    units: dict[str, InMemoryUnitOfWork] = {}
    order = list(BODIES)
    for operation, command in sorted(commands, key=lambda pair: order.index(pair[0])):
        kind = command.target.kind
        uow = units.setdefault(kind, InMemoryUnitOfWork(_START, new_id=_example_id, numbers=["INV-2025-26-0001"]))
        id = uow.events[0].originator_id if uow.events else None
        handle(parse_command(command, json.loads(json.dumps(BODIES[operation])), id), uow)
        uow.at += timedelta(minutes=1)
        row = ROWS[kind].fold_all(uow.events)
        found[operation] = json.loads(ROWS[kind].answer(row))
    position = 0
    for kind, uow in units.items():
        found[kind] = [_event(kind, event, position + place) for place, event in enumerate(uow.events, 1)]
        position += len(uow.events)
    return found


def _example_id(prefix: str) -> str:
    return f"{prefix}_01KEXAMPLE0000000000000000"


def _event(kind: str, event: Event, position: int) -> Any:
    state = {name: value for name, value in msgspec.to_builtins(event).items() if name not in _COLUMNS}
    shown = ShownEvent(
        id=f"evt_{position:024x}",
        position=position,
        type=event.topic,
        resource_type=kind,
        resource_id=event.originator_id,
        version=event.originator_version,
        occurred_at=instant(event.timestamp),
        actor={"type": "api_key", "id": KEY_ID},
        request_id=REQUEST_ID,
        data=msgspec.Raw(msgspec.json.encode(state)),
    )
    return json.loads(msgspec.json.encode(shown))


_COLUMNS = {"originatorId", "originatorVersion", "timestamp"}
_WINDOW = CreditWindow(1000, 3, 997, 30, "2026-02-09T04:30:00.000000Z", "2026-02-09T04:32:00.000000Z")


def written(commands: Iterable[tuple[str, type[Command]]]) -> dict[str, Any]:
    """The resource as each of these commands leaves it, under the id of its operation."""
    return _lives(tuple(commands))


def answers(commands: Iterable[tuple[str, type[Command]]]) -> dict[str, Any]:
    """What `data` holds in the answer of each operation, under the operation's id."""
    found = dict(_lives(tuple(commands)))
    for kind, write in (("invoice", "recordInvoicePayment"), ("bill", "recordBillPayment"), ("leave", "updateLeave")):
        name = kind.capitalize()
        found[f"get{name}"] = found[write]
        line = {key: value for key, value in found[write].items() if key not in ("items", "payments")}
        found[f"list{name}s"] = [line]
        found[f"list{name}Events"] = found[kind]
    found["listEvents"] = [event for kind in ("invoice", "bill", "leave") for event in found[kind]]
    scopes = ("billing:read", "billing:write", "leaves:read", "leaves:write")
    key = KeyFacts(KEY_ID, "My integration", "Xk2P", scopes, instant(_START), None, instant(_START), "Xk2P")
    organization = OrganizationFacts("org_01KEXAMPLE0000000000000000", "Sharma Traders", "Asia/Kolkata")
    found["getAccount"] = msgspec.to_builtins(Account(organization, key, _WINDOW))
    found["getUsage"] = msgspec.to_builtins(
        UsageReport(
            **msgspec.structs.asdict(_WINDOW),
            window_start="2025-12-11T04:33:00.000000Z",
            granularity="day",
            buckets=[Bucket("2026-01-09T18:30:00.000000Z", 3)],
        )
    )
    found["askAssistant"] = {
        "answer": "**Get an invoice** with `GET /api/v1/invoices/{id}` …",
        "sources": [
            {"title": "Get an invoice", "url": "https://api.example.com/docs#tag/invoices/GET/invoices/{id}"},
        ],
        "samples": [
            {
                "language": "curl",
                "code": "curl -sS 'https://api.example.com/api/v1/invoices/inv_01KEXAMPLE0000000000000000' \\\n"
                '  -H "Authorization: Bearer $SD_KEY"',
            },
        ],
        "suggestions": ["How do I list invoices?"],
    }
    return found


def pagination(operation: str, entries: list[Any]) -> dict[str, Any]:
    """The last page's."""
    last = {"limit": 50, "hasMore": False, "nextCursor": None, "nextUrl": None}
    return {**last, "nextAfter": entries[-1]["position"]} if operation.endswith("Events") else last
