-- outside a transaction
-- Settings → Privacy finds the objects that once named a person without reading the log, and counts them in this index.
CREATE INDEX CONCURRENTLY IF NOT EXISTS past_rows_person ON past_rows (org_id, kind, party_id, id)
    INCLUDE (number, total_amount);
