-- For short searches (docs/decisions/0026-search-by-key.md). `beginnings` has the first character, and the first two
-- characters, of a row's number, ids and names. It is NULL until the background worker folds the row again.

-- projection: invoices
ALTER TABLE invoices ADD COLUMN beginnings text[] COLLATE "C";
-- projection: invoices, until migration thirteen
CREATE INDEX invoices_beginnings ON invoices USING gin (org_id, beginnings);
-- projection: bills
ALTER TABLE bills ADD COLUMN beginnings text[] COLLATE "C";
-- projection: bills, until migration thirteen
CREATE INDEX bills_beginnings ON bills USING gin (org_id, beginnings);
-- projection: leaves
ALTER TABLE leaves ADD COLUMN beginnings text[] COLLATE "C";
-- projection: leaves, until migration thirteen
CREATE INDEX leaves_beginnings ON leaves USING gin (org_id, beginnings);

-- projection: invoices, view
CREATE OR REPLACE VIEW public.invoice_list AS
    SELECT org_id, id, invoice_number, financial_year, client_id, status, invoice_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details, number_key,
           number_clash, beginnings
    FROM invoices WHERE org_id = current_setting('app.org', true);
-- projection: bills, view
CREATE OR REPLACE VIEW public.bill_list AS
    SELECT org_id, id, bill_number, financial_year, vendor_id, status, bill_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details, number_key,
           number_clash, beginnings
    FROM bills WHERE org_id = current_setting('app.org', true);
-- projection: leaves, view
CREATE OR REPLACE VIEW public.leave_list AS
    SELECT org_id, id, employee_id, type, status, start_date, end_date, slots, search, created_at, updated_at, version,
           projection_version, summary, beginnings
    FROM leaves WHERE org_id = current_setting('app.org', true);
-- projection: end
