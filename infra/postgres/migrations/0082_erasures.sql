-- What was erased from a log, as a read table; and how long an organization keeps what it need not keep as long, or
-- wants to keep longer. docs/decisions/0093-erasing-a-person.md

-- projection: erasures
CREATE TABLE erasures (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL
) WITH (fillfactor = 85);
-- projection: erasures, after the load
ALTER TABLE erasures ADD CONSTRAINT erasures_pkey PRIMARY KEY (org_id, id);
ALTER TABLE erasures ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON erasures USING (org_id = current_setting('app.org', true));
-- projection: erasures, view
CREATE OR REPLACE VIEW public.erasures_list AS
    SELECT org_id, id, created_at, updated_at, version, projection_version, summary
    FROM erasures WHERE org_id = current_setting('app.org', true);
-- projection: end
-- Only the command line, as the owner of the tables, erases.
GRANT SELECT ON erasures_list TO smartdhandha_app;

-- The years for which an organization keeps documents and leaves, if it does not keep them for the usual ones
-- (domain/privacy/retention.py).
ALTER TABLE organizations
    ADD COLUMN document_years smallint CHECK (document_years BETWEEN 8 AND 100),
    ADD COLUMN leave_years smallint CHECK (leave_years BETWEEN 0 AND 100);
