-- outside a transaction
-- The drafts of one party, in the order in which the background worker computes them again.

-- projection: invoices, after the load
CREATE INDEX CONCURRENTLY IF NOT EXISTS invoices_drafts_of_client
    ON invoices (org_id, client_id, created_at, id) WHERE status = 'draft';
-- projection: bills, after the load
CREATE INDEX CONCURRENTLY IF NOT EXISTS bills_drafts_of_vendor
    ON bills (org_id, vendor_id, created_at, id) WHERE status = 'draft';
-- projection: end
