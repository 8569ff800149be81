-- Credit notes and vendor credits that leave something to be refunded: a filter of their lists, and a line of Home. Rows that
-- exist get the value when the background worker folds them again.

-- projection: credit_notes
ALTER TABLE credit_notes ADD COLUMN owes_refund boolean NOT NULL DEFAULT false;
-- projection: vendor_credits
ALTER TABLE vendor_credits ADD COLUMN owes_refund boolean NOT NULL DEFAULT false;
-- projection: credit_notes, after the load
CREATE INDEX credit_notes_refund_due ON credit_notes (org_id, created_at, id) WHERE owes_refund;
-- projection: vendor_credits, after the load
CREATE INDEX vendor_credits_refund_due ON vendor_credits (org_id, created_at, id) WHERE owes_refund;
-- projection: credit_notes, view
CREATE OR REPLACE VIEW public.credit_note_list AS
    SELECT org_id, id, number, party_id, document_id, status, date, total_amount, search, created_at, updated_at, version,
           projection_version, summary, details, number_key, beginnings, metadata_keys, owes_refund
    FROM credit_notes WHERE org_id = current_setting('app.org', true);
-- projection: vendor_credits, view
CREATE OR REPLACE VIEW public.vendor_credit_list AS
    SELECT org_id, id, number, party_id, document_id, status, date, total_amount, search, created_at, updated_at, version,
           projection_version, summary, details, number_key, beginnings, metadata_keys, owes_refund
    FROM vendor_credits WHERE org_id = current_setting('app.org', true);
-- projection: end

CREATE OR REPLACE VIEW past_credit_note_list AS
    SELECT org_id, id, version, cell, until, number, party_id, document_id, status, first_day AS date, total_amount,
           search, beginnings, metadata_keys, created_at, updated_at, summary, details, is_overdue AS owes_refund
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'credit_note'
    AND total_amount IS NOT NULL AND document_id IS NOT NULL;
CREATE OR REPLACE VIEW past_vendor_credit_list AS
    SELECT org_id, id, version, cell, until, number, party_id, document_id, status, first_day AS date, total_amount,
           search, beginnings, metadata_keys, created_at, updated_at, summary, details, is_overdue AS owes_refund
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'vendor_credit'
    AND total_amount IS NOT NULL AND document_id IS NOT NULL;
