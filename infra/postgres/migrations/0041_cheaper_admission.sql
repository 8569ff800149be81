-- Admission costs PostgreSQL less: docs/decisions/0069-cheaper-writes.md

-- As in migration 36, but most requests are counted by one statement on the key's window, instead of one that locks it and one
-- that counts. The key is read before, so a limit or a revocation of the last moment counts from the next request on.
CREATE OR REPLACE FUNCTION admit(
    p_hash bytea, p_method text, p_route text, p_free boolean, p_address text DEFAULT NULL,
    OUT verdict text, OUT org text, OUT key text, OUT granted text[], OUT quota bigint, OUT used bigint,
    OUT first_at timestamptz, OUT last_at timestamptz, OUT readmitted_at timestamptz, OUT asked_at timestamptz,
    OUT more_limits text
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    h pg_catalog.record;
    k pg_catalog.record;
    w pg_catalog.record;
    recent pg_catalog.int8;
    recent_at pg_catalog.timestamptz;
    window_length CONSTANT pg_catalog.interval := '720 hours';
    second CONSTANT pg_catalog.interval := '1 second';
    counted_at pg_catalog.timestamptz;
    seq pg_catalog.int8;
    horizon pg_catalog.timestamptz;
    setting pg_catalog.text;
BEGIN
    setting := pg_catalog.set_config('enable_seqscan', 'off', true);
    asked_at := pg_catalog.clock_timestamp();
    SELECT t.org_id, t.key_id, t.valid_until INTO h
    FROM public.api_key_hashes t WHERE t.hash OPERATOR(pg_catalog.=) p_hash;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    SELECT t.status, t.scopes, t.credit_limit, t.expires_at, t.allowed_cidrs, t.burst INTO k
    FROM public.api_keys t WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id AND t.id OPERATOR(pg_catalog.=) h.key_id;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    org := h.org_id; key := h.key_id; granted := k.scopes; quota := k.credit_limit;
    IF k.status OPERATOR(pg_catalog.=) 'revoked' THEN
        verdict := 'revoked';
        RETURN;
    ELSIF k.status OPERATOR(pg_catalog.=) 'expired' OR k.expires_at OPERATOR(pg_catalog.<=) asked_at
        OR h.valid_until OPERATOR(pg_catalog.<=) asked_at THEN
        verdict := 'expired';
        RETURN;
    ELSIF k.allowed_cidrs IS NOT NULL THEN
        IF p_address IS NULL THEN
            verdict := 'unknown';
            org := NULL; key := NULL; granted := NULL; quota := NULL;
            RETURN;
        END IF;
        IF p_address OPERATOR(pg_catalog.=) '' OR NOT (
            CAST(p_address AS pg_catalog.inet) OPERATOR(pg_catalog.<<=) ANY (CAST(k.allowed_cidrs AS pg_catalog.cidr[]))
        ) THEN
            verdict := 'elsewhere';
            RETURN;
        END IF;
    END IF;

    IF NOT p_free THEN
        setting := pg_catalog.set_config('synchronous_commit', 'off', true);
    END IF;
    IF NOT p_free AND k.burst IS NULL THEN
        -- Most requests end here: the first request of the window has not left it, and the key has credit.
        UPDATE public.credit_windows t
        SET last_seq = t.last_seq OPERATOR(pg_catalog.+) 1, last_at = greatest(asked_at, t.last_at)
        WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id
        AND t.first_at OPERATOR(pg_catalog.>) (greatest(asked_at, t.last_at) OPERATOR(pg_catalog.-) window_length)
        AND (t.last_seq OPERATOR(pg_catalog.-) t.first_seq OPERATOR(pg_catalog.+) 1) OPERATOR(pg_catalog.<) k.credit_limit
        RETURNING t.last_seq OPERATOR(pg_catalog.-) t.first_seq OPERATOR(pg_catalog.+) 1, t.first_at, t.last_at, t.last_seq
        INTO used, first_at, last_at, seq;
        IF FOUND THEN
            IF last_at OPERATOR(pg_catalog.>) asked_at THEN  -- it waited for another request, or the clock was set back
                asked_at := pg_catalog.clock_timestamp();
            END IF;
            INSERT INTO public.credits VALUES (h.key_id, seq, last_at, p_method, p_route,
                CASE WHEN asked_at OPERATOR(pg_catalog.<) last_at THEN asked_at END);
            verdict := 'admitted';
            RETURN;
        END IF;
    END IF;

    IF p_free THEN
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
    ELSE
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            INSERT INTO public.credit_windows VALUES (h.key_id, 1, '-infinity', 0, '-infinity') ON CONFLICT DO NOTHING;
            SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
        END IF;
    END IF;
    asked_at := pg_catalog.clock_timestamp();  -- read again, after a possible wait for the lock

    -- After the clock was set back, the key's time does not move until the clock has caught up. `asked_at` is the
    -- clock's time, because clients wait by the clock.
    counted_at := greatest(asked_at, w.last_at);
    horizon := counted_at OPERATOR(pg_catalog.-) window_length;
    used := 0;
    IF w.last_at OPERATOR(pg_catalog.>) horizon THEN
        IF w.first_at OPERATOR(pg_catalog.<=) horizon THEN
            SELECT c.seq, c.at INTO w.first_seq, w.first_at FROM public.credits c
            WHERE c.key_id OPERATOR(pg_catalog.=) h.key_id AND c.at OPERATOR(pg_catalog.>) horizon
            AND c.at OPERATOR(pg_catalog.<=) w.last_at ORDER BY c.at, c.seq LIMIT 1;
        END IF;
        used := w.last_seq OPERATOR(pg_catalog.-) w.first_seq OPERATOR(pg_catalog.+) 1;
        first_at := w.first_at; last_at := w.last_at;
    END IF;

    IF k.burst IS NOT NULL THEN
        -- Requests of the last second, by the clock: after it was set back, `at` stands still and `clock_at` has its time.
        SELECT pg_catalog.count(*), pg_catalog.min(coalesce(c.clock_at, c.at)) INTO recent, recent_at
        FROM public.credits c
        WHERE c.key_id OPERATOR(pg_catalog.=) h.key_id
        AND c.seq OPERATOR(pg_catalog.>) (w.last_seq OPERATOR(pg_catalog.-) k.burst)
        AND c.at OPERATOR(pg_catalog.>) (asked_at OPERATOR(pg_catalog.-) second) AND c.at OPERATOR(pg_catalog.<=) w.last_at
        AND coalesce(c.clock_at, c.at) OPERATOR(pg_catalog.>) (asked_at OPERATOR(pg_catalog.-) second)
        AND coalesce(c.clock_at, c.at) OPERATOR(pg_catalog.<) (asked_at OPERATOR(pg_catalog.+) second);
    END IF;

    verdict := 'admitted';
    IF used OPERATOR(pg_catalog.>=) quota THEN
        SELECT c.at OPERATOR(pg_catalog.+) window_length INTO readmitted_at FROM public.credits c
        WHERE c.key_id OPERATOR(pg_catalog.=) h.key_id AND c.at OPERATOR(pg_catalog.>) horizon
        AND c.seq OPERATOR(pg_catalog.=) (w.last_seq OPERATOR(pg_catalog.-) quota OPERATOR(pg_catalog.+) 1);
        IF NOT p_free THEN
            verdict := 'exhausted';
        END IF;
    ELSIF NOT p_free THEN
        IF recent OPERATOR(pg_catalog.>=) k.burst THEN
            verdict := 'burst';
            IF p_address IS NULL THEN  -- a process of an earlier version knows no burst
                verdict := 'exhausted';
                readmitted_at := recent_at OPERATOR(pg_catalog.+) second;
            END IF;
        ELSE
            IF used OPERATOR(pg_catalog.=) 0 THEN
                w.first_seq := w.last_seq OPERATOR(pg_catalog.+) 1;
                w.first_at := counted_at;
            END IF;
            INSERT INTO public.credits VALUES (h.key_id, w.last_seq OPERATOR(pg_catalog.+) 1, counted_at, p_method, p_route,
                CASE WHEN asked_at OPERATOR(pg_catalog.<) counted_at THEN asked_at END);
            UPDATE public.credit_windows t
            SET first_seq = w.first_seq, first_at = w.first_at, last_seq = w.last_seq OPERATOR(pg_catalog.+) 1,
                last_at = counted_at
            WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
            used := used OPERATOR(pg_catalog.+) 1;
            first_at := w.first_at; last_at := counted_at;
            recent := recent OPERATOR(pg_catalog.+) 1; recent_at := coalesce(recent_at, asked_at);
        END IF;
    END IF;
    IF k.burst IS NOT NULL THEN
        more_limits := CAST(pg_catalog.json_build_array(pg_catalog.json_build_object(
            'policy', 'burst', 'limit', k.burst, 'used', recent, 'resetAt', recent_at OPERATOR(pg_catalog.+) second
        )) AS pg_catalog.text);
    END IF;
END $$;
