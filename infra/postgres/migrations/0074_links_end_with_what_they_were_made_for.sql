-- As in migration 65, but nobody makes a link for the own password: an open browser would be enough to take the account over.
CREATE OR REPLACE FUNCTION create_password_link(
    p_token_hash bytea, p_user text, p_by text, p_client text, p_request text, OUT until timestamptz, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
BEGIN
    PERFORM FROM public.users u WHERE u.user_id = p_user FOR NO KEY UPDATE;
    PERFORM FROM public.all_members target JOIN public.all_members maker USING (org_id)
    WHERE target.org_id = own AND target.user_id = p_user AND target.status = 'active'
    AND maker.user_id = p_by AND maker.status = 'active' AND p_by <> p_user
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

-- As in migration 65, but the link of an invitation that somebody was shown ends when the invited person gets another role, and
-- every link of an invitation ends when it is withdrawn: an older link must not lead to what a later decision gives.
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
    WHERE m.org_id = p_org AND m.user_id = ANY (changed.users) AND l.user_id = m.user_id AND CASE l.purpose
        WHEN 'password' THEN m.status <> 'invited' AND l.shown_in IS NOT NULL
        ELSE l.org_id = p_org AND (m.status = 'removed' OR (m.status = 'invited' AND l.shown_in IS NOT NULL))
    END;
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
