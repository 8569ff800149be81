-- The clock of a test log can be moved, and a test log can be emptied. docs/decisions/0080-a-test-log-has-a-clock-and-can-be-emptied.md

-- Moves the clock of the transaction's own test log forwards to `p_to`. `now` is the time of the log then; null if the log
-- is not one of test mode. The clock is not moved back.
CREATE FUNCTION move_clock(p_org text, p_to timestamptz) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    at timestamptz;
    ahead interval;
BEGIN
    SELECT l.clock_offset INTO ahead FROM public.org_log l JOIN public.organizations o USING (org_id)
    WHERE l.org_id = p_org AND p_org = current_setting('app.org', true) AND o.live_organization IS NOT NULL FOR UPDATE OF l;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    at := clock_timestamp();
    IF p_to > at + ahead THEN
        ahead := make_interval(secs => extract(epoch FROM p_to - at)::double precision);
        UPDATE public.org_log SET clock_offset = ahead WHERE org_id = p_org;
    END IF;
    RETURN at + ahead;
END $$;

-- Empties the transaction's own test log: all rows of the organization, and its head. Credits, their sums and traces stay.
-- Progress of sums comes first: the background worker holds a lock on it while it adds. Returns false, and empties nothing,
-- while a rebuild of a table holds its lock (infra/projector/tables/lock.py): it would bring rows back.
CREATE FUNCTION empty_test_log(p_org text) RETURNS boolean
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
            'organizations', 'org_log', 'credits', 'credit_windows', 'usage_hours', 'usage_progress', 'security_events', 'users'
        ]) ORDER BY c.relname NOT LIKE '%\_progress', c.relname
    LOOP
        EXECUTE format('DELETE FROM public.%I WHERE org_id = $1', emptied) USING p_org;
    END LOOP;
    UPDATE public.org_log SET position = 0, chain_hash = sha256(convert_to('smartdhandha-chain-1:' || p_org, 'UTF8')),
        recorded_at = '-infinity', series = '{}', unkeyed_numbers = false, clock_offset = '0'
    WHERE org_id = p_org;
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION move_clock, empty_test_log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION move_clock, empty_test_log TO smartdhandha_app;
