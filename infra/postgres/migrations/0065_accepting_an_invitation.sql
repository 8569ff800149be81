-- Changes of the same user's password, sessions and memberships wait for each other, and take their locks in one order: first
-- the user, then links, sessions and browsers. Links that owners and admins were shown end with what they were made for.

-- The organization whose owner or admin was shown the link; null for one in a mail, or of the operator.
ALTER TABLE user_links ADD COLUMN shown_in text COLLATE "C";

-- As in migration 47.
CREATE OR REPLACE FUNCTION create_invitation(p_token_hash bytea, p_user text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
    until timestamptz;
BEGIN
    PERFORM FROM public.memberships m WHERE m.org_id = own AND m.user_id = p_user AND m.status = 'invited';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    DELETE FROM public.user_links l WHERE l.user_id = p_user AND l.purpose = 'invitation' AND l.org_id = own;
    INSERT INTO public.user_links (token_hash, user_id, expires_at, purpose, org_id, shown_in)
    VALUES (p_token_hash, p_user, clock_timestamp() + interval '7 days', 'invitation', own, own)
    RETURNING expires_at INTO until;
    RETURN until;
END $$;

-- As in migration 47, but the user is locked first, so that no change of a membership comes in between.
CREATE OR REPLACE FUNCTION create_password_link(
    p_token_hash bytea, p_user text, p_by text, p_client text, p_request text, OUT until timestamptz, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
BEGIN
    PERFORM FROM public.users u WHERE u.user_id = p_user FOR NO KEY UPDATE;
    PERFORM FROM public.all_members target JOIN public.all_members maker USING (org_id)
    WHERE target.org_id = own AND target.user_id = p_user AND target.status = 'active'
    AND maker.user_id = p_by AND maker.status = 'active'
    AND (maker.role = 'owner' OR (maker.role = 'admin' AND target.role <> 'owner'))
    AND NOT EXISTS (
        SELECT FROM public.all_members other
        WHERE other.user_id = p_user AND other.org_id <> own AND other.status <> 'removed'
    );
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM public.user_links l WHERE l.user_id = p_user AND l.purpose = 'password';
    INSERT INTO public.user_links (token_hash, user_id, expires_at, shown_in)
    VALUES (p_token_hash, p_user, clock_timestamp() + interval '72 hours', own) RETURNING expires_at INTO until;
    event := public.record_security_event('link.created', own, 'user', p_by, p_user, p_client, p_request, NULL);
END $$;

-- As in migration 55, but the user is locked before the link is used up.
CREATE OR REPLACE FUNCTION use_link(
    p_token_hash bytea, p_password_hash text, p_address text, p_request text, p_browser bytea, p_new_browser bytea
) RETURNS json[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := (SELECT l.user_id FROM public.user_links l WHERE l.token_hash = p_token_hash);
    link record;
    known record;
    kind text;
BEGIN
    SELECT u.email, u.password_hash INTO known FROM public.users u
    WHERE u.user_id = who AND u.removed_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    DELETE FROM public.user_links l WHERE l.token_hash = p_token_hash AND l.expires_at > clock_timestamp()
    RETURNING l.purpose, l.org_id INTO link;
    IF NOT FOUND OR (link.purpose = 'invitation' AND (known.password_hash IS NOT NULL OR EXISTS (
        SELECT FROM public.all_members m WHERE m.user_id = who AND m.status = 'active' AND m.org_id <> link.org_id
    ))) THEN
        RETURN NULL;
    END IF;
    UPDATE public.users u SET password_hash = p_password_hash WHERE u.user_id = who;
    DELETE FROM public.user_links l WHERE l.user_id = who AND l.purpose = 'password';
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

-- As in migration 46, but the users are locked first, and links that were shown to owners and admins end: those that set the
-- password of somebody who joins, gets another role or is removed, because they would now open something else; and all of the
-- organization when one of its owners and admins loses rights.
CREATE OR REPLACE FUNCTION set_members(p_org text, p_members json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed record;
    removed text[];
BEGIN
    IF p_org IS DISTINCT FROM current_setting('app.org', true) THEN
        RAISE 'only the members of the transaction''s own organization can be set, not those of %', p_org;
    END IF;
    SELECT array_agg(e.key) AS users, bool_or(
        m.status = 'active' AND m.role IN ('owner', 'admin')
        AND (e.value ->> 'role', e.value ->> 'status') IS DISTINCT FROM ('owner', 'active')
    ) AS lose_rights INTO changed
    FROM json_each(p_members) e LEFT JOIN public.all_members m ON m.org_id = p_org AND m.user_id = e.key
    WHERE (m.role, m.status) IS DISTINCT FROM (e.value ->> 'role', e.value ->> 'status');
    removed := ARRAY(SELECT e.key FROM json_each(p_members) e WHERE e.value ->> 'status' = 'removed');
    PERFORM FROM public.users u
    WHERE u.removed_at IS NULL AND (
        u.user_id = ANY (changed.users) OR u.user_id = ANY (removed) OR (u.org_id = p_org AND u.role IS NOT NULL)
    )
    ORDER BY u.user_id FOR NO KEY UPDATE;
    INSERT INTO public.memberships AS m (org_id, user_id, role, status)
    SELECT p_org, e.key, e.value ->> 'role', e.value ->> 'status' FROM json_each(p_members) e
    WHERE EXISTS (SELECT FROM public.users u WHERE u.user_id = e.key)  -- an imported log names users of another database
    ON CONFLICT (org_id, user_id) DO UPDATE SET role = EXCLUDED.role, status = EXCLUDED.status
    WHERE (m.role, m.status) IS DISTINCT FROM (EXCLUDED.role, EXCLUDED.status);
    UPDATE public.users u SET role = NULL
    WHERE u.org_id = p_org AND u.role IS NOT NULL AND u.user_id IN (SELECT json_object_keys(p_members));
    DELETE FROM public.user_links l USING public.memberships m
    WHERE m.org_id = p_org AND m.user_id = ANY (changed.users) AND m.status <> 'invited'
    AND l.user_id = m.user_id AND l.purpose = 'password' AND l.shown_in IS NOT NULL;
    IF changed.lose_rights THEN
        DELETE FROM public.user_links l WHERE l.shown_in = p_org;
    END IF;
    DELETE FROM public.user_sessions s USING public.users u
    WHERE s.user_id = ANY (removed) AND u.user_id = s.user_id AND coalesce(s.org_id, u.org_id) = p_org;
    UPDATE public.users u SET org_id = m.org_id FROM public.memberships m
    WHERE u.user_id = ANY (removed) AND u.org_id = p_org AND m.user_id = u.user_id AND m.status = 'active';
    UPDATE public.users u SET removed_at = clock_timestamp(), password_hash = NULL
    WHERE u.user_id = ANY (removed) AND u.removed_at IS NULL AND u.role IS NULL
    AND NOT EXISTS (SELECT FROM public.memberships m WHERE m.user_id = u.user_id AND m.status <> 'removed');
    DELETE FROM public.user_links l USING public.users u
    WHERE l.user_id = ANY (removed) AND u.user_id = l.user_id AND u.removed_at IS NOT NULL;
    DELETE FROM public.known_browsers b USING public.users u
    WHERE b.user_id = ANY (removed) AND u.user_id = b.user_id AND u.removed_at IS NOT NULL;
END $$;

-- As in migration 46, but the user is locked before the session.
CREATE OR REPLACE FUNCTION switch_organization(p_token_hash bytea, p_org text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text;
BEGIN
    PERFORM FROM public.users u JOIN public.user_sessions s USING (user_id)
    WHERE s.token_hash = p_token_hash FOR NO KEY UPDATE OF u;
    UPDATE public.user_sessions s SET org_id = p_org, in_test_mode = false
    FROM public.all_members m
    WHERE s.token_hash = p_token_hash AND m.org_id = p_org AND m.user_id = s.user_id AND m.status = 'active'
    RETURNING s.user_id INTO who;
    UPDATE public.users u SET org_id = p_org WHERE u.user_id = who AND u.role IS NULL;
    RETURN who IS NOT NULL;
END $$;
