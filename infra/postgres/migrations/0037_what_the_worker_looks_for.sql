-- In each round, the worker asks which logs have a clock that was moved, and which keys have expired. Both are few, and are
-- found without the others. docs/decisions/0080-a-test-log-has-a-clock-and-can-be-emptied.md

CREATE INDEX org_log_moved ON org_log (org_id) WHERE clock_offset > '0';
CREATE INDEX api_keys_expiring ON api_keys (expires_at) WHERE status = 'active';
