-- The application's role opens a session only by a password's hash, which it cannot read; and `admit` looks for nothing
-- where its caller says. docs/decisions/0034-two-log-ins.md

-- ── Log-in ───────────────────────────────────────────────────────────────────────────────────────────────────────────
-- begin_login returns how to hash a password: the method, its costs and the salt. The service hashes the password, and
-- finish_login compares the hash with the stored one. It also counts, so no comparison is without its count. Both find
-- the user by the address in its stored form or, for a user of an earlier version, in lower case.

-- The counter of an account's failures. Failures for an unknown address are counted under `p_unknown`.
CREATE FUNCTION account_counter(p_email text, p_unknown bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(sha256(convert_to('account ' || p_email, 'UTF8')), p_unknown);
END;

-- The seconds until the next log-in of an account from a network address is possible; 0 if it is possible now.
CREATE FUNCTION login_wait(p_account bytea, p_address bytea) RETURNS integer
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(max(greatest(ceil(extract(epoch FROM f.until - clock_timestamp()))::integer, 1)), 0)
    FROM public.login_failures f
    WHERE f.until > clock_timestamp()
    AND ((f.subject = p_account AND f.failures >= 20) OR (f.subject = p_address AND f.failures >= 100));
END;

-- Returns the seconds to wait; 0 allows the attempt. `setting` is the stored hash, with an A in place of each character
-- of its result. It is null for an unknown address, and for a user who has set no password.
CREATE FUNCTION begin_login(
    p_email text, p_lower text, p_account bytea, p_address bytea, OUT wait integer, OUT setting text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    SELECT u.email, u.password_hash INTO known FROM public.users u
    WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1;
    wait := public.login_wait(public.account_counter(known.email, p_account), p_address);
    IF wait = 0 THEN
        setting := regexp_replace(known.password_hash, '[^$]+$', '')
            || repeat('A', length(substring(known.password_hash FROM '[^$]+$')));
    END IF;
END $$;

-- Begins a session if one of the two hashes is that of the user's password. `p_hash` is that of the prepared password;
-- `p_raw_hash`, that of its raw text, which versions before 26 November 2026 stored, or null. A stored hash of the raw text
-- is replaced. A wrong password is counted in the same transaction. Returns the seconds to wait if too many are counted,
-- whatever the password is.
--
-- The user is locked first and the counters after it, in one order, as in use_link. So of a log-in and a new password at
-- the same time, one waits for the other.
CREATE FUNCTION finish_login(
    p_email text, p_lower text, p_account bytea, p_address bytea, p_hash text, p_raw_hash text, p_token_hash bytea,
    OUT wait integer, OUT has_begun boolean
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    counters bytea[];
    how_long CONSTANT interval := interval '15 minutes';
BEGIN
    has_begun := false;
    SELECT u.user_id, u.email, u.password_hash INTO known FROM public.users u
    WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1
    FOR NO KEY UPDATE;
    counters := ARRAY[public.account_counter(known.email, p_account), p_address];
    INSERT INTO public.login_failures AS f (subject, failures, until)
    SELECT s, 0, clock_timestamp() + how_long FROM unnest(counters) s ORDER BY s
    ON CONFLICT (subject) DO UPDATE SET  -- also locks the rows
        failures = CASE WHEN f.until <= clock_timestamp() THEN 0 ELSE f.failures END,
        until = CASE WHEN f.until <= clock_timestamp() THEN EXCLUDED.until ELSE f.until END;
    wait := public.login_wait(counters[1], counters[2]);
    IF wait > 0 THEN
        RETURN;
    END IF;
    IF known.password_hash IN (p_hash, p_raw_hash) THEN
        has_begun := true;
        UPDATE public.users u SET password_hash = p_hash WHERE u.user_id = known.user_id AND u.password_hash <> p_hash;
        DELETE FROM public.login_failures WHERE subject = counters[1];
        PERFORM public.open_session(p_token_hash, known.user_id, interval '12 hours', interval '30 days');
    ELSE
        UPDATE public.login_failures SET failures = failures + 1, until = clock_timestamp() + how_long
        WHERE subject = ANY (counters);
    END IF;
    DELETE FROM public.login_failures WHERE subject IN (  -- SKIP LOCKED: deleting old rows must not wait
        SELECT f.subject FROM public.login_failures f WHERE f.until < clock_timestamp() - how_long
        LIMIT 100 FOR UPDATE SKIP LOCKED
    );
END $$;

-- find_login returned the hash of any user's password, open_session began a session of any user, and the limits of
-- count_login were what its caller said. open_session stays for finish_login alone.
DROP FUNCTION count_login, clear_login, find_login, begin_session, rehash_password;
REVOKE ALL ON FUNCTION open_session FROM PUBLIC, smartdhandha_app;
ALTER FUNCTION open_session SECURITY INVOKER;
REVOKE ALL ON FUNCTION account_counter, login_wait, begin_login, finish_login FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_login, finish_login TO smartdhandha_app;

-- ── Admission ────────────────────────────────────────────────────────────────────────────────────────────────────────
-- The same as in migration 1, but each type, function and operator is named with its schema. Without it, PostgreSQL looks
-- for types in the caller's temporary schema first: a caller that may create temporary objects could run its own code with
-- the owner's rights. `SET search_path` would do the same, as in the other functions, but costs 50 to 180 µs at each call.
-- OPERATOR() binds in one strength, from left to right; parentheses say the rest.

CREATE OR REPLACE FUNCTION admit(
    p_hash bytea, p_method text, p_route text, p_free boolean,
    OUT verdict text, OUT org text, OUT key text, OUT granted text[], OUT quota bigint, OUT used bigint,
    OUT first_at timestamptz, OUT last_at timestamptz, OUT readmitted_at timestamptz, OUT asked_at timestamptz
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    h pg_catalog.record;
    k pg_catalog.record;
    w pg_catalog.record;
    window_length CONSTANT pg_catalog.interval := '720 hours';
    counted_at pg_catalog.timestamptz;
    horizon pg_catalog.timestamptz;
    setting pg_catalog.text;
BEGIN
    asked_at := pg_catalog.clock_timestamp();
    SELECT t.org_id, t.key_id, t.valid_until INTO h
    FROM public.api_key_hashes t WHERE t.hash OPERATOR(pg_catalog.=) p_hash;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    IF p_free THEN
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
    ELSE
        setting := pg_catalog.set_config('synchronous_commit', 'off', true);
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            INSERT INTO public.credit_windows VALUES (h.key_id, 1, '-infinity', 0, '-infinity') ON CONFLICT DO NOTHING;
            SELECT * INTO w FROM public.credit_windows t WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id FOR NO KEY UPDATE;
        END IF;
    END IF;
    SELECT t.status, t.scopes, t.credit_limit, t.expires_at INTO k
    FROM public.api_keys t WHERE t.org_id OPERATOR(pg_catalog.=) h.org_id AND t.id OPERATOR(pg_catalog.=) h.key_id;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    asked_at := pg_catalog.clock_timestamp();  -- read again, after a possible wait for the lock
    org := h.org_id; key := h.key_id; granted := k.scopes; quota := k.credit_limit;
    IF k.status OPERATOR(pg_catalog.=) 'revoked' THEN
        verdict := 'revoked';
        RETURN;
    ELSIF k.status OPERATOR(pg_catalog.=) 'expired' OR k.expires_at OPERATOR(pg_catalog.<=) asked_at
        OR h.valid_until OPERATOR(pg_catalog.<=) asked_at THEN
        verdict := 'expired';
        RETURN;
    END IF;

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

    IF used OPERATOR(pg_catalog.>=) quota THEN
        verdict := 'exhausted';
        SELECT c.at OPERATOR(pg_catalog.+) window_length INTO readmitted_at FROM public.credits c
        WHERE c.key_id OPERATOR(pg_catalog.=) h.key_id AND c.at OPERATOR(pg_catalog.>) horizon
        AND c.seq OPERATOR(pg_catalog.=) (w.last_seq OPERATOR(pg_catalog.-) quota OPERATOR(pg_catalog.+) 1);
        IF p_free THEN
            verdict := 'admitted';
        END IF;
        RETURN;
    END IF;
    verdict := 'admitted';
    IF NOT p_free THEN
        IF used OPERATOR(pg_catalog.=) 0 THEN
            w.first_seq := w.last_seq OPERATOR(pg_catalog.+) 1;
            w.first_at := counted_at;
        END IF;
        INSERT INTO public.credits VALUES (h.key_id, w.last_seq OPERATOR(pg_catalog.+) 1, counted_at, p_method, p_route);
        UPDATE public.credit_windows t
        SET first_seq = w.first_seq, first_at = w.first_at, last_seq = w.last_seq OPERATOR(pg_catalog.+) 1,
            last_at = counted_at
        WHERE t.key_id OPERATOR(pg_catalog.=) h.key_id;
        used := used OPERATOR(pg_catalog.+) 1;
        first_at := w.first_at; last_at := counted_at;
    END IF;
END $$;
