-- The profile of an organization: what its tax invoices say of it. docs/decisions/0096-a-profile-comes-with-the-head.md

-- The public part of the profile, with the name that documents print; null without a profile. Each command reads it in its
-- first trip, in the row that has the time zone.
ALTER TABLE organizations ADD COLUMN supplier json;

-- Writes the public part of the profile of the transaction's own organization, and of its test organization. The name is
-- the legal name, or else that of the organization, which `store_organization` has written before.
CREATE FUNCTION store_supplier(p_org text, p_supplier json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sibling text;
    named json;
BEGIN
    IF p_org IS DISTINCT FROM current_setting('app.org', true) THEN
        RAISE 'only the transaction''s own organization can be changed, not %', p_org;
    END IF;
    SELECT o.test_organization,
           (p_supplier::jsonb || jsonb_build_object('name', coalesce(p_supplier ->> 'legalName', o.name)))::json
    INTO sibling, named FROM public.organizations o WHERE o.org_id = p_org FOR NO KEY UPDATE;
    UPDATE public.organizations o SET supplier = named WHERE o.org_id = p_org;
    IF sibling IS NOT NULL THEN
        UPDATE public.organizations o SET supplier = named WHERE o.org_id = sibling;
    END IF;
END $$;

-- As in migration 48, with the settings that only owners and admins see: `settings` is the row of the organization's events.
DROP FUNCTION own_organization();
CREATE FUNCTION own_organization(
    OUT id text, OUT name text, OUT version integer, OUT prefix text,
    OUT time_zone text, OUT new_time_zone text, OUT new_time_zone_from timestamptz, OUT settings json
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.org_id, o.name, coalesce(s.version, 0), o.series_prefix, o.time_zone, o.new_time_zone, o.new_time_zone_from,
           s.summary
    FROM public.organizations own
    JOIN public.organizations o ON o.org_id = coalesce(own.live_organization, own.org_id)
    LEFT JOIN public.organization_settings s ON s.org_id = o.org_id AND s.id = o.org_id
    WHERE own.org_id = current_setting('app.org', true)
$$;

-- As in migration 48, with the profile.
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
        org_id, name, time_zone, new_time_zone, new_time_zone_from, series_prefix, supplier, live_organization
    ) SELECT p_new, o.name, o.time_zone, o.new_time_zone, o.new_time_zone_from, o.series_prefix, o.supplier, p_live
    FROM public.organizations o WHERE o.org_id = p_live;
    INSERT INTO public.org_log (org_id, chain_hash)
    VALUES (p_new, sha256(convert_to('smartdhandha-chain-1:' || p_new, 'UTF8')));
    UPDATE public.organizations SET test_organization = p_new WHERE org_id = p_live;
    RETURN p_new;
END $$;

REVOKE ALL ON FUNCTION store_supplier, own_organization FROM PUBLIC;
GRANT EXECUTE ON FUNCTION store_supplier, own_organization TO smartdhandha_app;
