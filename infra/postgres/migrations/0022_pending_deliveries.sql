-- How many deliveries from the log are pending, for each webhook: kept, because counting takes long when a receiver has
-- failed for days.

ALTER TABLE webhook_cursors ADD COLUMN pending bigint NOT NULL DEFAULT 0;

-- Keeps the number. It is called once for each statement, and changes a cursor only if the
-- number changes: a claim writes none. A function that changes the status of deliveries locks their cursors first.
CREATE FUNCTION count_pending_deliveries() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE public.webhook_cursors c SET pending = c.pending + n.more FROM (
            SELECT a.org_id, a.webhook_id, count(*) AS more FROM added a
            WHERE a.status = 'pending' AND a.origin = 'log' GROUP BY 1, 2
        ) n WHERE c.org_id = n.org_id AND c.webhook_id = n.webhook_id;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE public.webhook_cursors c SET pending = c.pending - n.less FROM (
            SELECT r.org_id, r.webhook_id, count(*) AS less FROM removed r
            WHERE r.status = 'pending' AND r.origin = 'log' GROUP BY 1, 2
        ) n WHERE c.org_id = n.org_id AND c.webhook_id = n.webhook_id;
    ELSE
        UPDATE public.webhook_cursors c SET pending = c.pending + n.more FROM (
            SELECT b.org_id, b.webhook_id, sum(b.one)::bigint AS more FROM (
                SELECT a.org_id, a.webhook_id, 1 AS one FROM added a WHERE a.status = 'pending' AND a.origin = 'log'
                UNION ALL
                SELECT r.org_id, r.webhook_id, -1 FROM removed r WHERE r.status = 'pending' AND r.origin = 'log'
            ) b GROUP BY 1, 2 HAVING sum(b.one) <> 0
        ) n WHERE c.org_id = n.org_id AND c.webhook_id = n.webhook_id;
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION count_pending_deliveries FROM PUBLIC;
CREATE TRIGGER pending_inserted AFTER INSERT ON webhook_deliveries
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION count_pending_deliveries();
CREATE TRIGGER pending_updated AFTER UPDATE ON webhook_deliveries
    REFERENCING NEW TABLE AS added OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_pending_deliveries();
CREATE TRIGGER pending_deleted AFTER DELETE ON webhook_deliveries
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION count_pending_deliveries();

-- From here on, nobody changes deliveries until the end of the migration.
UPDATE webhook_cursors c SET pending = n.pending FROM (
    SELECT d.org_id, d.webhook_id, count(*) AS pending FROM webhook_deliveries d
    WHERE d.status = 'pending' AND d.origin = 'log' GROUP BY 1, 2
) n WHERE c.org_id = n.org_id AND c.webhook_id = n.webhook_id;

-- `behind` counts the events of the log that were not searched yet, of any type, and the deliveries from the log that are
-- pending.
CREATE OR REPLACE VIEW webhook_progress_list AS
    SELECT w.org_id, w.id, c.position, c.last_delivered_at, c.failing_since, c.last_error,
           coalesce(l.position - c.position + c.pending, 0) AS behind
    FROM webhooks w JOIN org_log l USING (org_id)
    LEFT JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
    WHERE w.org_id = current_setting('app.org', true) AND w.status <> 'deleted';
