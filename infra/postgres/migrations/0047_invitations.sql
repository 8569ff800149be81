-- Owners and admins invite people, and give a new link to those who forgot their password.
-- docs/decisions/0039-people-are-events-of-their-organization.md

-- `org_id` is the organization to which an invitation leads; null for a link that sets a password.
ALTER TABLE user_links
    ADD COLUMN purpose text COLLATE "C" NOT NULL DEFAULT 'password' CHECK (purpose IN ('password', 'invitation')),
    ADD COLUMN org_id text COLLATE "C";

-- Returns the id of the user with this e-mail address; adds one with the id `p_new`, who belongs to no organization, if
-- there is none. `p_lower` is the address as earlier versions stored it.
CREATE FUNCTION find_or_add_user(p_email text, p_lower text, p_new text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found text;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT u.user_id INTO found FROM public.users u
        WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1;
        EXIT WHEN found IS NOT NULL;
        INSERT INTO public.users (user_id, org_id, email) VALUES (p_new, current_setting('app.org'), p_email)
        ON CONFLICT (email) WHERE removed_at IS NULL DO NOTHING;
    END LOOP;
    RETURN found;
END $$;

-- A link by which a person accepts the invitation to the transaction's own organization. Earlier ones stop working.
-- Returns until when it works; null for somebody who is not invited.
CREATE FUNCTION create_invitation(p_token_hash bytea, p_user text) RETURNS timestamptz
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
    INSERT INTO public.user_links (token_hash, user_id, expires_at, purpose, org_id)
    VALUES (p_token_hash, p_user, clock_timestamp() + interval '7 days', 'invitation', own)
    RETURNING expires_at INTO until;
    RETURN until;
END $$;

-- A link by which a user of the transaction's own organization sets a new password, made by the user `p_by`. Returns until
-- when it works and the event. Null if `p_by` may not do this: only owners make links for owners, and only for a user
-- who belongs to no other organization, because the link opens all of them.
CREATE FUNCTION create_password_link(
    p_token_hash bytea, p_user text, p_by text, p_client text, p_request text, OUT until timestamptz, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
BEGIN
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
    INSERT INTO public.user_links (token_hash, user_id, expires_at)
    VALUES (p_token_hash, p_user, clock_timestamp() + interval '72 hours') RETURNING expires_at INTO until;
    event := public.record_security_event('link.created', own, 'user', p_by, p_user, p_client, p_request, NULL);
END $$;

-- As in migration 5, with what an invitation leads to.
DROP FUNCTION find_link(bytea);
CREATE FUNCTION find_link(
    p_token_hash bytea, OUT id text, OUT email text, OUT org text, OUT organization text, OUT purpose text,
    OUT has_password boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT u.user_id, u.email, o.org_id, o.name, l.purpose, u.password_hash IS NOT NULL
    FROM public.user_links l JOIN public.users u USING (user_id)
    JOIN public.organizations o ON o.org_id = coalesce(l.org_id, u.org_id)
    WHERE l.token_hash = p_token_hash AND l.expires_at > clock_timestamp() AND u.removed_at IS NULL;
END;

-- Uses up an invitation that was accepted. Returns whether there was one.
CREATE FUNCTION use_invitation(p_token_hash bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.user_links l WHERE l.token_hash = p_token_hash AND l.purpose = 'invitation';
    RETURN FOUND;
END $$;

-- As in migration 16. An invitation sets the password only of a user who has none: who invites somebody must not get
-- into other organizations by it. Invitations to other organizations stay.
CREATE OR REPLACE FUNCTION use_link(
    p_token_hash bytea, p_password_hash text, p_address text, p_request text, p_browser bytea, p_new_browser bytea
) RETURNS json[] LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    link record;
    known record;
    kind text;
    who text;
BEGIN
    DELETE FROM public.user_links l WHERE l.token_hash = p_token_hash AND l.expires_at > clock_timestamp()
    RETURNING l.user_id, l.purpose INTO link;
    who := link.user_id;
    SELECT u.email, u.password_hash INTO known FROM public.users u
    WHERE u.user_id = who AND u.removed_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND OR (link.purpose = 'invitation' AND known.password_hash IS NOT NULL) THEN
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

REVOKE ALL ON FUNCTION find_or_add_user, create_invitation, create_password_link, find_link, use_invitation FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_or_add_user, create_invitation, create_password_link, find_link, use_invitation
    TO smartdhandha_app;
