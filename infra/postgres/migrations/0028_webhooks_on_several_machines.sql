-- Webhooks stay on one machine when the logs are on several. What their statements read of a log, or of a key, is behind
-- these functions and this view, so that a statement joins no table of other machines
-- (docs/decisions/0070-a-tenant-is-a-shard.md). `smartdhandha db distribute` replaces the first function and the view; on one
-- machine, PostgreSQL puts their bodies in their place.

-- The next events of a log after a position, without their contents.
CREATE FUNCTION event_page(p_org text, p_after bigint, p_limit integer)
RETURNS TABLE ("position" bigint, name text, recorded_at timestamptz, chain_hash bytea) LANGUAGE sql STABLE AS $$
    SELECT e.position, e.name, e.recorded_at, e.chain_hash FROM public.events e
    WHERE e.org_id = p_org AND e.position > p_after ORDER BY e.position LIMIT p_limit
$$;

-- The position of each log.
CREATE VIEW log_positions AS SELECT org_id, position FROM org_log;

-- The position of one log.
CREATE FUNCTION log_position(p_org text) RETURNS bigint LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT l.position FROM public.org_log l WHERE l.org_id = p_org);
END $$;

-- Whether a key was revoked or has expired.
CREATE FUNCTION has_key_ended(p_org text, p_key text) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.api_keys k
        WHERE k.org_id = p_org AND k.id = p_key AND (k.status <> 'active' OR k.expires_at <= clock_timestamp())
    );
END $$;

REVOKE ALL ON FUNCTION event_page, log_position, has_key_ended FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_position TO smartdhandha_app;

CREATE OR REPLACE VIEW webhook_progress_list AS
    SELECT w.org_id, w.id, c.position, c.last_delivered_at, c.failing_since, c.last_error,
           coalesce(log_position(w.org_id) - c.position + c.pending, 0) AS behind
    FROM webhooks w LEFT JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
    WHERE w.org_id = current_setting('app.org', true) AND w.status <> 'deleted';
