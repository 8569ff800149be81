-- Endings of requests are stored by a statement of their own: Citus refuses statements that change data in a WITH clause.

-- As in migration 39.
CREATE OR REPLACE FUNCTION record_requests(p_batch json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written_at CONSTANT timestamptz := clock_timestamp();
    today CONSTANT date := (written_at AT TIME ZONE 'UTC')::date;
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

    -- The number is that of the columns key_ending and org_ending.
    INSERT INTO public.request_endings AS e (org_id, key_id, ending, method, status, error_code, seen_on)
    SELECT k.org, n.key_id, n.ending, min(k.method), min(k.status), min(k.error), today
    FROM (
        SELECT coalesce(r.org, h.org_id) AS org, coalesce(r.key, h.key_id) AS key, r.method, r.status, r.error,
            ' ' || r.method || ' ' || r.status::text || ' ' || coalesce(r.error, '') AS ending
        FROM json_to_recordset(p_batch)
            AS r(org text, key text, hash text, method text, status smallint, error text, kept boolean)
        LEFT JOIN public.api_key_hashes h ON h.hash = decode(r.hash, 'hex')
        WHERE r.kept AND coalesce(r.org, h.org_id) IS NOT NULL GROUP BY 1, 2, 3, 4, 5
    ) k CROSS JOIN LATERAL (VALUES
        (k.key, hashtextextended(k.key || k.ending, 0)), ('', hashtextextended(k.org || k.ending, 0))
    ) AS n(key_id, ending)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3  -- all writers lock the rows in one order
    ON CONFLICT (org_id, key_id, ending) DO UPDATE SET seen_on = EXCLUDED.seen_on WHERE e.seen_on < EXCLUDED.seen_on;

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
