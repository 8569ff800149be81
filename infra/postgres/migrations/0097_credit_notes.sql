-- The read table of credit notes, and their rows of earlier times. Other notes have tables of the same form.

-- projection: credit_notes
CREATE TABLE credit_notes (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    number             text COLLATE "C",           -- null in a draft
    financial_year     integer NOT NULL,           -- of the note's date
    party_id           text COLLATE "C" NOT NULL,  -- the client or vendor
    document_id        text COLLATE "C" NOT NULL,  -- the invoice or bill that the note corrects
    status             text COLLATE "C" NOT NULL,
    date               date NOT NULL,
    total_amount       numeric NOT NULL,
    search             text COLLATE "C" NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL,
    details            json NOT NULL,
    number_key         text COLLATE "C",           -- null for a note that holds no number
    beginnings         text[] COLLATE "C" NOT NULL,
    metadata_keys      text[] COLLATE "C"
) WITH (fillfactor = 85);
-- projection: credit_notes, after the load
ALTER TABLE credit_notes ADD CONSTRAINT credit_notes_pkey PRIMARY KEY (org_id, id);
CREATE UNIQUE INDEX credit_notes_number_key ON credit_notes (org_id, number_key) WHERE number_key IS NOT NULL;
CREATE INDEX credit_notes_by_creation ON credit_notes (org_id, created_at, id);
CREATE INDEX credit_notes_by_update ON credit_notes (org_id, updated_at, id);
CREATE INDEX credit_notes_by_date ON credit_notes (org_id, date, id);
CREATE INDEX credit_notes_by_total ON credit_notes (org_id, total_amount, id);
CREATE INDEX credit_notes_by_number ON credit_notes (org_id, number, id);
CREATE INDEX credit_notes_status ON credit_notes (org_id, status, created_at, id);
CREATE INDEX credit_notes_party ON credit_notes (org_id, party_id, created_at, id);
CREATE INDEX credit_notes_document ON credit_notes (org_id, document_id, created_at, id);
CREATE INDEX credit_notes_texts ON credit_notes USING gin (org_id, search gin_trgm_ops, beginnings)
    WITH (gin_pending_list_limit = 64);
CREATE INDEX credit_notes_metadata ON credit_notes USING gin (org_id, metadata_keys) WITH (fastupdate = off)
    WHERE metadata_keys IS NOT NULL;
ALTER TABLE credit_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON credit_notes USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON credit_notes TO smartdhandha_app;
-- projection: end

-- projection: credit_notes, view
CREATE OR REPLACE VIEW public.credit_note_list AS
    SELECT org_id, id, number, party_id, document_id, status, date, total_amount, search, created_at, updated_at, version,
           projection_version, summary, details, number_key, beginnings, metadata_keys
    FROM credit_notes WHERE org_id = current_setting('app.org', true);
-- projection: end

GRANT SELECT ON credit_note_list TO smartdhandha_app;

ALTER TABLE past_rows ADD COLUMN document_id text COLLATE "C";  -- of a note: the document that it corrects
CREATE INDEX past_rows_document ON past_rows (org_id, kind, cell, document_id, created_at, id, until, updated_at)
    WHERE document_id IS NOT NULL;
CREATE VIEW past_credit_note_list AS
    SELECT org_id, id, version, cell, until, number, party_id, document_id, status, first_day AS date, total_amount,
           search, beginnings, metadata_keys, created_at, updated_at, summary, details
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'credit_note'
    AND total_amount IS NOT NULL AND document_id IS NOT NULL;

GRANT SELECT ON past_credit_note_list TO smartdhandha_app;
