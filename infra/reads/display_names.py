"""What the objects of log entries are called: now, and at each entry's event."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from psycopg import Connection

from infra.log.mapper import MAPPER
from infra.log.records import COLUMNS, RecordedEvent, records
from infra.postgres.database import Row
from projections.views.activity import DisplayName

_SUBJECTS = """
SELECT id, invoice_number, coalesce(summary ->> 'clientName', client_id), summary ->> 'currency' FROM invoice_list
WHERE org_id = %(org)s AND id = ANY(%(ids)s)
UNION ALL
SELECT id, bill_number, coalesce(summary ->> 'vendorName', vendor_id), summary ->> 'currency' FROM bill_list
WHERE org_id = %(org)s AND id = ANY(%(ids)s)
UNION ALL
SELECT id, coalesce(summary ->> 'employeeName', employee_id), start_date::text, NULL FROM leave_list
WHERE org_id = %(org)s AND id = ANY(%(ids)s)
UNION ALL
SELECT id, name, last_four, NULL FROM api_key_list WHERE org_id = %(org)s AND id = ANY(%(ids)s)
"""
_KEYS = "SELECT id, name, last_four FROM api_key_list WHERE org_id = %s ORDER BY name, id"
_RENAMED = """
SELECT DISTINCT originator_id FROM events
WHERE org_id = %s AND originator_id = ANY(%s) AND name IN ('invoice.updated', 'bill.updated', 'api_key.rotated')
AND state ~ '"(invoiceNumber|billNumber|clientId|clientName|vendorId|vendorName|currency|lastFour)":'
"""
_NAMINGS = f"""
SELECT {COLUMNS} FROM events WHERE org_id = %s AND originator_id = ANY(%s) AND name IN
('invoice.drafted', 'invoice.updated', 'bill.drafted', 'bill.updated', 'api_key.issued', 'api_key.rotated')
ORDER BY originator_id, originator_version
"""


_NUMBERS = ("invoiceNumber", "billNumber", "name")
_PARTIES = ("clientName", "clientId", "vendorName", "vendorId", "lastFour")
"""The fields from which an object has its name; of each, the first one that says something counts."""


def named_now(conn: Connection[Row], org_id: str, ids: Collection[str]) -> dict[str, DisplayName]:
    """What these objects are called at present, by id; one that has no row is not in it."""
    rows = conn.execute(_SUBJECTS, {"org": org_id, "ids": list(ids)})
    return {id: DisplayName(*rest) for id, *rest in rows}


def named_keys(conn: Connection[Row], org_id: str) -> dict[str, DisplayName]:
    """Every key of the organization by id, in the order of their names."""
    return {id: DisplayName(*rest) for id, *rest in conn.execute(_KEYS, (org_id,))}


def named_at(conn: Connection[Row], org_id: str, page: Iterable[RecordedEvent]) -> dict[int, DisplayName]:
    """What the object of each entry was called once its event had happened, by position."""
    page = list(page)
    ids = {record.originator_id for record in page}
    now, then = named_now(conn, org_id, ids), _namings(conn, org_id, ids)
    found: dict[int, DisplayName] = {}
    for record in page:
        past = [each for version, each in then.get(record.originator_id, ()) if version <= record.originator_version]
        subject = past[-1] if past else now.get(record.originator_id)
        if subject is not None:
            found[record.position] = subject
    return found


def _namings(conn: Connection[Row], org_id: str, ids: Collection[str]) -> dict[str, list[tuple[int, DisplayName]]]:
    """The names that each renamed object has had, from which version on: most objects keep their first one."""
    renamed = [id for (id,) in conn.execute(_RENAMED, (org_id, list(ids)))]
    if not renamed:
        return {}
    found: dict[str, list[tuple[int, DisplayName]]] = defaultdict(list)
    fields: dict[str, dict[str, Any]] = defaultdict(dict)
    for record in records(conn.execute(_NAMINGS, (org_id, renamed), binary=True).fetchall()):
        id = record.originator_id
        try:
            fields[id] |= msgspec.json.decode(MAPPER.state(record), type=dict[str, Any])
        except (LookupError, msgspec.MsgspecError):
            continue  # what was damaged hides no entry: the object goes by the name before it
        found[id].append((record.originator_version, _subject(fields[id])))
    return found


def _subject(fields: dict[str, Any]) -> DisplayName:
    number, party = (next((fields[name] for name in names if fields.get(name)), "") for names in (_NUMBERS, _PARTIES))
    return DisplayName(str(number), str(party), fields.get("currency"))
