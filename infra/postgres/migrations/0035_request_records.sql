-- What is kept of each request with a key for 30 days, and how many requests each key has sent.
-- docs/decisions/0078-requests-are-recorded-in-batches.md

CREATE TABLE request_records (
    org_id      text COLLATE "C" NOT NULL,
    key_id      text COLLATE "C" NOT NULL,
    at          timestamptz NOT NULL,  -- when the request arrived
    id          text COLLATE "C" NOT NULL,  -- tells requests apart that arrived at the same time
    request_id  text COLLATE "C" NOT NULL,
    method      text COLLATE "C" NOT NULL,
    route       text COLLATE "C",  -- the template of the path; null if there is no such address
    status      smallint NOT NULL,
    error_code  text COLLATE "C",  -- null unless the request was refused or has failed
    duration_us integer NOT NULL,
    CONSTRAINT request_records_pkey PRIMARY KEY (org_id, key_id, at, id)
) PARTITION BY RANGE (at);
CREATE INDEX request_records_at ON request_records (org_id, at, id);
CREATE INDEX request_records_failed ON request_records (org_id, at, id) WHERE status >= 400;
CREATE INDEX request_records_request ON request_records (org_id, request_id);
CREATE TABLE request_records_other PARTITION OF request_records DEFAULT;
ALTER TABLE request_records_other ENABLE ROW LEVEL SECURITY;

-- The requests of a key in each quarter of an hour, by how they ended. Time zones differ by quarters of an hour, so the
-- day of each organization is made of them.
CREATE TABLE request_counts (
    org_id   text COLLATE "C" NOT NULL,
    key_id   text COLLATE "C" NOT NULL,
    at       timestamptz NOT NULL,
    answered bigint NOT NULL,
    refused  bigint NOT NULL,  -- also those that have failed
    limited  bigint NOT NULL,  -- those with the status 429
    CONSTRAINT request_counts_pkey PRIMARY KEY (org_id, key_id, at)
) WITH (fillfactor = 50);
CREATE INDEX request_counts_at ON request_counts (at);

-- Creates the missing weekly partitions from the last week to three weeks ahead. They are named after their Mondays.
CREATE FUNCTION prepare_request_partitions(today date) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    monday date;
    name text;
BEGIN
    FOR weeks IN -1..3 LOOP
        monday := date_trunc('week', today)::date + 7 * weeks;
        name := 'request_records_' || to_char(monday, 'YYYY_MM_DD');
        CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
        BEGIN
            EXECUTE format(
                'CREATE TABLE public.%I PARTITION OF public.request_records FOR VALUES FROM (%L) TO (%L)',
                name, monday::text || ' 00:00:00+00', (monday + 7)::text || ' 00:00:00+00'
            );
            EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);  -- nobody reads a week by itself
        EXCEPTION WHEN check_violation THEN  -- not created in time: its rows stay in request_records_other
            NULL;
        END;
    END LOOP;
END $$;
SELECT prepare_request_partitions((now() AT TIME ZONE 'UTC')::date);

-- Stores the records of a batch. `age` is the time since the request has arrived, in seconds, so that all times come from
-- one clock. A request whose key was not looked up has the hash of its secret; requests of unknown keys are left out. Those
-- that are not `kept` are only counted.
CREATE FUNCTION record_requests(p_batch json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written_at CONSTANT timestamptz := clock_timestamp();
    batch_id CONSTANT text := left(gen_random_uuid()::text, 8);
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    INSERT INTO public.request_records
        (org_id, key_id, at, id, request_id, method, route, status, error_code, duration_us)
    SELECT coalesce(r.org, h.org_id), coalesce(r.key, h.key_id), written_at - make_interval(secs => r.age),
        batch_id || lpad(to_hex(r.number), 6, '0'), r.request, r.method, r.route, r.status, r.error, r.us
    FROM ROWS FROM (json_to_recordset(p_batch) AS (
        org text, key text, hash text, age float8, request text, method text, route text, status smallint, error text,
        us integer, kept boolean
    )) WITH ORDINALITY AS r(org, key, hash, age, request, method, route, status, error, us, kept, number)
    LEFT JOIN public.api_key_hashes h ON h.hash = decode(r.hash, 'hex')
    WHERE r.kept AND coalesce(r.org, h.org_id) IS NOT NULL;

    INSERT INTO public.request_counts AS c (org_id, key_id, at, answered, refused, limited)
    SELECT coalesce(r.org, h.org_id), coalesce(r.key, h.key_id),
        date_bin('15 minutes', written_at - make_interval(secs => r.age), 'epoch'),
        count(*) FILTER (WHERE r.status < 400), count(*) FILTER (WHERE r.status >= 400 AND r.status <> 429),
        count(*) FILTER (WHERE r.status = 429)
    FROM json_to_recordset(p_batch) AS r(org text, key text, hash text, age float8, status smallint)
    LEFT JOIN public.api_key_hashes h ON h.hash = decode(r.hash, 'hex')
    WHERE coalesce(r.org, h.org_id) IS NOT NULL
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3  -- all writers lock the rows in one order
    ON CONFLICT (org_id, key_id, at) DO UPDATE SET answered = c.answered + EXCLUDED.answered,
        refused = c.refused + EXCLUDED.refused, limited = c.limited + EXCLUDED.limited;
END $$;

-- Requests are shown for 30 days, although the worker drops them by the week.
CREATE VIEW request_record_list AS
    SELECT org_id, key_id, at, id, request_id, method, route, status, error_code, duration_us, json_build_object(
               'requestId', request_id, 'keyId', key_id,
               'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'method', method, 'route', route, 'status', status, 'errorCode', error_code,
               'durationMs', round(duration_us / 1000.0, 1)
           ) AS summary
    FROM request_records WHERE org_id = current_setting('app.org', true) AND at > now() - interval '30 days';

CREATE VIEW request_count_list AS
    SELECT org_id, key_id, at, answered, refused, limited
    FROM request_counts WHERE org_id = current_setting('app.org', true);

ALTER TABLE request_records ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON request_records USING (org_id = current_setting('app.org', true));
ALTER TABLE request_counts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON request_counts USING (org_id = current_setting('app.org', true));
REVOKE ALL ON FUNCTION prepare_request_partitions, record_requests FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_requests TO smartdhandha_app;
GRANT SELECT ON request_record_list, request_count_list TO smartdhandha_app;
