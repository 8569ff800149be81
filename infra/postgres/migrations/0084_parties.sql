-- The read table of parties: clients and vendors.

-- projection: parties
CREATE TABLE parties (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    status             text COLLATE "C" NOT NULL,
    is_client          boolean NOT NULL,
    is_vendor          boolean NOT NULL,
    name_key           text COLLATE "C" NOT NULL,  -- the name's text key, by which lists are sorted
    external_id        text COLLATE "C",
    gstin              text COLLATE "C",
    search             text COLLATE "C" NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL,
    beginnings         text[] COLLATE "C" NOT NULL,
    metadata_keys      text[] COLLATE "C"
) WITH (fillfactor = 85);
-- projection: parties, after the load
ALTER TABLE parties ADD CONSTRAINT parties_pkey PRIMARY KEY (org_id, id);
CREATE UNIQUE INDEX parties_external_id ON parties (org_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX parties_by_creation ON parties (org_id, created_at, id);
CREATE INDEX parties_by_update ON parties (org_id, updated_at, id);
CREATE INDEX parties_by_name ON parties (org_id, name_key, id);
CREATE INDEX parties_status ON parties (org_id, status, created_at, id);
CREATE INDEX parties_clients ON parties (org_id, created_at, id) WHERE is_client;
CREATE INDEX parties_vendors ON parties (org_id, created_at, id) WHERE is_vendor;
CREATE INDEX parties_gstin ON parties (org_id, gstin) WHERE gstin IS NOT NULL;
CREATE INDEX parties_texts ON parties USING gin (org_id, search gin_trgm_ops, beginnings) WITH (gin_pending_list_limit = 64);
CREATE INDEX parties_metadata ON parties USING gin (org_id, metadata_keys) WITH (fastupdate = off)
    WHERE metadata_keys IS NOT NULL;
ALTER TABLE parties ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON parties USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON parties TO smartdhandha_app;
-- projection: end

-- projection: parties, view
CREATE OR REPLACE VIEW public.party_list AS
    SELECT org_id, id, status, is_client, is_vendor, name_key, external_id, gstin, search, created_at, updated_at, version,
           projection_version, summary, beginnings, metadata_keys
    FROM parties WHERE org_id = current_setting('app.org', true);
-- projection: end

GRANT SELECT ON party_list TO smartdhandha_app;
