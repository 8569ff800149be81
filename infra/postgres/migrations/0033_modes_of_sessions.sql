-- A session of the console shows live data or test data, and a test log has a clock of its own.

ALTER TABLE user_sessions ADD COLUMN in_test_mode boolean NOT NULL DEFAULT false;
ALTER TABLE org_log ADD COLUMN clock_offset interval NOT NULL DEFAULT '0';  -- how far the clock of a test log is ahead

-- As in migration 5, but in test mode it returns the test organization. `asked_at` is the time by the clock of its log.
DROP FUNCTION find_session(bytea, interval, interval);
CREATE FUNCTION find_session(
    p_token_hash bytea, p_idle interval, p_longest interval,
    OUT id text, OUT email text, OUT role text, OUT org text, OUT organization text, OUT time_zone text,
    OUT asked_at timestamptz
) RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    seen timestamptz;
    sibling text;
BEGIN
    SELECT u.user_id, u.email, u.role, o.org_id, o.name, o.time_zone, s.seen_at, clock_timestamp(),
           CASE WHEN s.in_test_mode THEN o.test_organization END
    INTO id, email, role, org, organization, time_zone, seen, asked_at, sibling
    FROM public.user_sessions s JOIN public.users u USING (user_id) JOIN public.organizations o USING (org_id)
    WHERE s.token_hash = p_token_hash AND u.removed_at IS NULL
    AND s.seen_at > clock_timestamp() - p_idle AND s.began_at > clock_timestamp() - p_longest;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF seen < clock_timestamp() - interval '1 minute' THEN
        UPDATE public.user_sessions SET seen_at = clock_timestamp() WHERE token_hash = p_token_hash;
    END IF;
    IF sibling IS NOT NULL THEN
        org := sibling;
        SELECT clock_timestamp() + l.clock_offset INTO asked_at FROM public.org_log l WHERE l.org_id = sibling;
    END IF;
    RETURN NEXT;
END $$;

-- Lets a session show test data, or live data again. At the first use of test mode the test organization is made, with
-- the id `p_new`.
CREATE FUNCTION switch_mode(p_token_hash bytea, p_test boolean, p_new text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live text;
BEGIN
    UPDATE public.user_sessions s SET in_test_mode = p_test FROM public.users u
    WHERE s.token_hash = p_token_hash AND u.user_id = s.user_id RETURNING u.org_id INTO live;
    IF live IS NOT NULL AND p_test THEN
        PERFORM public.test_organization_of(live, p_new);
    END IF;
END $$;

REVOKE ALL ON FUNCTION find_session, switch_mode FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_session, switch_mode TO smartdhandha_app;
