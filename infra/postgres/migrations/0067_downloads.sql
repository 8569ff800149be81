-- Downloads of lists: they are security events, and each part is read for a session that still may read it.
-- docs/decisions/0083-downloads-of-lists.md

-- As in migration 56, with the list that was downloaded.
CREATE OR REPLACE VIEW security_event_list AS
    SELECT org_id, event_id, at, kind, actor_type, CASE WHEN actor_type <> 'operator' THEN actor_id END AS actor_id,
           object_id, address, details ->> 'role' AS role, details ->> 'list' AS list
    FROM security_events WHERE org_id = current_setting('app.org', true);

-- The role of the user of a session in an organization, or in the live organization of a test organization; null if the
-- session has ended, or if the user does not belong to it. The session may show another organization.
CREATE FUNCTION role_of_session(p_token_hash bytea, p_org text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT text := public.user_of_session(p_token_hash);
BEGIN
    RETURN (
        SELECT m.role FROM public.organizations o
        JOIN public.all_members m ON m.org_id = coalesce(o.live_organization, o.org_id)
        WHERE o.org_id = p_org AND m.user_id = who AND m.status = 'active'
    );
END $$;
REVOKE ALL ON FUNCTION role_of_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION role_of_session TO smartdhandha_app;
