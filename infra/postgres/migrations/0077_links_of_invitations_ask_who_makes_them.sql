-- As in migration 65, but the function also gets who makes the link: only owners make links of invitations for owners. An old
-- form that was sent again made one for what the person had become meanwhile.
DROP FUNCTION create_invitation(bytea, text);
CREATE FUNCTION create_invitation(p_token_hash bytea, p_user text, p_by text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
    until timestamptz;
BEGIN
    PERFORM FROM public.memberships target JOIN public.all_members maker USING (org_id)
    WHERE target.org_id = own AND target.user_id = p_user AND target.status = 'invited'
    AND maker.user_id = p_by AND maker.status = 'active'
    AND (maker.role = 'owner' OR (maker.role = 'admin' AND target.role <> 'owner'));
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    DELETE FROM public.user_links l WHERE l.user_id = p_user AND l.purpose = 'invitation' AND l.org_id = own;
    INSERT INTO public.user_links (token_hash, user_id, expires_at, purpose, org_id, shown_in)
    VALUES (p_token_hash, p_user, clock_timestamp() + interval '7 days', 'invitation', own, own)
    RETURNING expires_at INTO until;
    RETURN until;
END $$;
REVOKE ALL ON FUNCTION create_invitation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION create_invitation TO smartdhandha_app;

-- As in migration 74, but an invitation of another organization, which anybody can make, takes no link away: only who belongs to
-- another organization gets none. Links that were shown end when the person joins one (`set_members`).
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
        WHERE other.user_id = p_user AND other.org_id <> own AND other.status = 'active'
    );
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM public.user_links l WHERE l.user_id = p_user AND l.purpose = 'password';
    INSERT INTO public.user_links (token_hash, user_id, expires_at, shown_in)
    VALUES (p_token_hash, p_user, clock_timestamp() + interval '72 hours', own) RETURNING expires_at INTO until;
    event := public.record_security_event('link.created', own, 'user', p_by, p_user, p_client, p_request, NULL);
END $$;

-- As in migration 56, but what concerns a user who belongs to no organization is seen by none: an organization that has only
-- invited the user, or has removed the user, does not see log-ins and addresses.
CREATE OR REPLACE FUNCTION record_security_event(
    p_kind text, p_org text, p_actor_type text, p_actor text, p_object text, p_address text, p_request text, p_details json
) RETURNS json LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO public.security_events AS e
        (kind, org_id, actor_type, actor_id, object_id, address, request_id, details, is_copy)
    SELECT p_kind, coalesce(p_org, m.org_id), p_actor_type, p_actor, p_object, p_address, p_request,
           coalesce(p_details, '{}'), row_number() OVER (ORDER BY m.org_id IS DISTINCT FROM u.org_id, m.org_id) > 1
    FROM (SELECT) one
    LEFT JOIN public.users u ON p_org IS NULL AND u.user_id = p_object
    LEFT JOIN public.all_members m ON m.user_id = u.user_id AND m.status = 'active'
    ORDER BY m.org_id IS DISTINCT FROM u.org_id, m.org_id
    RETURNING json_build_object(
        'event', e.event_id, 'kind', e.kind, 'org', e.org_id, 'actorType', e.actor_type, 'actor', e.actor_id,
        'object', e.object_id, 'address', e.address, 'requestId', e.request_id, 'details', e.details,
        'recordedAt', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    );
END;
