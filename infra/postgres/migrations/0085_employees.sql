-- The read table of employees.

-- projection: employees
CREATE TABLE employees (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    status             text COLLATE "C" NOT NULL,
    name_key           text COLLATE "C" NOT NULL,  -- the name's text key, by which lists are sorted
    external_id        text COLLATE "C",
    search             text COLLATE "C" NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL,
    beginnings         text[] COLLATE "C" NOT NULL,
    metadata_keys      text[] COLLATE "C"
) WITH (fillfactor = 85);
-- projection: employees, after the load
ALTER TABLE employees ADD CONSTRAINT employees_pkey PRIMARY KEY (org_id, id);
CREATE UNIQUE INDEX employees_external_id ON employees (org_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX employees_by_creation ON employees (org_id, created_at, id);
CREATE INDEX employees_by_update ON employees (org_id, updated_at, id);
CREATE INDEX employees_by_name ON employees (org_id, name_key, id);
CREATE INDEX employees_status ON employees (org_id, status, created_at, id);
CREATE INDEX employees_texts ON employees USING gin (org_id, search gin_trgm_ops, beginnings) WITH (gin_pending_list_limit = 64);
CREATE INDEX employees_metadata ON employees USING gin (org_id, metadata_keys) WITH (fastupdate = off)
    WHERE metadata_keys IS NOT NULL;
ALTER TABLE employees ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON employees USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON employees TO smartdhandha_app;
-- projection: end

-- projection: employees, view
CREATE OR REPLACE VIEW public.employee_list AS
    SELECT org_id, id, status, name_key, external_id, search, created_at, updated_at, version,
           projection_version, summary, beginnings, metadata_keys
    FROM employees WHERE org_id = current_setting('app.org', true);
-- projection: end

GRANT SELECT ON employee_list TO smartdhandha_app;
