-- Name, time zone and series of an organization are events of its log. docs/decisions/0041-a-new-zone-counts-from-the-next-day.md

-- projection: organizations
CREATE TABLE organization_settings (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL
) WITH (fillfactor = 85);
-- projection: organizations, after the load
ALTER TABLE organization_settings ADD CONSTRAINT organization_settings_pkey PRIMARY KEY (org_id, id);
ALTER TABLE organization_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON organization_settings USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON organization_settings TO smartdhandha_app;
-- projection: organizations, view
CREATE OR REPLACE VIEW public.organization_settings_list AS
    SELECT org_id, id, created_at, updated_at, version, projection_version, summary
    FROM organization_settings WHERE org_id = current_setting('app.org', true);
-- projection: end
GRANT SELECT ON organization_settings_list TO smartdhandha_app;

-- From `new_time_zone_from` on, `new_time_zone` counts, and `time_zone` before. Both are null until another zone is chosen.
ALTER TABLE organizations
    ADD COLUMN new_time_zone text,
    ADD COLUMN new_time_zone_from timestamptz,
    ADD COLUMN series_prefix text COLLATE "C" NOT NULL DEFAULT 'INV',
    ADD CONSTRAINT organizations_new_time_zone CHECK ((new_time_zone IS NULL) = (new_time_zone_from IS NULL));

-- The zone that counts at the time `p_at`, for functions. Statements of the service take it from infra/log/reading/zones.py.
CREATE FUNCTION zone_at(p_zone text, p_new text, p_from timestamptz, p_at timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_from <= p_at THEN p_new ELSE p_zone END
$$;

-- The instant at which a day begins in a time zone. If the clocks show midnight twice, it is the first one.
CREATE FUNCTION first_instant(p_zone text, p_day date) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    midnight timestamptz := p_day::timestamp AT TIME ZONE p_zone;
    earlier timestamptz := midnight - interval '1 hour';
BEGIN
    RETURN CASE WHEN (earlier AT TIME ZONE p_zone)::date >= p_day THEN earlier ELSE midnight END;
END $$;

-- Writes what the row of the transaction's own organization says: the name, the time zones and the prefix of its series.
-- A value that no event has set is null, and stays. The test organization has the same name and prefix, and its days are
-- those of its own clock: a new zone counts from its next midnight on. A zone that counts already goes on.
CREATE FUNCTION store_organization(
    p_org text, p_name text, p_zone text, p_new text, p_from timestamptz, p_prefix text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before record;
    sibling record;
    present text;
BEGIN
    IF p_org IS DISTINCT FROM current_setting('app.org', true) THEN
        RAISE 'only the transaction''s own organization can be changed, not %', p_org;
    END IF;
    SELECT o.new_time_zone, o.new_time_zone_from, o.test_organization INTO before
    FROM public.organizations o WHERE o.org_id = p_org FOR NO KEY UPDATE;
    UPDATE public.organizations o
    SET name = coalesce(p_name, o.name), series_prefix = coalesce(p_prefix, o.series_prefix),
        time_zone = CASE WHEN p_new IS NULL THEN o.time_zone ELSE p_zone END,
        new_time_zone = coalesce(p_new, o.new_time_zone), new_time_zone_from = coalesce(p_from, o.new_time_zone_from)
    WHERE o.org_id = p_org;
    IF before.test_organization IS NULL THEN
        RETURN;
    END IF;
    UPDATE public.organizations o
    SET name = coalesce(p_name, o.name), series_prefix = coalesce(p_prefix, o.series_prefix)
    WHERE o.org_id = before.test_organization;
    IF p_new IS NULL OR (before.new_time_zone, before.new_time_zone_from) IS NOT DISTINCT FROM (p_new, p_from) THEN
        RETURN;
    END IF;
    PERFORM FROM public.org_log l WHERE l.org_id = before.test_organization FOR UPDATE;
    SELECT o.time_zone, o.new_time_zone, o.new_time_zone_from,
           greatest(clock_timestamp() + l.clock_offset, l.recorded_at + interval '1 microsecond') AS at
    INTO sibling FROM public.organizations o JOIN public.org_log l USING (org_id) WHERE o.org_id = before.test_organization;
    present := public.zone_at(sibling.time_zone, sibling.new_time_zone, sibling.new_time_zone_from, sibling.at);
    UPDATE public.organizations o
    SET time_zone = present, new_time_zone = p_new,
        new_time_zone_from = CASE
            WHEN p_new = present THEN sibling.at
            ELSE public.first_instant(present, (sibling.at AT TIME ZONE present)::date + 1)
        END
    WHERE o.org_id = before.test_organization;
END $$;

-- What the transaction's own organization is called, and how it counts days and numbers; in test mode, that of its live
-- organization. `version` is that of its settings, 0 if no event has changed them.
CREATE FUNCTION own_organization(
    OUT id text, OUT name text, OUT version integer, OUT prefix text,
    OUT time_zone text, OUT new_time_zone text, OUT new_time_zone_from timestamptz
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.org_id, o.name, coalesce(s.version, 0), o.series_prefix, o.time_zone, o.new_time_zone, o.new_time_zone_from
    FROM public.organizations own
    JOIN public.organizations o ON o.org_id = coalesce(own.live_organization, own.org_id)
    LEFT JOIN public.organization_settings s ON s.org_id = o.org_id AND s.id = o.org_id
    WHERE own.org_id = current_setting('app.org', true)
$$;

-- As in migration 30, with the new time zone and the prefix.
CREATE OR REPLACE FUNCTION test_organization_of(p_live text, p_new text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live record;
BEGIN
    SELECT o.test_organization INTO live FROM public.organizations o
    WHERE o.org_id = p_live AND o.live_organization IS NULL;
    IF NOT FOUND OR live.test_organization IS NOT NULL THEN
        RETURN live.test_organization;
    END IF;
    SELECT o.test_organization INTO live FROM public.organizations o WHERE o.org_id = p_live FOR NO KEY UPDATE;
    IF live.test_organization IS NOT NULL THEN
        RETURN live.test_organization;
    END IF;
    IF p_new !~ '^org_test_[0-9A-Z]{26}$' THEN
        RAISE 'this is no id of a test organization: %', p_new;
    END IF;
    INSERT INTO public.organizations (
        org_id, name, time_zone, new_time_zone, new_time_zone_from, series_prefix, live_organization
    ) SELECT p_new, o.name, o.time_zone, o.new_time_zone, o.new_time_zone_from, o.series_prefix, p_live
    FROM public.organizations o WHERE o.org_id = p_live;
    INSERT INTO public.org_log (org_id, chain_hash)
    VALUES (p_new, sha256(convert_to('smartdhandha-chain-1:' || p_new, 'UTF8')));
    UPDATE public.organizations SET test_organization = p_new WHERE org_id = p_live;
    RETURN p_new;
END $$;

-- As in migration 46, with the time zone that counts by the clock of the log that the session shows.
CREATE OR REPLACE FUNCTION find_session(
    p_token_hash bytea, p_idle interval, p_longest interval,
    OUT id text, OUT email text, OUT role text, OUT org text, OUT organization text, OUT time_zone text,
    OUT asked_at timestamptz, OUT others json
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    seen timestamptz;
    sibling text;
BEGIN
    SELECT u.user_id, u.email, m.role, o.org_id, o.name,
           public.zone_at(o.time_zone, o.new_time_zone, o.new_time_zone_from, clock_timestamp()),
           s.seen_at, clock_timestamp(), CASE WHEN s.in_test_mode THEN o.test_organization END
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
        SELECT clock_timestamp() + l.clock_offset,
               public.zone_at(o.time_zone, o.new_time_zone, o.new_time_zone_from, clock_timestamp() + l.clock_offset)
        INTO asked_at, time_zone
        FROM public.org_log l JOIN public.organizations o USING (org_id) WHERE l.org_id = sibling;
    END IF;
    RETURN NEXT;
END $$;

-- As in migration 42. The clock is right again, so the days are those of the live organization again.
CREATE OR REPLACE FUNCTION empty_test_log(p_org text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    emptied text;
BEGIN
    PERFORM FROM public.org_log l JOIN public.organizations o USING (org_id)
    WHERE l.org_id = p_org AND p_org = current_setting('app.org', true) AND o.live_organization IS NOT NULL FOR UPDATE OF l;
    IF NOT FOUND THEN
        RAISE 'only the transaction''s own test log can be emptied, not that of %', p_org;
    END IF;
    IF NOT pg_try_advisory_xact_lock_shared(6114992) THEN
        RETURN false;
    END IF;
    FOR emptied IN
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND a.attname = 'org_id' AND NOT a.attisdropped AND c.relname <> ALL (ARRAY[
            'organizations', 'org_log', 'credits', 'credit_windows', 'usage_hours', 'usage_progress', 'budget_credits',
            'budget_windows', 'security_events', 'users'
        ]) ORDER BY c.relname NOT LIKE '%\_progress', c.relname
    LOOP
        EXECUTE format('DELETE FROM public.%I WHERE org_id = $1', emptied) USING p_org;
    END LOOP;
    UPDATE public.org_log SET position = 0, chain_hash = sha256(convert_to('smartdhandha-chain-1:' || p_org, 'UTF8')),
        recorded_at = '-infinity', series = '{}', unkeyed_numbers = false, clock_offset = '0'
    WHERE org_id = p_org;
    UPDATE public.organizations o
    SET time_zone = live.time_zone, new_time_zone = live.new_time_zone, new_time_zone_from = live.new_time_zone_from
    FROM public.organizations live WHERE o.org_id = p_org AND live.org_id = o.live_organization;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION zone_at, first_instant, store_organization, own_organization FROM PUBLIC;
GRANT EXECUTE ON FUNCTION store_organization, own_organization TO smartdhandha_app;
