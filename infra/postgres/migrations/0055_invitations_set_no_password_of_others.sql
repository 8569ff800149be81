-- An invitation sets the first password only of somebody who belongs to no other organization. Somebody whom another
-- organization had added, and who had not set a password yet, could be invited, and be entered by this link.

-- As in migration 47. For an invitation, `has_password` is also true for somebody who belongs to another organization: that
-- person accepts after logging in, with a password that the other organization's link has set.
CREATE OR REPLACE FUNCTION find_link(
    p_token_hash bytea, OUT id text, OUT email text, OUT org text, OUT organization text, OUT purpose text,
    OUT has_password boolean
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT u.user_id, u.email, o.org_id, o.name, l.purpose, u.password_hash IS NOT NULL OR EXISTS (
        SELECT FROM public.all_members m
        WHERE l.purpose = 'invitation' AND m.user_id = u.user_id AND m.status = 'active' AND m.org_id <> l.org_id
    )
    FROM public.user_links l JOIN public.users u USING (user_id)
    JOIN public.organizations o ON o.org_id = coalesce(l.org_id, u.org_id)
    WHERE l.token_hash = p_token_hash AND l.expires_at > clock_timestamp() AND u.removed_at IS NULL;
END;

-- As in migration 47, with the same rule.
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
    RETURNING l.user_id, l.purpose, l.org_id INTO link;
    who := link.user_id;
    SELECT u.email, u.password_hash INTO known FROM public.users u
    WHERE u.user_id = who AND u.removed_at IS NULL FOR NO KEY UPDATE;
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
