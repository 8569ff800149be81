-- An export of a log by the console: one at a time for each organization. While it goes on, `seen_at` follows it; an export
-- that has not gone on for a minute has ended, because its client or its process has.
CREATE TABLE log_exports (
    org_id    text COLLATE "C" PRIMARY KEY,
    export_id text COLLATE "C" NOT NULL,
    seen_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE log_exports ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON log_exports USING (org_id = current_setting('app.org', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON log_exports TO smartdhandha_app;
