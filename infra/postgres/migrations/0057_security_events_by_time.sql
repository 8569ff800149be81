-- outside a transaction
CREATE INDEX CONCURRENTLY IF NOT EXISTS security_events_by_time ON security_events (org_id, at, event_id);
