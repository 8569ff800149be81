-- The read table of holidays.

-- projection: holidays
CREATE TABLE holidays (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    status             text COLLATE "C" NOT NULL,
    day                date NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL
) WITH (fillfactor = 85);
-- projection: holidays, after the load
ALTER TABLE holidays ADD CONSTRAINT holidays_pkey PRIMARY KEY (org_id, id);
CREATE INDEX holidays_created ON holidays (org_id, created_at, id);
CREATE INDEX holidays_updated ON holidays (org_id, updated_at, id);
CREATE INDEX holidays_day ON holidays (org_id, day, id);
ALTER TABLE holidays ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON holidays USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON holidays TO smartdhandha_app;
-- projection: end

-- projection: holidays, view
CREATE OR REPLACE VIEW public.holiday_list AS
    SELECT org_id, id, status, day, created_at, updated_at, version, projection_version, summary
    FROM holidays WHERE org_id = current_setting('app.org', true);
-- projection: end

GRANT SELECT ON holiday_list TO smartdhandha_app;
