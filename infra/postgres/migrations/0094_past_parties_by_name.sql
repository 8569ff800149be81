-- outside a transaction
-- The order of parties and employees by name in lists as they were.

CREATE INDEX CONCURRENTLY IF NOT EXISTS past_rows_by_name
    ON past_rows (org_id, kind, cell, name_key, id, until, updated_at) WHERE name_key IS NOT NULL;
