-- Lists are filtered by pairs of metadata. For each pair, `metadata_keys` has one hash: of the key, and of the value's text
-- key. It is NULL in a row without metadata, and the index does not contain such a row. `fastupdate` is off, so the index
-- has no list of pending entries, which each search would have to read.

-- projection: invoices
ALTER TABLE invoices ADD COLUMN metadata_keys text[] COLLATE "C";
-- projection: bills
ALTER TABLE bills ADD COLUMN metadata_keys text[] COLLATE "C";
-- projection: leaves
ALTER TABLE leaves ADD COLUMN metadata_keys text[] COLLATE "C";
-- projection: invoices, after the load
CREATE INDEX invoices_metadata ON invoices USING gin (org_id, metadata_keys) WITH (fastupdate = off)
    WHERE metadata_keys IS NOT NULL;
-- projection: bills, after the load
CREATE INDEX bills_metadata ON bills USING gin (org_id, metadata_keys) WITH (fastupdate = off)
    WHERE metadata_keys IS NOT NULL;
-- projection: leaves, after the load
CREATE INDEX leaves_metadata ON leaves USING gin (org_id, metadata_keys) WITH (fastupdate = off)
    WHERE metadata_keys IS NOT NULL;
-- projection: invoices, view
CREATE OR REPLACE VIEW public.invoice_list AS
    SELECT org_id, id, invoice_number, financial_year, client_id, status, invoice_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details, number_key,
           number_clash, beginnings, metadata_keys
    FROM invoices WHERE org_id = current_setting('app.org', true);
-- projection: bills, view
CREATE OR REPLACE VIEW public.bill_list AS
    SELECT org_id, id, bill_number, financial_year, vendor_id, status, bill_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details, number_key,
           number_clash, beginnings, metadata_keys
    FROM bills WHERE org_id = current_setting('app.org', true);
-- projection: leaves, view
CREATE OR REPLACE VIEW public.leave_list AS
    SELECT org_id, id, employee_id, type, status, start_date, end_date, slots, search, created_at, updated_at, version,
           projection_version, summary, beginnings, metadata_keys
    FROM leaves WHERE org_id = current_setting('app.org', true);
-- projection: end
