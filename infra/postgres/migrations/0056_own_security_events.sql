-- Owners and admins see the security events of their organization. docs/decisions/0053-each-organization-has-its-own-security-events.md

-- True in the rows that repeat an event for a further organization. What follows from an event follows from its first row.
ALTER TABLE security_events ADD COLUMN is_copy boolean NOT NULL DEFAULT false;

-- As in migration 15, but an event that names no organization has a row for each one to which the user belongs: each reads
-- its own rows, and learns nothing of the others. The first row, which is returned, is that of the organization of the user.
CREATE OR REPLACE FUNCTION record_security_event(
    p_kind text, p_org text, p_actor_type text, p_actor text, p_object text, p_address text, p_request text, p_details json
) RETURNS json LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO public.security_events AS e
        (kind, org_id, actor_type, actor_id, object_id, address, request_id, details, is_copy)
    SELECT p_kind, coalesce(p_org, m.org_id, u.org_id), p_actor_type, p_actor, p_object, p_address, p_request,
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

-- Who the operator is, and what else an operator's event says, concerns the operator alone.
CREATE VIEW security_event_list AS
    SELECT org_id, event_id, at, kind, actor_type, CASE WHEN actor_type <> 'operator' THEN actor_id END AS actor_id,
           object_id, address, details ->> 'role' AS role
    FROM security_events WHERE org_id = current_setting('app.org', true);
GRANT SELECT ON security_event_list TO smartdhandha_app;
