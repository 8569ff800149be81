-- Test mode: an organization has a sibling with its own log, made when it is first used. docs/decisions/0079-test-mode-is-a-sibling.md

ALTER TABLE organizations
    ADD COLUMN live_organization text COLLATE "C",  -- of a test organization: its live sibling; null for a live one
    ADD COLUMN test_organization text COLLATE "C";  -- of a live organization: its test sibling; null until it is first used

-- The test organization of a live one. If there is none yet, it is made with the id `p_new`. Null if `p_live` is no live
-- organization. The lock on the row lets one of several first callers make it.
CREATE FUNCTION test_organization_of(p_live text, p_new text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live record;
BEGIN
    SELECT o.name, o.time_zone, o.test_organization INTO live FROM public.organizations o
    WHERE o.org_id = p_live AND o.live_organization IS NULL;
    IF NOT FOUND OR live.test_organization IS NOT NULL THEN
        RETURN live.test_organization;
    END IF;
    SELECT o.name, o.time_zone, o.test_organization INTO live FROM public.organizations o
    WHERE o.org_id = p_live FOR NO KEY UPDATE;
    IF live.test_organization IS NOT NULL THEN
        RETURN live.test_organization;
    END IF;
    IF p_new !~ '^org_test_[0-9A-Z]{26}$' THEN
        RAISE 'this is no id of a test organization: %', p_new;
    END IF;
    INSERT INTO public.organizations (org_id, name, time_zone, live_organization)
    VALUES (p_new, live.name, live.time_zone, p_live);
    INSERT INTO public.org_log (org_id, chain_hash)
    VALUES (p_new, sha256(convert_to('smartdhandha-chain-1:' || p_new, 'UTF8')));
    UPDATE public.organizations SET test_organization = p_new WHERE org_id = p_live;
    RETURN p_new;
END $$;
REVOKE ALL ON FUNCTION test_organization_of(text, text) FROM PUBLIC;

-- The users of the transaction's organization, also removed ones: their addresses appear in its history. A test
-- organization has the users of its live sibling.
CREATE OR REPLACE VIEW member_list AS
    SELECT o.org_id, u.user_id, u.email, u.role, u.removed_at
    FROM organizations o JOIN users u ON u.org_id = coalesce(o.live_organization, o.org_id)
    WHERE o.org_id = current_setting('app.org', true);
