-- Security events: who logged in or failed to, who changed users and keys, what left the service.
-- docs/decisions/0036-security-events-and-known-browsers.md

CREATE TABLE security_events (
    event_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    kind       text COLLATE "C" NOT NULL,  -- domain/accounts/security_event.py
    org_id     text COLLATE "C",  -- null for an unknown account, and for what concerns all organizations
    actor_type text COLLATE "C",  -- user or operator; null for somebody who has not proved who they are
    actor_id   text COLLATE "C",
    object_id  text COLLATE "C",  -- the user or key that the event is about
    address    text COLLATE "C",  -- the client's network address; null for the command line
    request_id text COLLATE "C" NOT NULL,
    details    json NOT NULL DEFAULT '{}'
);
CREATE INDEX security_events_at ON security_events (at);
CREATE INDEX security_events_organization ON security_events (org_id, event_id);
ALTER TABLE security_events ENABLE ROW LEVEL SECURITY;

-- The only way in which the application's role reaches the table. Returns the stored event as JSON, for the program log.
-- For an event about a user, the organization is that of the user.
CREATE FUNCTION record_security_event(
    p_kind text, p_org text, p_actor_type text, p_actor text, p_object text, p_address text, p_request text, p_details json
) RETURNS json LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO public.security_events AS e
        (kind, org_id, actor_type, actor_id, object_id, address, request_id, details)
    VALUES (
        p_kind, coalesce(p_org, (SELECT u.org_id FROM public.users u WHERE u.user_id = p_object)),
        p_actor_type, p_actor, p_object, p_address, p_request, coalesce(p_details, '{}')
    )
    RETURNING json_build_object(
        'event', e.event_id, 'kind', e.kind, 'org', e.org_id, 'actorType', e.actor_type, 'actor', e.actor_id,
        'object', e.object_id, 'address', e.address, 'requestId', e.request_id, 'details', e.details,
        'recordedAt', to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    );
END;

REVOKE ALL ON FUNCTION record_security_event FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_security_event TO smartdhandha_app;

-- ── Sessions and links ───────────────────────────────────────────────────────────────────────────────────────────────
-- These functions store their events themselves, so the application cannot leave them out. They return the events.

-- Ends the session, or all sessions of its user. Returns null if there is no such session.
DROP FUNCTION close_session(bytea, boolean);
CREATE FUNCTION close_session(p_token_hash bytea, p_everywhere boolean, p_address text, p_request text) RETURNS json
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text;
    kind text := CASE WHEN p_everywhere THEN 'session.ended_everywhere' ELSE 'session.ended' END;
BEGIN
    DELETE FROM public.user_sessions s WHERE s.token_hash = p_token_hash RETURNING s.user_id INTO who;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF p_everywhere THEN
        DELETE FROM public.user_sessions s WHERE s.user_id = who;
    END IF;
    RETURN public.record_security_event(kind, NULL, 'user', who, who, p_address, p_request, NULL);
END $$;

-- Sets the password of the link's user, deletes the link, and ends all sessions of the user. Returns null when the link
-- is unknown, used or expired; of two concurrent uses one succeeds.
DROP FUNCTION use_link(bytea, text);
CREATE FUNCTION use_link(p_token_hash bytea, p_password_hash text, p_address text, p_request text) RETURNS json[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text;
    known record;
    kind text;
BEGIN
    DELETE FROM public.user_links l WHERE l.token_hash = p_token_hash AND l.expires_at > clock_timestamp()
    RETURNING l.user_id INTO who;
    SELECT u.email, u.password_hash INTO known FROM public.users u
    WHERE u.user_id = who AND u.removed_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    UPDATE public.users u SET password_hash = p_password_hash WHERE u.user_id = who;
    DELETE FROM public.user_links l WHERE l.user_id = who;
    DELETE FROM public.user_sessions s WHERE s.user_id = who;
    DELETE FROM public.login_failures f WHERE f.subject = sha256(convert_to('account ' || known.email, 'UTF8'));
    kind := CASE WHEN known.password_hash IS NULL THEN 'password.set' ELSE 'password.changed' END;
    RETURN ARRAY[
        public.record_security_event('link.used', NULL, 'user', who, who, p_address, p_request, NULL),
        public.record_security_event(kind, NULL, 'user', who, who, p_address, p_request, NULL)
    ];
END $$;

REVOKE ALL ON FUNCTION close_session, use_link FROM PUBLIC;
GRANT EXECUTE ON FUNCTION close_session, use_link TO smartdhandha_app;
