-- The second factor of a log-in: apps that show codes (TOTP), passkeys and recovery codes.
-- docs/decisions/0045-the-second-factor.md

CREATE TABLE user_factors (
    factor_id     text COLLATE "C" PRIMARY KEY,
    user_id       text COLLATE "C" NOT NULL REFERENCES users,
    kind          text COLLATE "C" NOT NULL CHECK (kind IN ('totp', 'passkey')),
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    sealed        bytea NOT NULL,         -- what answers are checked with, encrypted with a key that the database does not have
    proof_hash    bytea NOT NULL,         -- SHA-256 of the random bytes in `sealed` that prove who could decrypt it
    identity_hash bytea NOT NULL UNIQUE,  -- SHA-256 of the secret, or of the passkey's id: a factor is added once
    used_count    bigint NOT NULL,        -- the newest 30 seconds (TOTP) that were used, or the passkey's count of signatures
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    used_at       timestamptz
);
CREATE INDEX user_factors_user ON user_factors (user_id, created_at);

CREATE TABLE recovery_codes (
    user_id   text COLLATE "C" NOT NULL REFERENCES users,
    code_hash bytea NOT NULL,  -- SHA-256 of the SHA-256 of the code
    PRIMARY KEY (user_id, code_hash)
);

-- Log-ins with the right password that await a factor. They are not sessions, so no function for sessions knows them.
CREATE TABLE pending_logins (
    token_hash bytea PRIMARY KEY,  -- SHA-256
    user_id    text COLLATE "C" NOT NULL REFERENCES users,
    began_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX pending_logins_user ON pending_logins (user_id);
CREATE INDEX pending_logins_began ON pending_logins (began_at);

-- What a passkey must sign: one challenge for each session or pending log-in. It works once.
CREATE TABLE passkey_challenges (
    token_hash bytea PRIMARY KEY,
    challenge  bytea NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX passkey_challenges_made ON passkey_challenges (made_at);

ALTER TABLE user_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE recovery_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE pending_logins ENABLE ROW LEVEL SECURITY;
ALTER TABLE passkey_challenges ENABLE ROW LEVEL SECURITY;

-- When the user of a session last proved who it is. In a session of an earlier version nobody has.
ALTER TABLE user_sessions ADD COLUMN proved_at timestamptz NOT NULL DEFAULT '-infinity';
ALTER TABLE user_sessions ALTER COLUMN proved_at SET DEFAULT clock_timestamp();

-- A new password, and the user's removal, end the log-ins that are pending. A removed user has no factors.
CREATE FUNCTION forget_pending_logins() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.pending_logins p WHERE p.user_id = NEW.user_id;
    IF NEW.removed_at IS NOT NULL THEN
        DELETE FROM public.user_factors f WHERE f.user_id = NEW.user_id;
        DELETE FROM public.recovery_codes r WHERE r.user_id = NEW.user_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER users_pending_logins AFTER UPDATE OF password_hash, removed_at ON users FOR EACH ROW
    WHEN ((OLD.password_hash, OLD.removed_at) IS DISTINCT FROM (NEW.password_hash, NEW.removed_at))
    EXECUTE FUNCTION forget_pending_logins();

-- ── Steps, which the application's role cannot call alone ────────────────────────────────────────────────────────────

-- The user of a session or a pending log-in; no user if it has ended. `proved` says whether the user gave the password or
-- a factor in the last ten minutes, so that factors may be changed.
CREATE FUNCTION factor_session(p_token_hash bytea, OUT who text, OUT awaits boolean, OUT proved boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT p.user_id, true, false INTO who, awaits, proved
    FROM public.pending_logins p JOIN public.users u USING (user_id)
    WHERE p.token_hash = p_token_hash AND u.removed_at IS NULL AND p.began_at > clock_timestamp() - interval '10 minutes';
    IF NOT FOUND THEN
        SELECT s.user_id, false, s.proved_at > clock_timestamp() - interval '10 minutes' INTO who, awaits, proved
        FROM public.user_sessions s JOIN public.users u USING (user_id)
        WHERE s.token_hash = p_token_hash AND u.removed_at IS NULL
        AND s.seen_at > clock_timestamp() - interval '12 hours' AND s.began_at > clock_timestamp() - interval '30 days';
    END IF;
END $$;

-- As factor_session, after all other changes of the user's factors, log-ins and password have ended.
CREATE FUNCTION lock_factor_session(p_token_hash bytea, OUT who text, OUT awaits boolean, OUT proved boolean)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.users u, public.factor_session(p_token_hash) f WHERE u.user_id = f.who FOR NO KEY UPDATE OF u;
    SELECT f.who, f.awaits, f.proved INTO who, awaits, proved FROM public.factor_session(p_token_hash) f;
END $$;

-- As login_counters, but wrong factors have a counter apart from that of wrong passwords: the right password must not
-- give somebody new attempts for the factor.
CREATE FUNCTION factor_counters(
    p_user text, p_address bytea, p_browser bytea, OUT counters bytea[], OUT most integer[], OUT kinds text[]
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT c.counters, c.most, c.kinds INTO counters, most, kinds
    FROM public.users u, public.login_counters(p_user, u.email, NULL, p_address, p_browser) c WHERE u.user_id = p_user;
    counters[1] := sha256(convert_to('factor ', 'UTF8') || counters[1]);
END $$;

-- Counts a failure for each counter. The first one remembers it for `p_kept`, the others for an hour. Returns the events:
-- the failure, and each counter that has now reached its limit.
CREATE FUNCTION count_wrong(
    p_kind text, p_kept interval, p_counters bytea[], p_most integer[], p_kinds text[], p_user text, p_client text,
    p_request text
) RETURNS json[] LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind text;
    events json[] := ARRAY[public.record_security_event(p_kind, NULL, NULL, NULL, p_user, p_client, p_request, NULL)];
BEGIN
    UPDATE public.login_failures f
    SET failures = f.failures + 1, free_at = clock_timestamp() + public.login_delay(f.failures + 1, t.most),
        until = clock_timestamp() + CASE WHEN t.place = 1 THEN p_kept ELSE interval '1 hour' END
    FROM unnest(p_counters, p_most) WITH ORDINALITY AS t (subject, most, place) WHERE f.subject = t.subject;
    FOR kind IN
        SELECT t.kind FROM unnest(p_counters, p_most, p_kinds) AS t (subject, most, kind)
        JOIN public.login_failures f USING (subject) WHERE f.failures = t.most ORDER BY t.kind
    LOOP
        events := events || public.record_security_event(kind, NULL, NULL, NULL, p_user, p_client, p_request, NULL);
    END LOOP;
    RETURN events;
END $$;

-- As in migration 16, by count_wrong.
CREATE OR REPLACE FUNCTION count_failure(
    p_counters bytea[], p_most integer[], p_kinds text[], p_user text, p_client text, p_request text
) RETURNS json[] LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN public.count_wrong(
        CASE WHEN p_user IS NULL THEN 'login.unknown_account' ELSE 'login.wrong_password' END, interval '1 hour',
        p_counters, p_most, p_kinds, p_user, p_client, p_request
    );
END $$;

-- Uses a factor or a recovery code up, and returns its kind; null if the answer is wrong or was used before. Only a
-- process that can decrypt the factor knows `p_proof`, and it sends it for a right answer only. `p_code` is the SHA-256
-- of a recovery code. A passkey without a counter always counts 0.
CREATE FUNCTION use_factor(p_user text, p_factor text, p_proof bytea, p_count bigint, p_code bytea) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    used text;
BEGIN
    UPDATE public.user_factors f SET used_count = p_count, used_at = clock_timestamp()
    WHERE f.user_id = p_user AND f.factor_id = p_factor AND f.proof_hash = sha256(p_proof)
    AND (p_count > f.used_count OR (f.kind = 'passkey' AND p_count = 0 AND f.used_count = 0))
    RETURNING f.kind INTO used;
    IF used IS NULL THEN
        DELETE FROM public.recovery_codes r WHERE r.user_id = p_user AND r.code_hash = sha256(p_code)
        RETURNING 'recovery_code' INTO used;
    END IF;
    RETURN used;
END $$;

-- Begins the session of a pending log-in whose factor was right, with a new token, and makes the browser known.
CREATE FUNCTION accept_factor(
    p_user text, p_token_hash bytea, p_kind text, p_new_token_hash bytea, p_browser bytea, p_new_browser bytea,
    p_client text, p_request text, OUT keeps_browser boolean, OUT events json[]
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.pending_logins p WHERE p.token_hash = p_token_hash;
    PERFORM public.open_session(p_new_token_hash, p_user, interval '12 hours', interval '30 days');
    keeps_browser := public.remember_browser(p_user, p_browser, p_new_browser);
    events := ARRAY[public.record_security_event(
        'login.succeeded', NULL, 'user', p_user, p_user, p_client, p_request, json_build_object('factor', p_kind)
    )];
END $$;

-- ── Log-in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- As in migration 17. For a user with a factor, the log-in awaits it, and the browser is not known yet: a browser that
-- is known has attempts of its own.
CREATE OR REPLACE FUNCTION accept_login(
    p_user text, p_hash text, p_counter bytea, p_token_hash bytea, p_browser bytea, p_new_browser bytea, p_client text,
    p_request text, OUT keeps_browser boolean, OUT events json[]
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kind text := 'login.succeeded';
BEGIN
    UPDATE public.users u SET password_hash = p_hash WHERE u.user_id = p_user AND u.password_hash <> p_hash;
    DELETE FROM public.login_failures f WHERE f.subject = p_counter;
    IF EXISTS (SELECT FROM public.user_factors f WHERE f.user_id = p_user) THEN
        kind := 'login.awaits_factor';
        keeps_browser := true;
        DELETE FROM public.pending_logins WHERE token_hash IN (
            SELECT p.token_hash FROM public.pending_logins p WHERE p.began_at < clock_timestamp() - interval '10 minutes'
            LIMIT 100 FOR UPDATE SKIP LOCKED
        );
        INSERT INTO public.pending_logins (token_hash, user_id) VALUES (p_token_hash, p_user);
    ELSE
        PERFORM public.open_session(p_token_hash, p_user, interval '12 hours', interval '30 days');
        keeps_browser := public.remember_browser(p_user, p_browser, p_new_browser);
    END IF;
    events := ARRAY[public.record_security_event(kind, NULL, 'user', p_user, p_user, p_client, p_request, NULL)];
END $$;

-- The factors of the user of a session or a pending log-in, with what the service needs to check an answer; no row if the
-- session has ended.
CREATE FUNCTION find_factors(
    p_token_hash bytea,
    OUT id text, OUT email text, OUT awaits boolean, OUT proved boolean, OUT codes integer, OUT factors json,
    OUT asked_at timestamptz
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT u.user_id, u.email, f.awaits, f.proved, clock_timestamp() INTO id, email, awaits, proved, asked_at
    FROM public.factor_session(p_token_hash) f JOIN public.users u ON u.user_id = f.who;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT count(*) INTO codes FROM public.recovery_codes r WHERE r.user_id = id;
    SELECT coalesce(json_agg(json_build_object(
        'id', f.factor_id, 'kind', f.kind, 'name', f.name, 'sealed', convert_from(f.sealed, 'UTF8'),
        'count', f.used_count, 'createdAt', f.created_at, 'usedAt', f.used_at
    ) ORDER BY f.created_at, f.factor_id), '[]') INTO factors FROM public.user_factors f WHERE f.user_id = id;
    RETURN NEXT;
END $$;

-- Decides an answer: it must wait, or it is accepted, or it is counted as a failure, all in one transaction. For a
-- pending log-in, an accepted answer begins the session; for a session, it proves again who its user is.
CREATE FUNCTION finish_factor(
    p_token_hash bytea, p_address bytea, p_browser bytea, p_client text, p_request text,
    p_factor text, p_proof bytea, p_count bigint, p_code bytea, p_new_token_hash bytea, p_new_browser bytea,
    OUT wait integer, OUT accepted boolean, OUT keeps_browser boolean, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    c record;
    used text;
BEGIN
    accepted := false;
    SELECT * INTO known FROM public.lock_factor_session(p_token_hash);
    IF known.who IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO c FROM public.factor_counters(known.who, p_address, p_browser);
    PERFORM public.lock_counters(c.counters);
    wait := public.login_wait(c.counters);
    IF wait > 0 THEN
        events := public.refuse_login(c.counters, wait, known.who, p_client, p_request);
        RETURN;
    END IF;
    used := public.use_factor(known.who, p_factor, p_proof, p_count, p_code);
    IF used IS NULL THEN
        events := public.count_wrong(
            'login.wrong_factor', interval '30 days', c.counters, c.most, c.kinds, known.who, p_client, p_request
        );
        RETURN;
    END IF;
    accepted := true;
    DELETE FROM public.login_failures f WHERE f.subject = c.counters[1];
    IF known.awaits THEN
        SELECT a.keeps_browser, a.events INTO keeps_browser, events FROM public.accept_factor(
            known.who, p_token_hash, used, p_new_token_hash, p_browser, p_new_browser, p_client, p_request
        ) a;
    ELSE
        UPDATE public.user_sessions s SET proved_at = clock_timestamp() WHERE s.token_hash = p_token_hash;
    END IF;
    IF used = 'recovery_code' THEN
        events := events || public.record_security_event(
            'recovery_code.used', NULL, 'user', known.who, known.who, p_client, p_request,
            json_build_object('left', (SELECT count(*) FROM public.recovery_codes r WHERE r.user_id = known.who))
        );
    END IF;
END $$;

-- Proves again, by the password, who the user of a session is. The password of a user with a factor is not enough, and is
-- not compared.
CREATE FUNCTION confirm_password(
    p_token_hash bytea, p_address bytea, p_browser bytea, p_client text, p_request text, p_hash text, p_raw_hash text,
    OUT wait integer, OUT accepted boolean, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    c record;
BEGIN
    accepted := false;
    SELECT u.user_id, u.email, u.password_hash INTO known
    FROM public.lock_factor_session(p_token_hash) f JOIN public.users u ON u.user_id = f.who
    WHERE NOT f.awaits AND NOT EXISTS (SELECT FROM public.user_factors o WHERE o.user_id = f.who);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO c FROM public.login_counters(known.user_id, known.email, NULL, p_address, p_browser);
    PERFORM public.lock_counters(c.counters);
    wait := public.login_wait(c.counters);
    accepted := wait = 0 AND coalesce(known.password_hash IN (p_hash, p_raw_hash), false);
    IF wait > 0 THEN
        events := public.refuse_login(c.counters, wait, known.user_id, p_client, p_request);
    ELSIF accepted THEN
        DELETE FROM public.login_failures f WHERE f.subject = c.counters[1];
        UPDATE public.user_sessions s SET proved_at = clock_timestamp() WHERE s.token_hash = p_token_hash;
    ELSE
        events := public.count_failure(c.counters, c.most, c.kinds, known.user_id, p_client, p_request);
    END IF;
END $$;

-- Whether the user of a session has a factor.
CREATE FUNCTION has_factor(p_token_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.user_sessions s JOIN public.user_factors f USING (user_id) WHERE s.token_hash = p_token_hash
    );
END $$;

-- ── Challenges of passkeys ───────────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION keep_challenge(p_token_hash bytea, p_challenge bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.passkey_challenges WHERE token_hash IN (
        SELECT c.token_hash FROM public.passkey_challenges c WHERE c.made_at < clock_timestamp() - interval '10 minutes'
        LIMIT 100 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO public.passkey_challenges AS c (token_hash, challenge)
    SELECT p_token_hash, p_challenge FROM public.factor_session(p_token_hash) f WHERE f.who IS NOT NULL
    ON CONFLICT (token_hash) DO UPDATE SET challenge = EXCLUDED.challenge, made_at = clock_timestamp();
END $$;

-- Returns the challenge, and deletes it; null if there is none, or if it is older than ten minutes.
CREATE FUNCTION take_challenge(p_token_hash bytea) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    taken record;
BEGIN
    DELETE FROM public.passkey_challenges c WHERE c.token_hash = p_token_hash
    RETURNING c.challenge, c.made_at > clock_timestamp() - interval '10 minutes' AS works INTO taken;
    RETURN CASE WHEN taken.works THEN taken.challenge END;
END $$;

REVOKE ALL ON FUNCTION forget_pending_logins, factor_session, lock_factor_session, factor_counters, count_wrong, use_factor,
    accept_factor, find_factors, finish_factor, confirm_password, has_factor, keep_challenge, take_challenge FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_factors, finish_factor, confirm_password, has_factor, keep_challenge, take_challenge
    TO smartdhandha_app;
