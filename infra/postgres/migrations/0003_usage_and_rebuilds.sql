-- The usage projection, and the events that projections skip.

-- Credits per key, hour (UTC) and route, which the worker sums from `credits`.
CREATE TABLE usage_hours (
    org_id  text COLLATE "C" NOT NULL,
    key_id  text COLLATE "C" NOT NULL,
    hour    timestamptz NOT NULL,
    route   text COLLATE "C" NOT NULL,  -- the method and the route's template
    credits bigint NOT NULL,
    CONSTRAINT usage_hours_pkey PRIMARY KEY (org_id, key_id, hour, route)
);
ALTER TABLE usage_hours ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON usage_hours USING (org_id = current_setting('app.org', true));
GRANT SELECT ON usage_hours TO smartdhandha_app;

-- The last request of each key that is in the sums.
CREATE TABLE usage_progress (
    org_id text COLLATE "C" NOT NULL,
    key_id text COLLATE "C" NOT NULL,
    seq    bigint NOT NULL,
    CONSTRAINT usage_progress_pkey PRIMARY KEY (org_id, key_id)
);

-- Events that an operator told a projection to skip, because it cannot read them.
CREATE TABLE projection_skips (
    org_id     text COLLATE "C" NOT NULL,
    projection text COLLATE "C" NOT NULL,
    position   bigint NOT NULL,
    reason     text NOT NULL,
    skipped_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    skipped_by text NOT NULL,
    CONSTRAINT projection_skips_pkey PRIMARY KEY (org_id, projection, position)
);

-- The application uses neither of the last two tables; the policies are defined all the same.
ALTER TABLE usage_progress ENABLE ROW LEVEL SECURITY;
ALTER TABLE projection_skips ENABLE ROW LEVEL SECURITY;
