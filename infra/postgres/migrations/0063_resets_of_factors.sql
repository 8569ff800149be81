-- Owners and admins take the second factors of a colleague away who has lost the device. docs/decisions/0045-the-second-factor.md

-- As in migration 58, with whether the user has a second factor.
CREATE OR REPLACE VIEW member_list AS
    SELECT o.org_id, u.user_id, u.email, m.role, u.removed_at, m.status, u.created_at,
           u.password_hash IS NOT NULL AS has_password,
           (SELECT max(s.seen_at) FROM user_sessions s WHERE s.user_id = u.user_id) AS last_seen_at, u.name,
           EXISTS (SELECT FROM user_factors f WHERE f.user_id = u.user_id) AS has_factor
    FROM organizations o JOIN all_members m ON m.org_id = coalesce(o.live_organization, o.org_id)
    JOIN users u ON u.user_id = m.user_id
    WHERE o.org_id = current_setting('app.org', true);

-- As in migration 52, but admins may, too, except of owners: 'owner'. 'gone': the user does not belong to the organization.
CREATE OR REPLACE FUNCTION reset_member_factors(
    p_token_hash bytea, p_user text, p_client text, p_request text, OUT problem text, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    manager record;
    of_role text;
BEGIN
    SELECT f.who, f.proved, m.org_id, m.role INTO manager
    FROM public.factor_session(p_token_hash) f
    JOIN public.user_sessions s ON s.token_hash = p_token_hash
    JOIN public.users u ON u.user_id = f.who
    JOIN public.all_members m ON m.org_id = coalesce(s.org_id, u.org_id) AND m.user_id = f.who
    WHERE m.role IN ('owner', 'admin') AND m.status = 'active' AND NOT f.awaits;
    SELECT m.role INTO of_role FROM public.all_members m
    WHERE m.org_id = manager.org_id AND m.user_id = p_user AND m.status = 'active';
    problem := CASE
        WHEN manager.who IS NULL THEN 'forbidden'
        WHEN NOT manager.proved THEN 'unproved'
        WHEN manager.who = p_user THEN 'own'
        WHEN of_role IS NULL THEN 'gone'
        WHEN of_role = 'owner' AND manager.role <> 'owner' THEN 'owner'
        WHEN EXISTS (
            SELECT FROM public.all_members m
            WHERE m.org_id <> manager.org_id AND m.user_id = p_user AND m.status = 'active'
        ) THEN 'elsewhere'
    END;
    IF problem IS NULL THEN
        PERFORM public.drop_factors(p_user);
        events := ARRAY[public.record_security_event(
            'factors.reset', manager.org_id, 'user', manager.who, p_user, p_client, p_request, NULL
        )];
    END IF;
END $$;
