"""An organization whose pages are as long as the limits of the service allow: many rows, with the longest texts."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from domain.accounts.user.saved_view import MAX_NAME_CHARACTERS, MAX_VIEWS
from domain.api_key import MAX_OVERLAP
from domain.registry import SCOPES, event_types
from domain.webhook import MAX_WEBHOOKS
from infra.identity.keys import create_key, rotate_key
from infra.identity.users import create_user
from tests.support.client import Api
from tests.support.console import open_session
from tests.support.organization import Organization
from tests.support.scenarios import (
    active_employee,
    active_party,
    decided_leave,
    draft_credit_note,
    draft_invoice,
    issued_credit_note,
    open_bill,
    pending_leave,
    sent_invoice,
)

LETTER = "ज"
"""A letter of three bytes, as those of Hindi have."""
ROWS, SESSIONS = 51, 60
"""More rows than a page of a list has, and the number of sessions of the user."""
LINE = {"hsnSac": "52081900", "quantity": "123456.789", "unitPrice": "12345.6789", "taxRate": "18.25"}
MONTH = "2026-12"

_INSERT_VIEWS = """
INSERT INTO saved_views (view_id, org_id, kind, name, query, is_shared, user_id)
SELECT %(user)s || '-' || n || '-' || %(shared)s, %(org)s, 'invoice',
    rpad(%(shared)s::text || n, %(name)s, %(letter)s), %(query)s, %(shared)s, %(user)s
FROM generate_series(1, %(views)s) n
"""
_INSERT_REQUESTS = """
INSERT INTO request_records (org_id, key_id, at, id, request_id, method, route, status, error_code, duration_us)
SELECT %(org)s, %(key)s, now() - n * interval '1 second', n::text,
    rpad(n::text, 128, 'x'), 'DELETE', '/api/v1/webhooks/{id}/deliveries/{deliveryId}/retry', 422,
    'validation_failed', 9
FROM generate_series(1, 60) n
"""
_INSERT_SECURITY_EVENTS = """
INSERT INTO security_events (kind, org_id, actor_type, actor_id, object_id, address, request_id)
SELECT 'key.changed', %(org)s, 'user', (%(users)s::text[])[n], %(key)s, '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    rpad(n::text, 128, 'x')
FROM generate_series(1, 100) n
"""
_INSERT_DELIVERIES = """
INSERT INTO webhook_deliveries (org_id, webhook_id, position, event_id, type, status, due_at, attempts, occurred_at)
SELECT %(org)s, %(webhook)s, e.position, %(org)s || e.position, e.name, 'failed', now(), %(attempts)s, now()
FROM events e WHERE e.org_id = %(org)s AND e.name LIKE 'invoice.%%' ORDER BY e.position LIMIT 60
"""
_SELECT_DELIVERY = "SELECT id FROM webhook_deliveries WHERE webhook_id = %s AND type = 'invoice.updated' LIMIT 1"


def long_name(number: int, most: int = 200) -> str:
    """Return a name of `most` characters that begins with a number."""
    return str(number).ljust(most, LETTER)


def long_address(number: int) -> str:
    """Return an e-mail address of 254 characters."""
    return f"{str(number).ljust(64, 'a')}@{'.'.join(['b' * 61] * 3)}.in"


def fill(organization: Organization, owner: Any, user_id: str) -> dict[str, str]:
    """Fill the organization. Return the ids with which the addresses of its pages are made."""
    api = organization.api()
    facts = _objects(api) | _keys(organization, owner)
    users = [create_user(owner, organization.id, long_address(number), "viewer").user.id for number in range(150)]
    owner.execute("UPDATE users SET name = %s WHERE user_id = ANY (%s)", (LETTER * 80, [*users, user_id]))
    _records(organization, owner, facts["key"], [*users, user_id])
    for _ in range(SESSIONS):
        open_session(owner, user_id)
    return facts | _webhooks(api, organization, owner) | {"person": users[0]}


def _objects(api: Api) -> dict[str, str]:
    lines = [{**LINE, "description": long_name(number, 500)} for number in range(200)]
    metadata = {f"key_{number}": LETTER * 500 for number in range(50)}
    long = draft_invoice(api, items=lines, notes=LETTER * 5000, clientName=long_name(0), metadata=metadata)
    bill = open_bill(api, items=lines, notes=LETTER * 5000, vendorName=long_name(0), metadata=metadata)
    for number in range(30):
        api.update(f"invoices/{long['id']}", {"items": lines[number % 2 :], "notes": str(number) * 2000})
    for number in range(ROWS):
        sent_invoice(api, clientName=long_name(number), clientId=str(number).ljust(64, "x"))
        open_bill(api, vendorName=long_name(number), vendorId=str(number).ljust(64, "x"))
        pending_leave(api, employeeName=long_name(number), employeeId=f"p{number}")
    for number in range(320):
        days = {"startDate": f"{MONTH}-01", "endDate": f"{MONTH}-31"}
        who = {"employeeName": long_name(number), "employeeId": f"e{number}", "reason": LETTER * 2000}
        leave = decided_leave(api, "approved", **who, **days)
        active_party(api, name=long_name(number), phone="9" * 30, externalId=str(number).ljust(64, "x"))
        active_employee(api, name=long_name(number), email=long_address(number), externalId=f"p{number}")
    texts = {"name": long_name(0), "email": long_address(0), "metadata": metadata}
    party = active_party(api, **texts, roles=["client", "vendor"], address=LETTER * 500)
    employee = active_employee(api, **texts)
    for number in range(30):
        api.update(f"parties/{party['id']}", {"address": str(number).ljust(500, LETTER)})
    facts = {"invoice": long["id"], "bill": bill["id"], "leave": leave["id"]}
    sent = api.update(f"invoices/{long['id']}", {"status": "sent"})
    parts = [{"lineNumber": number, "amount": "1.00"} for number in range(1, 200)]
    note = draft_credit_note(api, invoiceId=sent["id"], reason=LETTER * 500, notes=LETTER * 5000, items=parts)
    for _ in range(25):
        issued_credit_note(api, invoiceId=sent["id"], reason=LETTER * 500, amount="1.00")
    return facts | {"party": party["id"], "employee": employee["id"], "note": note["id"]}


def _keys(organization: Organization, owner: Any) -> dict[str, str]:
    networks = tuple(f"2001:db8:{number:04x}:ffff:ffff:ffff:ffff:ffff/128" for number in range(0x1000, 0x1032))
    for number in range(110):
        name = long_name(number)
        key = create_key(owner, organization.id, name, SCOPES, 10**12, None, allowed_cidrs=networks, burst=1000)
    for _ in range(150):
        rotate_key(owner, key.row["id"], MAX_OVERLAP)
    return {"key": key.row["id"]}


def _webhooks(api: Api, organization: Organization, owner: Any) -> dict[str, str]:
    types = [each for each in event_types() if not each.endswith(".*")]
    for number in range(MAX_WEBHOOKS):
        url = f"https://127.0.0.1/{number}/".ljust(2000, "x")
        webhook = api.create("webhooks", {"url": url, "description": long_name(number), "types": types})
    attempt = {"at": "2026-11-28T10:00:00Z", "status": 500, "durationMs": 12.5, "error": None, "response": "<" * 1024}
    attempts = json.dumps([attempt] * 30)
    facts = {"org": organization.id, "webhook": webhook["id"], "attempts": attempts}
    owner.execute(_INSERT_DELIVERIES, facts)
    (delivery,) = owner.execute(_SELECT_DELIVERY, (webhook["id"],)).fetchone()
    return {"webhook": webhook["id"], "delivery": delivery}


def _records(organization: Organization, owner: Any, key: str, users: list[str]) -> None:
    query = urlencode({"search": LETTER * 200})
    views = {"org": organization.id, "user": users[-1], "name": MAX_NAME_CHARACTERS, "letter": LETTER, "query": query}
    for shared in (True, False):
        owner.execute(_INSERT_VIEWS, {**views, "views": MAX_VIEWS, "shared": shared})
    owner.execute(_INSERT_REQUESTS, {"org": organization.id, "key": key})
    owner.execute(_INSERT_SECURITY_EVENTS, {"org": organization.id, "key": key, "users": users})
