-- Commands take an aggregate from its row (docs/decisions/0064). So the row holds what the resource does not show: whether
-- the invoice's number is from the organization's own series. It is null until the worker folds the row again.

-- projection: invoices
ALTER TABLE invoices ADD COLUMN number_from_series boolean;
-- projection: invoices, view
CREATE OR REPLACE VIEW public.invoice_list AS
    SELECT org_id, id, invoice_number, financial_year, client_id, status, invoice_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details, number_key,
           number_clash, beginnings, metadata_keys, number_from_series
    FROM invoices WHERE org_id = current_setting('app.org', true);
-- projection: end

-- The application sees for which projections events of its organization are left out. It does not use their rows.
CREATE VIEW projection_skip_list AS
    SELECT org_id, projection FROM projection_skips WHERE org_id = current_setting('app.org', true);
GRANT SELECT ON projection_skip_list TO smartdhandha_app;
