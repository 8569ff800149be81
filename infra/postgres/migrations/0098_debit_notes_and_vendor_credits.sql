-- The read tables of debit notes and vendor credits, and their rows of earlier times: as for credit notes (migration 97).

-- projection: debit_notes
CREATE TABLE debit_notes (
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
-- projection: debit_notes, after the load
ALTER TABLE debit_notes ADD CONSTRAINT debit_notes_pkey PRIMARY KEY (org_id, id);
CREATE UNIQUE INDEX debit_notes_number_key ON debit_notes (org_id, number_key) WHERE number_key IS NOT NULL;
CREATE INDEX debit_notes_by_creation ON debit_notes (org_id, created_at, id);
CREATE INDEX debit_notes_by_update ON debit_notes (org_id, updated_at, id);
CREATE INDEX debit_notes_by_date ON debit_notes (org_id, date, id);
CREATE INDEX debit_notes_by_total ON debit_notes (org_id, total_amount, id);
CREATE INDEX debit_notes_by_number ON debit_notes (org_id, number, id);
CREATE INDEX debit_notes_status ON debit_notes (org_id, status, created_at, id);
CREATE INDEX debit_notes_party ON debit_notes (org_id, party_id, created_at, id);
CREATE INDEX debit_notes_document ON debit_notes (org_id, document_id, created_at, id);
CREATE INDEX debit_notes_texts ON debit_notes USING gin (org_id, search gin_trgm_ops, beginnings)
    WITH (gin_pending_list_limit = 64);
CREATE INDEX debit_notes_metadata ON debit_notes USING gin (org_id, metadata_keys) WITH (fastupdate = off)
    WHERE metadata_keys IS NOT NULL;
ALTER TABLE debit_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON debit_notes USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON debit_notes TO smartdhandha_app;
-- projection: end

-- projection: debit_notes, view
CREATE OR REPLACE VIEW public.debit_note_list AS
    SELECT org_id, id, number, party_id, document_id, status, date, total_amount, search, created_at, updated_at, version,
           projection_version, summary, details, number_key, beginnings, metadata_keys
    FROM debit_notes WHERE org_id = current_setting('app.org', true);
-- projection: end

GRANT SELECT ON debit_note_list TO smartdhandha_app;

-- projection: vendor_credits
CREATE TABLE vendor_credits (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    number             text COLLATE "C" NOT NULL,  -- the vendor's
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
-- projection: vendor_credits, after the load
ALTER TABLE vendor_credits ADD CONSTRAINT vendor_credits_pkey PRIMARY KEY (org_id, id);
CREATE UNIQUE INDEX vendor_credits_number_key ON vendor_credits (org_id, number_key) WHERE number_key IS NOT NULL;
CREATE INDEX vendor_credits_by_creation ON vendor_credits (org_id, created_at, id);
CREATE INDEX vendor_credits_by_update ON vendor_credits (org_id, updated_at, id);
CREATE INDEX vendor_credits_by_date ON vendor_credits (org_id, date, id);
CREATE INDEX vendor_credits_by_total ON vendor_credits (org_id, total_amount, id);
CREATE INDEX vendor_credits_by_number ON vendor_credits (org_id, number, id);
CREATE INDEX vendor_credits_status ON vendor_credits (org_id, status, created_at, id);
CREATE INDEX vendor_credits_party ON vendor_credits (org_id, party_id, created_at, id);
CREATE INDEX vendor_credits_document ON vendor_credits (org_id, document_id, created_at, id);
CREATE INDEX vendor_credits_texts ON vendor_credits USING gin (org_id, search gin_trgm_ops, beginnings)
    WITH (gin_pending_list_limit = 64);
CREATE INDEX vendor_credits_metadata ON vendor_credits USING gin (org_id, metadata_keys) WITH (fastupdate = off)
    WHERE metadata_keys IS NOT NULL;
ALTER TABLE vendor_credits ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON vendor_credits USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON vendor_credits TO smartdhandha_app;
-- projection: end

-- projection: vendor_credits, view
CREATE OR REPLACE VIEW public.vendor_credit_list AS
    SELECT org_id, id, number, party_id, document_id, status, date, total_amount, search, created_at, updated_at, version,
           projection_version, summary, details, number_key, beginnings, metadata_keys
    FROM vendor_credits WHERE org_id = current_setting('app.org', true);
-- projection: end

GRANT SELECT ON vendor_credit_list TO smartdhandha_app;

CREATE VIEW past_debit_note_list AS
    SELECT org_id, id, version, cell, until, number, party_id, document_id, status, first_day AS date, total_amount,
           search, beginnings, metadata_keys, created_at, updated_at, summary, details
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'debit_note'
    AND total_amount IS NOT NULL AND document_id IS NOT NULL;

GRANT SELECT ON past_debit_note_list TO smartdhandha_app;

CREATE VIEW past_vendor_credit_list AS
    SELECT org_id, id, version, cell, until, number, party_id, document_id, status, first_day AS date, total_amount,
           search, beginnings, metadata_keys, created_at, updated_at, summary, details
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'vendor_credit'
    AND total_amount IS NOT NULL AND document_id IS NOT NULL;

GRANT SELECT ON past_vendor_credit_list TO smartdhandha_app;

-- The vendor credit that has this number under the other id of the vendor (migration 91).
CREATE FUNCTION vendor_credit_of_other_id(p_org text, p_year integer, p_vendor text, p_number text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    other CONSTANT text := public.other_party_id(p_org, p_vendor);
BEGIN
    RETURN (SELECT id FROM public.vendor_credit_list WHERE org_id = p_org
            AND number_key = p_year::text || ' ' || other || ' ' || p_number);
END $$;

-- As in migration 91, and a vendor credit under one of two ids whose number a vendor credit under the other id has, too.
CREATE OR REPLACE FUNCTION bill_of_both_ids(p_org text, p_party text, p_external text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((
        SELECT b.id FROM public.bill_list a JOIN public.bill_list b ON b.org_id = p_org AND NOT b.number_clash
            AND b.number_key = a.financial_year::text || ' ' || p_external
                || substr(a.number_key, length(a.financial_year::text || ' ' || p_party) + 1)
        WHERE a.org_id = p_org AND a.vendor_id = p_party AND a.number_key IS NOT NULL AND NOT a.number_clash
        ORDER BY b.id LIMIT 1
    ), (
        SELECT b.id FROM public.vendor_credit_list a JOIN public.vendor_credit_list b ON b.org_id = p_org
            AND b.number_key = split_part(a.number_key, ' ', 1) || ' ' || p_external
                || substr(a.number_key, length(split_part(a.number_key, ' ', 1) || ' ' || p_party) + 1)
        WHERE a.org_id = p_org AND a.party_id = p_party AND a.number_key IS NOT NULL
        ORDER BY b.id LIMIT 1
    ))
$$;

REVOKE ALL ON FUNCTION vendor_credit_of_other_id FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vendor_credit_of_other_id TO smartdhandha_app;
