-- What a user decides about the own account: name, theme, password and sessions. Each function begins with a session of
-- the user, so that nobody without it changes or learns anything.

ALTER TABLE users
    ADD COLUMN name text CHECK (char_length(name) BETWEEN 1 AND 80),  -- null until the user has given one
    ADD COLUMN theme text COLLATE "C" CHECK (theme IN ('system', 'light', 'dark'));  -- null until the user has chosen one
ALTER TABLE user_sessions  -- in a session of an earlier version it is not known from where it was begun
    ADD COLUMN address text COLLATE "C",  -- the client's network address
    ADD COLUMN browser text;              -- the family of the browser

-- As in migration 46, with the name of the user.
CREATE OR REPLACE VIEW member_list AS
    SELECT o.org_id, u.user_id, u.email, m.role, u.removed_at, m.status, u.created_at,
           u.password_hash IS NOT NULL AS has_password,
           (SELECT max(s.seen_at) FROM user_sessions s WHERE s.user_id = u.user_id) AS last_seen_at, u.name
    FROM organizations o JOIN all_members m ON m.org_id = coalesce(o.live_organization, o.org_id)
    JOIN users u ON u.user_id = m.user_id
    WHERE o.org_id = current_setting('app.org', true);

-- ── Steps, which the application's role cannot call alone ────────────────────────────────────────────────────────────

-- The user of a session; null if the session has ended.
CREATE FUNCTION user_of_session(p_token_hash bytea) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT f.id FROM public.find_session(p_token_hash, interval '12 hours', interval '30 days') f);
END $$;

-- Sets a new password, and takes away what the earlier one may have opened: other sessions, links that set a password,
-- and other known browsers.
CREATE FUNCTION replace_password(p_user text, p_hash text, p_kept_session bytea, p_kept_browser bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.users u SET password_hash = p_hash WHERE u.user_id = p_user;
    PERFORM public.end_other_sessions(p_user, p_kept_session);
    DELETE FROM public.user_links l WHERE l.user_id = p_user AND l.purpose = 'password';
    DELETE FROM public.known_browsers b WHERE b.user_id = p_user AND b.token_hash IS DISTINCT FROM p_kept_browser;
END $$;

-- The id by which a user names a session: it does not say the hash of the token, and nobody can count on from it.
CREATE FUNCTION session_id(p_token_hash bytea) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp
RETURN left(encode(sha256(p_token_hash), 'hex'), 32);

-- ── What the service asks for ────────────────────────────────────────────────────────────────────────────────────────

-- Stores from where a new session was begun, once. Returns the theme of its user.
CREATE FUNCTION note_client(p_token_hash bytea, p_address text, p_browser text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.user_sessions s SET address = p_address, browser = p_browser
    WHERE s.token_hash = p_token_hash AND s.address IS NULL;
    RETURN (SELECT u.theme FROM public.users u WHERE u.user_id = public.user_of_session(p_token_hash));
END $$;

-- The name and the theme of the user of a session.
CREATE FUNCTION find_profile(p_token_hash bytea, OUT name text, OUT theme text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT text := public.user_of_session(p_token_hash);
BEGIN
    SELECT u.name, u.theme INTO name, theme FROM public.users u WHERE u.user_id = who;
END $$;

CREATE FUNCTION change_profile(p_token_hash bytea, p_name text, p_theme text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT text := public.user_of_session(p_token_hash);
BEGIN
    UPDATE public.users u SET name = p_name, theme = p_theme WHERE u.user_id = who;
END $$;

-- The sessions of the user of a session that have not ended, the one that was used last first.
CREATE FUNCTION own_sessions(
    p_token_hash bytea, OUT id text, OUT began_at timestamptz, OUT seen_at timestamptz, OUT address text,
    OUT browser text, OUT is_current boolean
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT text := public.user_of_session(p_token_hash);
BEGIN
    RETURN QUERY SELECT public.session_id(s.token_hash), s.began_at, s.seen_at, s.address, s.browser,
        s.token_hash = p_token_hash
    FROM public.user_sessions s
    WHERE s.user_id = who AND s.seen_at > clock_timestamp() - interval '12 hours'
    AND s.began_at > clock_timestamp() - interval '30 days' ORDER BY s.seen_at DESC, s.token_hash;
END $$;

-- Ends one other session of the user, or all others if `p_session` is null. Returns the event; null if none has ended.
CREATE FUNCTION end_own_sessions(p_token_hash bytea, p_session text, p_client text, p_request text) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT text := public.user_of_session(p_token_hash);
    kind text := CASE WHEN p_session IS NULL THEN 'session.others_ended' ELSE 'session.ended' END;
BEGIN
    DELETE FROM public.user_sessions s WHERE s.user_id = who AND s.token_hash <> p_token_hash
    AND (p_session IS NULL OR public.session_id(s.token_hash) = p_session);
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    RETURN public.record_security_event(kind, NULL, 'user', who, who, p_client, p_request, NULL);
END $$;

-- Decides a change of the password: it must wait, or it is done because `p_hash` or `p_raw_hash` is that of the present
-- password, or it is counted as a failed log-in is. All of it is one transaction, as in finish_login. The user is locked
-- first; a session that another new password has ended meanwhile is then found to have ended.
CREATE FUNCTION change_password(
    p_token_hash bytea, p_address bytea, p_browser bytea, p_client text, p_request text, p_hash text, p_raw_hash text,
    p_new_hash text, OUT is_changed boolean, OUT wait integer, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    c record;
BEGIN
    is_changed := false;
    SELECT u.user_id, u.email, u.password_hash INTO known FROM public.user_sessions s JOIN public.users u USING (user_id)
    WHERE s.token_hash = p_token_hash FOR NO KEY UPDATE OF u;
    IF known.user_id IS DISTINCT FROM public.user_of_session(p_token_hash) OR known.user_id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO c FROM public.login_counters(known.user_id, known.email, NULL, p_address, p_browser);
    PERFORM public.lock_counters(c.counters);
    wait := public.login_wait(c.counters);
    IF wait > 0 THEN
        events := public.refuse_login(c.counters, wait, known.user_id, p_client, p_request);
    ELSIF coalesce(known.password_hash IN (p_hash, p_raw_hash), false) THEN
        is_changed := true;
        DELETE FROM public.login_failures f WHERE f.subject = c.counters[1];
        PERFORM public.replace_password(known.user_id, p_new_hash, p_token_hash, p_browser);
        events := ARRAY[public.record_security_event(
            'password.changed', NULL, 'user', known.user_id, known.user_id, p_client, p_request, NULL
        )];
    ELSE
        events := public.count_failure(c.counters, c.most, c.kinds, known.user_id, p_client, p_request);
    END IF;
END $$;

REVOKE ALL ON FUNCTION user_of_session, session_id, replace_password, note_client, find_profile, change_profile,
    own_sessions, end_own_sessions, change_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_client, find_profile, change_profile, own_sessions, end_own_sessions, change_password
    TO smartdhandha_app;
