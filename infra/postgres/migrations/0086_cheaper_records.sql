-- Records of requests cost a quarter less: docs/decisions/0078-requests-are-recorded-in-batches.md

-- A page without a filter is made of the newest requests of each ending, as a page with a filter is.
DROP INDEX request_records_at;
ALTER TABLE request_records DROP CONSTRAINT request_records_pkey;

CREATE TYPE request_of_batch AS (
    org_id text, key_id text, at timestamptz, request_id text, method text, route text, status smallint, error_code text,
    duration_us integer, kept boolean
);

-- As in migration 44, but the JSON is read once, and hashes of keys are looked up once.
CREATE OR REPLACE FUNCTION record_requests(p_batch json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written_at CONSTANT timestamptz := clock_timestamp();
    today CONSTANT date := (written_at AT TIME ZONE 'UTC')::date;
    batch_id CONSTANT text := left(gen_random_uuid()::text, 8);
    batch public.request_of_batch[];
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    batch := ARRAY(
        SELECT ROW(
            coalesce(r.org, h.org_id), coalesce(r.key, h.key_id), written_at - make_interval(secs => r.age), r.request,
            r.method, r.route, r.status, r.error, r.us, r.kept
        )::public.request_of_batch
        FROM json_to_recordset(p_batch) AS r(
            org text, key text, hash text, age float8, request text, method text, route text, status smallint, error text,
            us integer, kept boolean
        )
        LEFT JOIN public.api_key_hashes h ON h.hash = decode(r.hash, 'hex')
        WHERE coalesce(r.org, h.org_id) IS NOT NULL
    );

    INSERT INTO public.request_records
        (org_id, key_id, at, id, request_id, method, route, status, error_code, duration_us)
    SELECT r.org_id, r.key_id, r.at, batch_id || lpad(to_hex(r.number), 6, '0'), r.request_id, r.method, r.route,
        r.status, r.error_code, r.duration_us
    FROM unnest(batch) WITH ORDINALITY AS r(
        org_id, key_id, at, request_id, method, route, status, error_code, duration_us, kept, number
    ) WHERE r.kept;

    -- The number is that of the columns key_ending and org_ending.
    INSERT INTO public.request_endings AS e (org_id, key_id, ending, method, status, error_code, seen_on)
    SELECT k.org_id, n.key_id, n.ending, min(k.method), min(k.status), min(k.error_code), today
    FROM (
        SELECT r.org_id, r.key_id, r.method, r.status, r.error_code,
            ' ' || r.method || ' ' || r.status::text || ' ' || coalesce(r.error_code, '') AS ending
        FROM unnest(batch) r WHERE r.kept GROUP BY 1, 2, 3, 4, 5
    ) k CROSS JOIN LATERAL (VALUES
        (k.key_id, hashtextextended(k.key_id || k.ending, 0)), ('', hashtextextended(k.org_id || k.ending, 0))
    ) AS n(key_id, ending)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3  -- all writers lock the rows in one order
    ON CONFLICT (org_id, key_id, ending) DO UPDATE SET seen_on = EXCLUDED.seen_on WHERE e.seen_on < EXCLUDED.seen_on;

    INSERT INTO public.request_counts AS c (org_id, key_id, at, answered, refused, limited)
    SELECT r.org_id, r.key_id, date_bin('15 minutes', r.at, 'epoch'),
        count(*) FILTER (WHERE r.status < 400), count(*) FILTER (WHERE r.status >= 400 AND r.status <> 429),
        count(*) FILTER (WHERE r.status = 429)
    FROM unnest(batch) r
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3  -- all writers lock the rows in one order
    ON CONFLICT (org_id, key_id, at) DO UPDATE SET answered = c.answered + EXCLUDED.answered,
        refused = c.refused + EXCLUDED.refused, limited = c.limited + EXCLUDED.limited;
END $$;
