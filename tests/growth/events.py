"""The SQL statements that fill the log of the large organization: three events for each of its invoices."""

from __future__ import annotations

HEADS = """
WITH made AS (INSERT INTO organizations (org_id, name) VALUES (%(org)s, 'Large') RETURNING org_id)
INSERT INTO org_log (org_id, position, chain_hash, recorded_at) SELECT org_id, %(events)s, '', now() FROM made
"""
EVENTS = """
INSERT INTO events (org_id, position, originator_id, originator_version, name, schema_version, state, metadata,
    recorded_at, chain_hash)
SELECT %(org)s, p, 'inv_' || lpad(((p - 1) / 3)::text, 26, '0'), 1 + (p - 1) %% 3,
    CASE WHEN p %% 100003 = 5 THEN 'invoice.voided' WHEN p %% 7 = 6 THEN 'leave.requested'
        ELSE (ARRAY['invoice.drafted', 'invoice.sent', 'invoice.paid'])[1 + (p - 1) %% 3] END,
    1, '{"note":"' || repeat('n', 180) || '"}', '{"actor":{"type":"api_key","id":"key_0"},"requestId":"req_0"}',
    %(today)s::timestamptz - interval '1 minute' * (%(events)s - p), ''
FROM generate_series(1, %(events)s) p
"""
