-- Each filter of the requests of an organization, and each pair of filters, reads only the requests that it selects:
-- docs/decisions/0078-requests-are-recorded-in-batches.md

-- The method, status and error code of a request are its ending. A filter selects some of the endings that there are; the
-- indexes have the requests of each in the order of their arrival.
ALTER TABLE request_records
    -- The same as `at`. PostgreSQL can read the requests of an ending in the order of this column by one index alone: it
    -- would otherwise read all requests in their order if it misjudged how rare an ending is.
    ADD COLUMN arrived timestamptz GENERATED ALWAYS AS (at) STORED,
    -- Numbers of the ending among the requests of the key, and among those of the organization.
    ADD COLUMN key_ending bigint GENERATED ALWAYS AS (
        hashtextextended(key_id || ' ' || method || ' ' || status::text || ' ' || coalesce(error_code, ''), 0)
    ) STORED,
    ADD COLUMN org_ending bigint GENERATED ALWAYS AS (
        hashtextextended(org_id || ' ' || method || ' ' || status::text || ' ' || coalesce(error_code, ''), 0)
    ) STORED;
DROP INDEX request_records_failed, request_records_request;
CREATE INDEX request_records_key_ending ON request_records (key_ending, arrived, id);
CREATE INDEX request_records_org_ending ON request_records (org_ending, arrived, id);
CREATE INDEX request_records_request ON request_records (org_id, request_id, arrived, id);

-- The endings of the requests of each key, and of those of all keys of the organization.
CREATE TABLE request_endings (
    org_id     text COLLATE "C" NOT NULL,
    key_id     text COLLATE "C" NOT NULL,  -- empty for those of all keys
    ending     bigint NOT NULL,  -- key_ending; org_ending for those of all keys
    method     text COLLATE "C" NOT NULL,
    status     smallint NOT NULL,
    error_code text COLLATE "C",
    seen_on    date NOT NULL,  -- the last day with such a request, in UTC
    CONSTRAINT request_endings_pkey PRIMARY KEY (org_id, key_id, ending)
);
CREATE INDEX request_endings_seen ON request_endings (seen_on);

INSERT INTO request_endings (org_id, key_id, ending, method, status, error_code, seen_on)
SELECT r.org_id, n.key_id, n.ending, r.method, r.status, r.error_code, max((r.at AT TIME ZONE 'UTC')::date)
FROM request_records r CROSS JOIN LATERAL (VALUES (r.key_id, r.key_ending), ('', r.org_ending)) n(key_id, ending)
GROUP BY 1, 2, 3, 4, 5, 6;

-- As in migration 35. It also stores the endings of the requests that it keeps: once a day each, in one order, so that
-- writers seldom wait for each other.
CREATE OR REPLACE FUNCTION record_requests(p_batch json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written_at CONSTANT timestamptz := clock_timestamp();
    today CONSTANT date := (written_at AT TIME ZONE 'UTC')::date;
    batch_id CONSTANT text := left(gen_random_uuid()::text, 8);
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    WITH kept AS (
        INSERT INTO public.request_records
            (org_id, key_id, at, id, request_id, method, route, status, error_code, duration_us)
        SELECT coalesce(r.org, h.org_id), coalesce(r.key, h.key_id), written_at - make_interval(secs => r.age),
            batch_id || lpad(to_hex(r.number), 6, '0'), r.request, r.method, r.route, r.status, r.error, r.us
        FROM ROWS FROM (json_to_recordset(p_batch) AS (
            org text, key text, hash text, age float8, request text, method text, route text, status smallint, error text,
            us integer, kept boolean
        )) WITH ORDINALITY AS r(org, key, hash, age, request, method, route, status, error, us, kept, number)
        LEFT JOIN public.api_key_hashes h ON h.hash = decode(r.hash, 'hex')
        WHERE r.kept AND coalesce(r.org, h.org_id) IS NOT NULL
        RETURNING org_id, key_id, key_ending, org_ending, method, status, error_code
    )
    INSERT INTO public.request_endings AS e (org_id, key_id, ending, method, status, error_code, seen_on)
    SELECT k.org_id, n.key_id, n.ending, min(k.method), min(k.status), min(k.error_code), today
    FROM kept k CROSS JOIN LATERAL (VALUES (k.key_id, k.key_ending), ('', k.org_ending)) n(key_id, ending)
    WHERE NOT EXISTS (
        SELECT FROM public.request_endings s
        WHERE s.org_id = k.org_id AND s.key_id = n.key_id AND s.ending = n.ending AND s.seen_on >= today
    )
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, key_id, ending) DO UPDATE SET seen_on = greatest(e.seen_on, EXCLUDED.seen_on);

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

CREATE OR REPLACE VIEW request_record_list AS
    SELECT org_id, key_id, at, id, request_id, method, route, status, error_code, duration_us, json_build_object(
               'requestId', request_id, 'keyId', key_id,
               'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               'method', method, 'route', route, 'status', status, 'errorCode', error_code,
               'durationMs', round(duration_us / 1000.0, 1)
           ) AS summary, arrived, key_ending, org_ending
    FROM request_records WHERE org_id = current_setting('app.org', true) AND at > now() - interval '30 days';

-- The same requests; `at` is the column in whose order indexes have those of an ending, and those of a request id.
CREATE VIEW request_arrival_list AS
    SELECT org_id, key_id, arrived AS at, id, request_id, method, status, error_code, key_ending, org_ending, summary
    FROM request_record_list;

CREATE VIEW request_ending_list AS
    SELECT org_id, key_id, ending, method, status, error_code
    FROM request_endings WHERE org_id = current_setting('app.org', true);

ALTER TABLE request_endings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON request_endings USING (org_id = current_setting('app.org', true));
GRANT SELECT ON request_arrival_list, request_ending_list TO smartdhandha_app;
