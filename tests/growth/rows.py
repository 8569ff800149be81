"""The SQL statements that fill the read tables of invoices, bills and leaves."""

from __future__ import annotations

_BASE = """
SELECT org, i, created, row_number() OVER () AS place,
    {chances}
FROM (
    SELECT org, i, %(today)s::timestamptz
        - interval '2190 days' * (1 - (i - (hashtext(org) & 1023) / 1024.0::float8) / total) AS created
    FROM (
        SELECT %(org)s AS org, i, %(large)s::int AS total FROM generate_series(1, %(large)s::int) i
        UNION ALL
        SELECT 'org_' || lpad(o::text, 26, '0'), i, %(each)s::int
        FROM generate_series(1, %(others)s::int) o, generate_series(1, %(each)s::int) i
    ) organizations ORDER BY created, org
) in_order
"""
"""Rows of all organizations in the order of their creation, each with six numbers from 0 to 1 that look like chance."""
_CHANCE = "(hashint8extended(i + hashtext(org)::bigint * 1000003, {n}) & 1048575) / 1048576.0::float8 AS r{n}"
BASE = _BASE.format(chances=",\n    ".join(_CHANCE.format(n=n) for n in range(1, 7)))

_ID = (
    "'{prefix}_' || lpad(upper(to_hex((extract(epoch FROM created) * 1000)::bigint)), 11, '0')"
    " || upper(left(md5(org || i), 15))"
)
_HASH = "left(encode(sha256(convert_to({pair}, 'UTF8')), 'hex'), 24)"
_METADATA = f"""
CASE WHEN i %% 5 < 2 THEN ARRAY[{_HASH.format(pair="'orderId=' || i")}] || CASE WHEN i %% 2 = 0
    THEN ARRAY[{_HASH.format(pair="'source=zapier'")}] ELSE ARRAY[]::text[] END END
"""

_DOCUMENT = """
INSERT INTO {table} (org_id, id, projection_version, {number}, financial_year, {party}_id, status, {date}, due_date,
    total_amount, is_overdue, search, created_at, updated_at, version, summary, details, number_key, beginnings,
    metadata_keys)
SELECT org, {id}, 2, num, year, party, status, day, due, round((r4 * r4 * 100000)::numeric, 2),
    status IN ('{open}', 'partially_paid') AND due < %(today)s::date,
    lower(num) || E'\\n' || party || E'\\n' || lower(name) || E'\\n' || note, created,
    created + least(interval '50 days' * (0.2 + r5), (%(today)s::timestamptz - created) * r5) *
        CASE WHEN status = 'draft' THEN 0.001 ELSE 1 END, 3,
    ('{{"id":"' || {id} || '","number":"' || num || '","pad":"' || repeat('s', 520) || '"}}')::json,
    ('{{"items":[],"pad":"' || repeat('d', 670) || '"}}')::json,
    year || ' ' || lower(num) || CASE WHEN '{table}' = 'bills' THEN party ELSE '' END,
    ARRAY[lower(left(num, 1)), lower(left(num, 2)), left(party, 1), left(party, 2), lower(left(name, 1)),
        lower(left(name, 2))],
    {metadata}
FROM (
    SELECT *, extract(year FROM day - interval '3 months')::int AS year,
        'INV-' || to_char(day - interval '3 months', CASE WHEN i <= 9999 THEN 'YYYY' ELSE 'YY' END) || '-' ||
            to_char(day + interval '9 months', 'YY') || '-' || lpad(i::text, greatest(4, length(i::text)), '0') AS num,
        '{party}-' || who AS party,
        CASE WHEN who = 1700 THEN 'Qz Works' WHEN who = 1500 THEN 'ज्ञान भंडार' WHEN who %% 20 = 7 THEN 'शर्मा ट्रेडर्स'
            ELSE 'Number ' || who || ' Ltd' END AS name,
        CASE WHEN i %% 10007 = 77 THEN 'zebra crossing' WHEN i %% 3 = 0 THEN 'thank you for your business.' ELSE '' END
            AS note,
        CASE WHEN due >= %(today)s::date
            THEN CASE WHEN r6 < 0.3 THEN 'paid' WHEN r6 < 0.62 THEN '{open}' WHEN r6 < 0.8 THEN 'partially_paid'
                WHEN r6 < 0.95 THEN 'draft' ELSE 'void' END
            ELSE CASE WHEN r6 < 0.965 THEN 'paid' WHEN r6 < 0.98 THEN 'void' WHEN r6 < 0.9935 THEN '{open}'
                WHEN r6 < 0.9985 THEN 'partially_paid' ELSE 'draft' END END AS status
    FROM (
        SELECT *, day + 14 + 7 * (r3 * 5)::int AS due, (2000 * r2 * r2 * r2)::int AS who
        FROM (
            SELECT *, created::date - CASE WHEN r1 < 0.05 THEN (r1 * 1200)::int ELSE 0 END AS day FROM ({base}) b
        ) dated
    ) parties
) documents ORDER BY place
"""


def _document(table: str, prefix: str, party: str, number: str, date: str, open: str) -> str:
    names = {"table": table, "party": party, "number": number, "date": date, "open": open}
    return _DOCUMENT.format(id=_ID.format(prefix=prefix), metadata=_METADATA, base=BASE, **names)


DOCUMENTS = {
    "invoices": _document("invoices", "inv", "client", "invoice_number", "invoice_date", "sent"),
    "bills": _document("bills", "bill", "vendor", "bill_number", "bill_date", "open"),
}
"""By table, the statement that fills it."""

LEAVES = f"""
INSERT INTO leaves (org_id, id, projection_version, employee_id, type, status, start_date, end_date, slots, search,
    created_at, updated_at, version, summary, beginnings, metadata_keys)
SELECT org, {_ID.format(prefix="lv")}, 2, employee, CASE WHEN r4 < 0.7 THEN 'earned' ELSE 'sick' END, status, first,
    last,
    tsrange(first, last + interval '12 hours', '[]'), employee || E'\\n' || lower(name), created,
    created + least(interval '3 days' * r5, (%(today)s::timestamptz - created) * r5), 2,
    ('{{"id":"' || i || '","pad":"' || repeat('s', 420) || '"}}')::json,
    ARRAY['e', 'em', lower(left(name, 1)), lower(left(name, 2))], {_METADATA}
FROM (
    SELECT *, first + CASE WHEN status = 'denied' AND i %% 2 = 0 THEN 300 ELSE (r3 * 9)::int END AS last
    FROM (
        SELECT *, created::date + 14 + (r2 * 12)::int AS first, 'emp-' || who AS employee,
            CASE WHEN who = 3 THEN 'Qz Works' ELSE 'Person ' || who END AS name,
            CASE WHEN created > %(today)s::timestamptz - interval '20 days' AND r6 < 0.5 THEN 'pending'
                WHEN r6 < 0.9 THEN 'approved' WHEN r6 < 0.95 THEN 'denied' ELSE 'cancelled' END AS status
        FROM (
            SELECT *, i %% greatest(1, CASE WHEN org = %(org)s THEN %(large)s::int ELSE %(each)s::int END / 50) AS who
            FROM ({BASE}) b
        ) people
    ) asked
) leaves ORDER BY place
"""
