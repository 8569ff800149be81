"""The organization of the pictures: a trader with invoices, bills, leaves and two keys, all relative to today."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from typing import Any

from domain.calendar import DEFAULT_TIME_ZONE
from domain.registry import SCOPES
from infra.identity.keys import create_key
from tests.support.client import Api
from tests.support.organization import Organization

NAME = "Meenakshi Textiles"
_INVOICES = (
    ("Anand Garments", 48, 18, "Cotton, 60 inch", 420, "185.50", None),
    ("Lotus Boutique", 75, 45, "Silk sarees", 24, "6400", "50000.00"),
    ("Iyer & Daughters", 130, 100, "School uniforms", 160, "740", None),
    ("Blue Harbour Exports", 40, -20, "Bed linen", 300, "950", None),
    ("Royal Tailors", 12, -18, "Lining", 900, "62", None),
    ("Kaveri Handlooms", 6, -24, "Yarn, 40s count", 250, "310", None),
)
_BILLS = (
    ("Coimbatore Spinners", 50, 20, "Yarn", 600, "265", None),
    ("Sri Balaji Logistics", 20, -10, "Freight to Chennai", 1, "28500", None),
    ("Madurai Dye Works", 9, -21, "Dyeing", 480, "74", "12000.00"),
)
_LEAVES = (
    ("Divya Raman", "earned", 5, 6),
    ("Mohammed Irfan", "sick", 1, 1),
    ("Sunita Joshi", "earned", 20, 27),
)
_KEYS = (
    ("Web shop", SCOPES, 5000),
    ("Payroll", ("leaves:read",), 500),
    ("Zapier", ("billing:read", "billing:write"), 1000),
)
_ROUTES = (
    ("GET", "/api/v1/invoices"),
    ("GET", "/api/v1/events"),
    ("POST", "/api/v1/invoices"),
    ("GET", "/api/v1/bills"),
)
_SHARES = (5, 9, 2, 1)
LAST_REQUEST = "order-1047"
"""The id of the last request."""


def fill(organization: Organization, owner: Any, today: date) -> str:
    """Create everything, and return the id of the key that is pictured."""
    keys = {name: create_key(owner, organization.id, name, scopes, limit, None) for name, scopes, limit in _KEYS}
    api, payroll = (Api(organization.url, keys[name].raw) for name in ("Web shop", "Payroll"))
    for row in _INVOICES:
        _document(api, "invoices", "client", "sent", row, today)
    for row in _BILLS:
        _document(api, "bills", "vendor", "open", row, today)
    euro = {"currency": "EUR", **_body("client", ("Maison Claire", 30, -30, "Table linen", 85, "42", None), today)}
    api.update(f"invoices/{api.create('invoices', euro)['id']}", {"status": "sent"})
    for employee, kind, first, last in _LEAVES:
        api.create("leaves", _leave(employee, kind, today + timedelta(first), today + timedelta(last)))
    _make_mistakes(api, payroll, today)
    api.close()
    payroll.close()
    key = str(keys["Zapier"].row["id"])
    _use(owner, key)
    return key


def _make_mistakes(api: Api, payroll: Api, today: date) -> None:
    """Send requests that are refused, and some that are not, for the page that says why."""
    row = ("Anand Garments", 0, -30, "Cotton, 60 inch", 40, "185.50", None)
    body, paid = _body("client", row, today), {"amount": "900000", "paidOn": today.isoformat()}
    draft = api.post("invoices", json=body, headers=_named("order-1041")).json()["data"]
    number = {**body, "invoiceNumber": draft["invoiceNumber"]}
    payroll.get("leaves", headers=_named("order-1042"))
    api.post("invoices", json={**body, "clientId": ""}, headers=_named("order-1043"))
    payroll.get("invoices", headers=_named("order-1044"))
    api.post("invoices", json=number, headers=_named("order-1045"))
    api.post(f"invoices/{draft['id']}/payments", json=paid, headers=_named("order-1046"))
    api.get("invoices", headers=_named(LAST_REQUEST))


def _named(request_id: str) -> dict[str, str]:
    return {"X-Request-Id": request_id}


def _document(api: Api, collection: str, party: str, status: str, row: tuple[Any, ...], today: date) -> None:
    document = api.create(collection, _body(party, row, today))
    api.update(f"{collection}/{document['id']}", {"status": status})
    if row[-1]:
        api.create(f"{collection}/{document['id']}/payments", {"amount": row[-1], "paidOn": today.isoformat()})


def _body(party: str, row: tuple[Any, ...], today: date) -> dict[str, Any]:
    name, age, late, description, quantity, price, _ = row
    is_bill = party == "vendor"
    return {
        f"{party}Id": _id(name),
        f"{party}Name": name,
        ("billDate" if is_bill else "invoiceDate"): (today - timedelta(age)).isoformat(),
        "dueDate": (today - timedelta(late)).isoformat(),
        "items": [{"description": description, "quantity": quantity, "unitPrice": price, "taxRate": 5}],
        **({"billNumber": f"{name[:2].upper()}-{age}"} if is_bill else {}),
    }


def _id(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def _leave(employee: str, kind: str, first: date, last: date) -> dict[str, Any]:
    return {
        "employeeId": _id(employee),
        "employeeName": employee,
        "type": kind,
        "startDate": first.isoformat(),
        "endDate": last.isoformat(),
    }


def _use(owner: Any, key: str) -> None:
    """Store requests with the key on each of the last days. Their number is the same in every run."""
    dice = random.Random(7)
    ages = range(2, 29 * 24)
    busy = [4 if age // 24 % 7 not in (1, 2) and age % 24 < 9 else 1 for age in ages]
    hours = sorted(dice.choices(ages, busy, k=420), reverse=True)
    picked = dice.choices(_ROUTES, _SHARES, k=len(hours))
    rows = [(key, seq, hour, *route) for seq, (hour, route) in enumerate(zip(hours, picked, strict=True), 1)]
    with owner.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO credits (key_id, seq, at, method, route)"
            " VALUES (%s, %s, now() - %s * interval '1 hour', %s, %s)",
            rows,
        )
    ended = (
        "INSERT INTO request_counts VALUES (%s, %s, date_bin('15 minutes', now() - %s * interval '1 hour', 'epoch'), "
    )
    org_id = owner.execute("SELECT org_id FROM api_keys WHERE id = %s", (key,)).fetchone()[0]
    for hour in set(hours):
        refused = dice.choices((0, 1, 2), (20, 2, 1))[0]
        owner.execute(ended + "%s, %s, 0) ON CONFLICT DO NOTHING", (org_id, key, hour, hours.count(hour), refused))
    owner.execute(
        "INSERT INTO credit_windows (key_id, first_seq, first_at, last_seq, last_at) SELECT key_id, min(seq), min(at),"
        " max(seq), max(at) FROM credits WHERE key_id = %s GROUP BY key_id"
        " ON CONFLICT (key_id) DO UPDATE SET first_seq = excluded.first_seq, first_at = excluded.first_at,"
        " last_seq = excluded.last_seq, last_at = excluded.last_at",
        (key,),
    )


def new_organization(url: str, owner: Any) -> Organization:
    """Return the empty organization of the pictures."""
    return Organization(url, owner, NAME, DEFAULT_TIME_ZONE)
