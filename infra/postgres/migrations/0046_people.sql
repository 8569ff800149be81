-- The people of an organization are events of its log. docs/decisions/0039-people-are-events-of-their-organization.md
-- A user is a person, who may belong to several organizations.

-- projection: people
CREATE TABLE people (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL
) WITH (fillfactor = 85);
-- projection: people, after the load
ALTER TABLE people ADD CONSTRAINT people_pkey PRIMARY KEY (org_id, id);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON people USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON people TO smartdhandha_app;
-- projection: people, view
CREATE OR REPLACE VIEW public.people_list AS
    SELECT org_id, id, created_at, updated_at, version, projection_version, summary
    FROM people WHERE org_id = current_setting('app.org', true);
-- projection: end
GRANT SELECT ON people_list TO smartdhandha_app;

-- Who may log in to which organization: what the rows of `people` say, by user. set_members writes it.
CREATE TABLE memberships (
    org_id  text COLLATE "C" NOT NULL,
    user_id text COLLATE "C" NOT NULL REFERENCES users,
    role    text COLLATE "C" NOT NULL CHECK (role IN ('owner', 'admin', 'accountant', 'hr', 'viewer')),
    status  text COLLATE "C" NOT NULL CHECK (status IN ('invited', 'active', 'removed')),
    CONSTRAINT memberships_pkey PRIMARY KEY (org_id, user_id)
);
CREATE INDEX memberships_user ON memberships (user_id);
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;

-- `role` is that of a user of an earlier version whose membership is in no event yet. `org_id` is the organization that
-- new sessions of the user show: the one that was shown last.
ALTER TABLE users ALTER COLUMN role DROP NOT NULL;
-- The organization that the session shows; null in a session that an earlier version has begun.
ALTER TABLE user_sessions ADD COLUMN org_id text COLLATE "C";

-- Everybody who belongs to an organization or has belonged to it.
CREATE VIEW all_members AS
    SELECT m.org_id, m.user_id, m.role, m.status FROM memberships m
    UNION ALL
    SELECT u.org_id, u.user_id, u.role, CASE WHEN u.removed_at IS NULL THEN 'active' ELSE 'removed' END
    FROM users u
    WHERE u.role IS NOT NULL AND NOT EXISTS (
        SELECT FROM memberships m WHERE m.org_id = u.org_id AND m.user_id = u.user_id
    );

-- As in migration 30, with the status of the membership.
CREATE OR REPLACE VIEW member_list AS
    SELECT o.org_id, u.user_id, u.email, m.role, u.removed_at, m.status, u.created_at,
           u.password_hash IS NOT NULL AS has_password,
           (SELECT max(s.seen_at) FROM user_sessions s WHERE s.user_id = u.user_id) AS last_seen_at
    FROM organizations o JOIN all_members m ON m.org_id = coalesce(o.live_organization, o.org_id)
    JOIN users u ON u.user_id = m.user_id
    WHERE o.org_id = current_setting('app.org', true);

-- Writes the members of the transaction's own organization. Somebody who was removed is logged out of it at once; who
-- belongs to no organization any more is a removed user.
CREATE FUNCTION set_members(p_org text, p_members json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    removed text[];
BEGIN
    IF p_org IS DISTINCT FROM current_setting('app.org', true) THEN
        RAISE 'only the members of the transaction''s own organization can be set, not those of %', p_org;
    END IF;
    INSERT INTO public.memberships AS m (org_id, user_id, role, status)
    SELECT p_org, e.key, e.value ->> 'role', e.value ->> 'status' FROM json_each(p_members) e
    WHERE EXISTS (SELECT FROM public.users u WHERE u.user_id = e.key)  -- an imported log names users of another database
    ON CONFLICT (org_id, user_id) DO UPDATE SET role = EXCLUDED.role, status = EXCLUDED.status
    WHERE (m.role, m.status) IS DISTINCT FROM (EXCLUDED.role, EXCLUDED.status);
    UPDATE public.users u SET role = NULL
    WHERE u.org_id = p_org AND u.role IS NOT NULL AND u.user_id IN (SELECT json_object_keys(p_members));
    removed := ARRAY(SELECT m.user_id FROM public.memberships m WHERE m.org_id = p_org AND m.status = 'removed');
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

-- As in migration 5. The session shows the organization that the user saw last.
CREATE OR REPLACE FUNCTION open_session(p_token_hash bytea, p_user text, p_idle interval, p_longest interval) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM public.user_sessions WHERE token_hash IN (
        SELECT s.token_hash FROM public.user_sessions s
        WHERE s.seen_at < clock_timestamp() - p_idle OR s.began_at < clock_timestamp() - p_longest
        LIMIT 100 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO public.user_sessions (token_hash, user_id, org_id)
    SELECT p_token_hash, p_user, u.org_id FROM public.users u WHERE u.user_id = p_user;
END;

-- As in migration 33. `others` are the other organizations of the user, as JSON objects with their ids and names.
DROP FUNCTION find_session(bytea, interval, interval);
CREATE FUNCTION find_session(
    p_token_hash bytea, p_idle interval, p_longest interval,
    OUT id text, OUT email text, OUT role text, OUT org text, OUT organization text, OUT time_zone text,
    OUT asked_at timestamptz, OUT others json
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    seen timestamptz;
    sibling text;
BEGIN
    SELECT u.user_id, u.email, m.role, o.org_id, o.name, o.time_zone, s.seen_at, clock_timestamp(),
           CASE WHEN s.in_test_mode THEN o.test_organization END
    INTO id, email, role, org, organization, time_zone, seen, asked_at, sibling
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
        SELECT clock_timestamp() + l.clock_offset INTO asked_at FROM public.org_log l WHERE l.org_id = sibling;
    END IF;
    RETURN NEXT;
END $$;

-- As in migration 33, for the organization of the session.
CREATE OR REPLACE FUNCTION switch_mode(p_token_hash bytea, p_test boolean, p_new text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live text;
BEGIN
    UPDATE public.user_sessions s SET in_test_mode = p_test FROM public.users u
    WHERE s.token_hash = p_token_hash AND u.user_id = s.user_id RETURNING coalesce(s.org_id, u.org_id) INTO live;
    IF live IS NOT NULL AND p_test THEN
        PERFORM public.test_organization_of(live, p_new);
    END IF;
END $$;

-- Lets a session show another organization of its user, in live mode. Returns whether the user belongs to it.
CREATE FUNCTION switch_organization(p_token_hash bytea, p_org text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text;
BEGIN
    UPDATE public.user_sessions s SET org_id = p_org, in_test_mode = false
    FROM public.all_members m
    WHERE s.token_hash = p_token_hash AND m.org_id = p_org AND m.user_id = s.user_id AND m.status = 'active'
    RETURNING s.user_id INTO who;
    UPDATE public.users u SET org_id = p_org WHERE u.user_id = who AND u.role IS NULL;
    RETURN who IS NOT NULL;
END $$;

REVOKE ALL ON FUNCTION set_members, find_session, switch_organization FROM PUBLIC;
GRANT EXECUTE ON FUNCTION set_members, find_session, switch_organization TO smartdhandha_app;
