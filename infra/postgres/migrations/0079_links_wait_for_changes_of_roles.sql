-- As in migration 77, but the person and the maker are locked first, so that no change of their roles comes in between: a link
-- that was being made while somebody became an owner was not seen, and stayed. A change of roles locks the same rows
-- (`set_members`), and each statement here sees what was committed before it.
CREATE OR REPLACE FUNCTION create_invitation(p_token_hash bytea, p_user text, p_by text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
    until timestamptz;
BEGIN
    PERFORM FROM public.users u WHERE u.user_id IN (p_user, p_by) ORDER BY u.user_id FOR NO KEY UPDATE;
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

CREATE OR REPLACE FUNCTION create_password_link(
    p_token_hash bytea, p_user text, p_by text, p_client text, p_request text, OUT until timestamptz, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
BEGIN
    PERFORM FROM public.users u WHERE u.user_id IN (p_user, p_by) ORDER BY u.user_id FOR NO KEY UPDATE;
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
