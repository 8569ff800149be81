-- A browser in which a user has logged in has attempts of its own, so failures elsewhere cannot lock the user out of it.
-- Waits grow with each failure, and are bounded. docs/decisions/0036-security-events-and-known-browsers.md

CREATE TABLE known_browsers (
    token_hash bytea,  -- SHA-256 of the browser's cookie
    user_id    text COLLATE "C" NOT NULL REFERENCES users,
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),  -- the last log-in; the browser is known for a year
    PRIMARY KEY (token_hash, user_id)
);
CREATE INDEX known_browsers_user ON known_browsers (user_id);
ALTER TABLE known_browsers ENABLE ROW LEVEL SECURITY;

ALTER TABLE login_failures
    ADD COLUMN free_at    timestamptz NOT NULL DEFAULT '-infinity',  -- from when on the next attempt is possible
    ADD COLUMN refused_at timestamptz NOT NULL DEFAULT '-infinity';  -- when a refused attempt was last stored as an event

DROP FUNCTION begin_login, finish_login, login_wait, use_link;

-- ── Steps of a log-in, which the application's role cannot call alone ────────────────────────────────────────────────

-- How long to wait after a failure that is the `p_failures`-th. `p_most` failures cost no wait but the last one's.
CREATE FUNCTION login_delay(p_failures integer, p_most integer) RETURNS interval
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE WHEN p_failures < p_most THEN interval '0'
        ELSE least(interval '15 minutes', interval '1 minute' * power(2, least(p_failures - p_most, 10))) END;
END;

-- The seconds until the next attempt is possible for all counters; 0 if it is possible now. A time that lies further ahead
-- than the longest wait was stored before the clock was set back, and does not count.
CREATE FUNCTION login_wait(p_counters bytea[]) RETURNS integer
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(max(ceil(extract(epoch FROM f.free_at - clock_timestamp()))::integer), 0)
    FROM public.login_failures f
    WHERE f.subject = ANY (p_counters)
    AND f.free_at > clock_timestamp() AND f.free_at <= clock_timestamp() + interval '15 minutes';
END;

-- The counters of an attempt, how many failures each allows, and the event when that many are reached. A browser that is
-- known for the user has a counter of its own; all others count for the account and for the network address.
CREATE FUNCTION login_counters(
    p_user text, p_email text, p_unknown bytea, p_address bytea, p_browser bytea,
    OUT counters bytea[], OUT most integer[], OUT kinds text[]
) LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM public.known_browsers b
        WHERE b.token_hash = p_browser AND b.user_id = p_user AND b.seen_at > clock_timestamp() - interval '365 days'
    ) THEN
        counters := ARRAY[sha256(convert_to('browser ' || encode(p_browser, 'hex') || ' ' || p_user, 'UTF8'))];
        most := '{20}';
        kinds := '{throttling.browser}';
    ELSE
        counters := ARRAY[public.account_counter(p_email, p_unknown), p_address];
        most := '{20,100}';
        kinds := '{throttling.account,throttling.address}';
    END IF;
END $$;

-- Stores that an attempt was refused, at most once a minute for each counter: otherwise a flood of attempts would fill the
-- table. Returns the event.
CREATE FUNCTION refuse_login(p_counters bytea[], p_wait integer, p_user text, p_client text, p_request text) RETURNS json[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.login_failures f WHERE f.subject = ANY (p_counters) ORDER BY f.subject FOR UPDATE;
    UPDATE public.login_failures f SET refused_at = clock_timestamp()
    WHERE f.subject = ANY (p_counters) AND f.free_at > clock_timestamp()
    AND f.refused_at NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp();
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN ARRAY[public.record_security_event(
        'login.throttled', NULL, NULL, NULL, p_user, p_client, p_request, json_build_object('seconds', p_wait)
    )];
END $$;

-- Counts a failure for each counter. Returns the events: the failure, and each counter that has now reached its limit.
CREATE FUNCTION count_failure(
    p_counters bytea[], p_most integer[], p_kinds text[], p_user text, p_client text, p_request text
) RETURNS json[] LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind text := CASE WHEN p_user IS NULL THEN 'login.unknown_account' ELSE 'login.wrong_password' END;
    events json[] := ARRAY[public.record_security_event(kind, NULL, NULL, NULL, p_user, p_client, p_request, NULL)];
BEGIN
    UPDATE public.login_failures f
    SET failures = f.failures + 1, until = clock_timestamp() + interval '1 hour',
        free_at = clock_timestamp() + public.login_delay(f.failures + 1, t.most)
    FROM unnest(p_counters, p_most) AS t (subject, most) WHERE f.subject = t.subject;
    FOR kind IN
        SELECT t.kind FROM unnest(p_counters, p_most, p_kinds) AS t (subject, most, kind)
        JOIN public.login_failures f USING (subject) WHERE f.failures = t.most ORDER BY t.kind
    LOOP
        events := events || public.record_security_event(kind, NULL, NULL, NULL, p_user, p_client, p_request, NULL);
    END LOOP;
    RETURN events;
END $$;

-- Makes a browser known for a user. A browser that is already known for the user keeps its token; any other one gets the
-- new token, also for the other users that have logged in with it. Returns whether it keeps its token.
CREATE FUNCTION remember_browser(p_user text, p_browser bytea, p_new_browser bytea) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.known_browsers b
    WHERE b.user_id = p_user AND b.seen_at <= clock_timestamp() - interval '365 days';
    UPDATE public.known_browsers b SET seen_at = clock_timestamp() WHERE b.token_hash = p_browser AND b.user_id = p_user;
    IF FOUND THEN
        RETURN true;
    END IF;
    UPDATE public.known_browsers b SET token_hash = p_new_browser WHERE b.token_hash = p_browser;
    INSERT INTO public.known_browsers (token_hash, user_id) VALUES (p_new_browser, p_user);
    RETURN false;
END $$;

-- ── Log-in ───────────────────────────────────────────────────────────────────────────────────────────────────────────
-- As in migration 14, but with counters for known browsers, growing waits, and events. `p_client` is the network address
-- of the events, and `p_request` their request. `events` is null when nothing was stored.

CREATE FUNCTION begin_login(
    p_email text, p_lower text, p_account bytea, p_address bytea, p_browser bytea, p_client text, p_request text,
    OUT wait integer, OUT setting text, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    c record;
BEGIN
    SELECT u.user_id, u.email, u.password_hash INTO known FROM public.users u
    WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1;
    SELECT * INTO c FROM public.login_counters(known.user_id, known.email, p_account, p_address, p_browser);
    wait := public.login_wait(c.counters);
    IF wait > 0 THEN
        events := public.refuse_login(c.counters, wait, known.user_id, p_client, p_request);
        RETURN;
    END IF;
    setting := regexp_replace(known.password_hash, '[^$]+$', '')
        || repeat('A', length(substring(known.password_hash FROM '[^$]+$')));
END $$;

-- The user is locked first and the counters after it, in one order, as in use_link.
CREATE FUNCTION finish_login(
    p_email text, p_lower text, p_account bytea, p_address bytea, p_browser bytea, p_client text, p_request text,
    p_hash text, p_raw_hash text, p_token_hash bytea, p_new_browser bytea,
    OUT wait integer, OUT has_begun boolean, OUT keeps_browser boolean, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    c record;
    who text;
BEGIN
    has_begun := false;
    SELECT u.user_id, u.email, u.password_hash INTO known FROM public.users u
    WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1
    FOR NO KEY UPDATE;
    who := known.user_id;
    SELECT * INTO c FROM public.login_counters(who, known.email, p_account, p_address, p_browser);
    INSERT INTO public.login_failures AS f (subject, failures, until)
    SELECT s, 0, clock_timestamp() + interval '1 hour' FROM unnest(c.counters) s ORDER BY s
    ON CONFLICT (subject) DO UPDATE SET  -- also locks the rows
        failures = CASE WHEN f.until <= clock_timestamp() THEN 0 ELSE f.failures END,
        until = CASE WHEN f.until <= clock_timestamp() THEN EXCLUDED.until ELSE f.until END;
    wait := public.login_wait(c.counters);
    IF wait > 0 THEN
        events := public.refuse_login(c.counters, wait, who, p_client, p_request);
        RETURN;
    END IF;
    IF known.password_hash IN (p_hash, p_raw_hash) THEN
        has_begun := true;
        UPDATE public.users u SET password_hash = p_hash WHERE u.user_id = who AND u.password_hash <> p_hash;
        DELETE FROM public.login_failures WHERE subject = c.counters[1];
        PERFORM public.open_session(p_token_hash, who, interval '12 hours', interval '30 days');
        keeps_browser := public.remember_browser(who, p_browser, p_new_browser);
        events := ARRAY[
            public.record_security_event('login.succeeded', NULL, 'user', who, who, p_client, p_request, NULL)
        ];
    ELSE
        events := public.count_failure(c.counters, c.most, c.kinds, who, p_client, p_request);
    END IF;
    DELETE FROM public.login_failures WHERE subject IN (  -- SKIP LOCKED: deleting old rows must not wait
        SELECT f.subject FROM public.login_failures f WHERE f.until < clock_timestamp() - interval '15 minutes'
        LIMIT 100 FOR UPDATE SKIP LOCKED
    );
END $$;

-- As in migration 15; also makes all browsers of the user unknown, and then the one known that has used the link.
CREATE FUNCTION use_link(
    p_token_hash bytea, p_password_hash text, p_address text, p_request text, p_browser bytea, p_new_browser bytea
) RETURNS json[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text;
    known record;
    kind text;
BEGIN
    DELETE FROM public.user_links l WHERE l.token_hash = p_token_hash AND l.expires_at > clock_timestamp()
    RETURNING l.user_id INTO who;
    SELECT u.email, u.password_hash INTO known FROM public.users u
    WHERE u.user_id = who AND u.removed_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    UPDATE public.users u SET password_hash = p_password_hash WHERE u.user_id = who;
    DELETE FROM public.user_links l WHERE l.user_id = who;
    DELETE FROM public.user_sessions s WHERE s.user_id = who;
    DELETE FROM public.login_failures f WHERE f.subject = public.account_counter(known.email, NULL);
    DELETE FROM public.known_browsers b WHERE b.user_id = who;
    PERFORM public.remember_browser(who, p_browser, p_new_browser);
    kind := CASE WHEN known.password_hash IS NULL THEN 'password.set' ELSE 'password.changed' END;
    RETURN ARRAY[
        public.record_security_event('link.used', NULL, 'user', who, who, p_address, p_request, NULL),
        public.record_security_event(kind, NULL, 'user', who, who, p_address, p_request, NULL)
    ];
END $$;

REVOKE ALL ON FUNCTION login_delay, login_wait, login_counters, refuse_login, count_failure, remember_browser, begin_login,
    finish_login, use_link FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_login, finish_login, use_link TO smartdhandha_app;
