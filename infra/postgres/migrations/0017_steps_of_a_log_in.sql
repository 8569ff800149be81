-- A log-in is decided by one function, whose steps are functions of their own, and which does nothing beside it: old
-- counters are deleted by the background worker. docs/decisions/0049-a-log-in-is-decided-in-one-call.md

-- ── Steps of a log-in, which the application's role cannot call alone ────────────────────────────────────────────────

-- Locks the counters in one order, and begins those again whose failures are forgotten.
CREATE FUNCTION lock_counters(p_counters bytea[]) RETURNS void
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO public.login_failures AS f (subject, failures, until)
    SELECT s, 0, clock_timestamp() + interval '1 hour' FROM unnest(p_counters) s ORDER BY s
    ON CONFLICT (subject) DO UPDATE SET  -- also locks the rows
        failures = CASE WHEN f.until <= clock_timestamp() THEN 0 ELSE f.failures END,
        until = CASE WHEN f.until <= clock_timestamp() THEN EXCLUDED.until ELSE f.until END;
END;

-- Begins a session for a user whose password was right, and makes the browser known. A stored hash of an earlier form is
-- replaced. Returns whether the browser keeps its token, and the event.
CREATE FUNCTION accept_login(
    p_user text, p_hash text, p_counter bytea, p_token_hash bytea, p_browser bytea, p_new_browser bytea, p_client text,
    p_request text, OUT keeps_browser boolean, OUT events json[]
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.users u SET password_hash = p_hash WHERE u.user_id = p_user AND u.password_hash <> p_hash;
    DELETE FROM public.login_failures f WHERE f.subject = p_counter;
    PERFORM public.open_session(p_token_hash, p_user, interval '12 hours', interval '30 days');
    keeps_browser := public.remember_browser(p_user, p_browser, p_new_browser);
    events := ARRAY[
        public.record_security_event('login.succeeded', NULL, 'user', p_user, p_user, p_client, p_request, NULL)
    ];
END $$;

-- ── Log-in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Decides an attempt: it must wait, or it is accepted, or it is counted as a failure. All of it is one transaction: a
-- comparison without its count would be a guess that is free, and a session without the comparison one without a proof.
-- The user is locked first and the counters after it, in one order, as in use_link.
CREATE OR REPLACE FUNCTION finish_login(
    p_email text, p_lower text, p_account bytea, p_address bytea, p_browser bytea, p_client text, p_request text,
    p_hash text, p_raw_hash text, p_token_hash bytea, p_new_browser bytea,
    OUT wait integer, OUT has_begun boolean, OUT keeps_browser boolean, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    c record;
BEGIN
    SELECT u.user_id, u.email, u.password_hash INTO known FROM public.users u
    WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1
    FOR NO KEY UPDATE;
    SELECT * INTO c FROM public.login_counters(known.user_id, known.email, p_account, p_address, p_browser);
    PERFORM public.lock_counters(c.counters);
    wait := public.login_wait(c.counters);
    has_begun := wait = 0 AND coalesce(known.password_hash IN (p_hash, p_raw_hash), false);
    IF wait > 0 THEN
        events := public.refuse_login(c.counters, wait, known.user_id, p_client, p_request);
    ELSIF has_begun THEN
        SELECT a.keeps_browser, a.events INTO keeps_browser, events FROM public.accept_login(
            known.user_id, p_hash, c.counters[1], p_token_hash, p_browser, p_new_browser, p_client, p_request
        ) a;
    ELSE
        events := public.count_failure(c.counters, c.most, c.kinds, known.user_id, p_client, p_request);
    END IF;
END $$;

REVOKE ALL ON FUNCTION lock_counters, accept_login FROM PUBLIC;
