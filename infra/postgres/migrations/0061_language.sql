-- The language in which a user reads the console and gets mails: docs/decisions/0056-texts-are-translated-with-gettext.md

-- Null before the user chooses one: then the browser's request decides.
ALTER TABLE users ADD COLUMN language text COLLATE "C" CHECK (language IN ('en', 'hi'));

-- As in migration 48, with the user's language.
DROP FUNCTION find_session(bytea, interval, interval);
CREATE FUNCTION find_session(
    p_token_hash bytea, p_idle interval, p_longest interval,
    OUT id text, OUT email text, OUT role text, OUT org text, OUT organization text, OUT time_zone text,
    OUT asked_at timestamptz, OUT others json, OUT language text
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    seen timestamptz;
    sibling text;
BEGIN
    SELECT u.user_id, u.email, m.role, o.org_id, o.name,
           public.zone_at(o.time_zone, o.new_time_zone, o.new_time_zone_from, clock_timestamp()),
           s.seen_at, clock_timestamp(), CASE WHEN s.in_test_mode THEN o.test_organization END,
           u.language
    INTO id, email, role, org, organization, time_zone, seen, asked_at, sibling, language
    FROM public.user_sessions s JOIN public.users u USING (user_id)
    JOIN public.organizations o ON o.org_id = coalesce(s.org_id, u.org_id)
    JOIN public.all_members m ON m.org_id = o.org_id AND m.user_id = u.user_id AND m.status = 'active'
    WHERE s.token_hash = p_token_hash AND u.removed_at IS NULL
    AND s.seen_at > clock_timestamp() - p_idle AND s.began_at > clock_timestamp() - p_longest;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF seen < clock_timestamp() - interval '1 minute' THEN
        UPDATE public.user_sessions SET seen_at = clock_timestamp() WHERE token_hash = p_token_hash;
    END IF;
    SELECT json_agg(json_build_object('id', o.org_id, 'name', o.name) ORDER BY o.name, o.org_id) INTO others
    FROM public.memberships m JOIN public.organizations o USING (org_id)
    WHERE m.user_id = id AND m.status = 'active' AND m.org_id <> org;
    others := coalesce(others, '[]');
    IF sibling IS NOT NULL THEN
        org := sibling;
        SELECT clock_timestamp() + l.clock_offset,
               public.zone_at(o.time_zone, o.new_time_zone, o.new_time_zone_from, clock_timestamp() + l.clock_offset)
        INTO asked_at, time_zone
        FROM public.org_log l JOIN public.organizations o USING (org_id) WHERE l.org_id = sibling;
    END IF;
    RETURN NEXT;
END $$;

-- Stores the language that the user of a session chose.
CREATE FUNCTION set_language(p_token_hash bytea, p_language text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE public.users u SET language = p_language FROM public.user_sessions s
    WHERE s.token_hash = p_token_hash AND u.user_id = s.user_id;
END;

REVOKE ALL ON FUNCTION find_session, set_language FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_session, set_language TO smartdhandha_app;
