-- When a key is rotated, its old secret keeps working until the end that is promised then. The hashes of all old secrets
-- are kept for ever, with this end.

-- projection: api_keys
ALTER TABLE api_keys ADD COLUMN earlier_secrets jsonb NOT NULL DEFAULT '[]';
-- projection: end
-- previous_hash and previous_until are no longer written. A later migration can drop them, when no process of an earlier
-- version is running.

CREATE OR REPLACE VIEW api_key_list AS
    SELECT org_id, id, name, status, scopes, credit_limit, last_four, previous_until, expires_at, revoked_at, created_at,
           updated_at, version, earlier_secrets
    FROM api_keys WHERE org_id = current_setting('app.org', true);

-- A rotation deletes the hash that has no end, and changes no hash that has an end. For this, the application reads
-- valid_until.
GRANT SELECT (valid_until) ON api_key_hashes TO smartdhandha_app;
