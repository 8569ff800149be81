-- Users, links to set a password, sessions, and counts of failed log-ins. Why these are plain tables, and not events:
-- docs/decisions/0010-users-are-rows.md. The application's role cannot access them; it calls the functions below.

CREATE TABLE users (
    user_id       text COLLATE "C" PRIMARY KEY,
    org_id        text COLLATE "C" NOT NULL REFERENCES organizations,
    email         text COLLATE "C" NOT NULL CHECK (email = lower(email)),
    role          text COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    password_hash text,  -- argon2id; null until the user has set a password
    created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    removed_at    timestamptz
);
-- A log-in names no organization, so an address is unique among all users. The address of a removed user can be used
-- again.
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE removed_at IS NULL;
CREATE INDEX users_organization ON users (org_id, created_at);

CREATE TABLE user_links (
    token_hash bytea PRIMARY KEY,  -- SHA-256
    user_id    text COLLATE "C" NOT NULL REFERENCES users,
    expires_at timestamptz NOT NULL
);
CREATE INDEX user_links_user ON user_links (user_id);

CREATE TABLE user_sessions (
    token_hash bytea PRIMARY KEY,  -- SHA-256
    user_id    text COLLATE "C" NOT NULL REFERENCES users,
    began_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX user_sessions_user ON user_sessions (user_id);
CREATE INDEX user_sessions_seen ON user_sessions (seen_at);
CREATE INDEX user_sessions_began ON user_sessions (began_at);

-- Failed log-ins, by the SHA-256 of the e-mail address (even of an unknown one) and of the network address.
CREATE TABLE login_failures (
    subject  bytea PRIMARY KEY,
    failures integer NOT NULL,
    until    timestamptz NOT NULL
);
CREATE INDEX login_failures_until ON login_failures (until);

ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_links ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_failures ENABLE ROW LEVEL SECURITY;

-- ── Log-in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Counts an attempt as failed before its password is checked, so that concurrent attempts are counted too. Returns the
-- seconds to wait when an address has reached its limit, and then counts nothing; 0 allows the attempt.
CREATE FUNCTION count_login(p_subjects bytea[], p_limits integer[], p_window interval) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wait integer;
BEGIN
    INSERT INTO public.login_failures AS f (subject, failures, until)
    SELECT s, 0, clock_timestamp() + p_window FROM unnest(p_subjects) s ORDER BY s
    ON CONFLICT (subject) DO UPDATE SET  -- also locks the rows, always in the same order
        failures = CASE WHEN f.until <= clock_timestamp() THEN 0 ELSE f.failures END,
        until = CASE WHEN f.until <= clock_timestamp() THEN EXCLUDED.until ELSE f.until END;
    SELECT max(ceil(extract(epoch FROM f.until - clock_timestamp())))::integer INTO wait
    FROM public.login_failures f JOIN unnest(p_subjects, p_limits) AS t (subject, most) USING (subject)
    WHERE f.failures >= t.most;
    IF wait IS NOT NULL THEN
        RETURN greatest(wait, 1);
    END IF;
    UPDATE public.login_failures SET failures = failures + 1, until = clock_timestamp() + p_window
    WHERE subject = ANY (p_subjects);
    DELETE FROM public.login_failures WHERE subject IN (  -- SKIP LOCKED: deleting old rows must not wait
        SELECT f.subject FROM public.login_failures f WHERE f.until < clock_timestamp() - p_window
        LIMIT 100 FOR UPDATE SKIP LOCKED
    );
    RETURN 0;
END $$;

-- After a successful log-in: deletes the account's failures, and takes back the one just counted for the address.
CREATE FUNCTION clear_login(p_account bytea, p_address bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- In the order of count_login, to avoid a deadlock with it.
    PERFORM FROM public.login_failures f WHERE f.subject IN (p_account, p_address) ORDER BY f.subject FOR UPDATE;
    DELETE FROM public.login_failures WHERE subject = p_account;
    UPDATE public.login_failures SET failures = greatest(failures - 1, 0) WHERE subject = p_address;
END $$;

CREATE FUNCTION find_login(p_email text, OUT id text, OUT hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT u.user_id, u.password_hash FROM public.users u WHERE u.email = p_email AND u.removed_at IS NULL;
END;

-- ── Sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION open_session(p_token_hash bytea, p_user text, p_idle interval, p_longest interval) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM public.user_sessions WHERE token_hash IN (
        SELECT s.token_hash FROM public.user_sessions s
        WHERE s.seen_at < clock_timestamp() - p_idle OR s.began_at < clock_timestamp() - p_longest
        LIMIT 100 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO public.user_sessions (token_hash, user_id) VALUES (p_token_hash, p_user);
END;

-- Returns the user of a session, or no row when it has ended. Stores the time of use at most once a minute.
CREATE FUNCTION find_session(
    p_token_hash bytea, p_idle interval, p_longest interval,
    OUT id text, OUT email text, OUT role text, OUT org text, OUT organization text, OUT time_zone text
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    seen timestamptz;
BEGIN
    SELECT u.user_id, u.email, u.role, o.org_id, o.name, o.time_zone, s.seen_at
    INTO id, email, role, org, organization, time_zone, seen
    FROM public.user_sessions s JOIN public.users u USING (user_id) JOIN public.organizations o USING (org_id)
    WHERE s.token_hash = p_token_hash AND u.removed_at IS NULL
    AND s.seen_at > clock_timestamp() - p_idle AND s.began_at > clock_timestamp() - p_longest;
    IF FOUND THEN
        IF seen < clock_timestamp() - interval '1 minute' THEN
            UPDATE public.user_sessions SET seen_at = clock_timestamp() WHERE token_hash = p_token_hash;
        END IF;
        RETURN NEXT;
    END IF;
END $$;

-- Ends the session, or all sessions of its user.
CREATE FUNCTION close_session(p_token_hash bytea, p_everywhere boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM public.user_sessions WHERE token_hash = p_token_hash OR (p_everywhere AND user_id = (
        SELECT s.user_id FROM public.user_sessions s WHERE s.token_hash = p_token_hash
    ));
END;

-- ── One-time links ───────────────────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION find_link(p_token_hash bytea, OUT email text, OUT organization text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT u.email, o.name FROM public.user_links l JOIN public.users u USING (user_id) JOIN public.organizations o USING (org_id)
    WHERE l.token_hash = p_token_hash AND l.expires_at > clock_timestamp() AND u.removed_at IS NULL;
END;

-- Sets the password of the link's user, deletes the link, and ends all sessions of the user. Returns false when the link
-- is unknown, used or expired; of two concurrent uses one succeeds.
CREATE FUNCTION use_link(p_token_hash bytea, p_password_hash text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text;
    account bytea;
BEGIN
    DELETE FROM public.user_links l WHERE l.token_hash = p_token_hash AND l.expires_at > clock_timestamp()
    RETURNING l.user_id INTO who;
    UPDATE public.users u SET password_hash = p_password_hash WHERE u.user_id = who AND u.removed_at IS NULL
    RETURNING sha256(convert_to('account ' || u.email, 'UTF8')) INTO account;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM public.user_links l WHERE l.user_id = who;
    DELETE FROM public.user_sessions s WHERE s.user_id = who;
    DELETE FROM public.login_failures f WHERE f.subject = account;
    RETURN true;
END $$;

-- ── Roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- The users of the transaction's organization, also removed ones: their addresses appear in its history.
CREATE VIEW member_list AS
    SELECT org_id, user_id, email, role, removed_at FROM users WHERE org_id = current_setting('app.org', true);

-- The last request that is in the sums of usage, so that a page can add the newer ones from `credits`.
CREATE VIEW usage_progress_list AS
    SELECT org_id, key_id, seq FROM usage_progress WHERE org_id = current_setting('app.org', true);

REVOKE ALL ON FUNCTION count_login, clear_login, find_login, open_session, find_session, close_session, find_link, use_link
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_login, clear_login, find_login, open_session, find_session, close_session, find_link, use_link
    TO smartdhandha_app;
GRANT SELECT ON member_list, usage_progress_list TO smartdhandha_app;
