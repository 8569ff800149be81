-- Every secret of a key that was rotated out keeps the end that was promised for it, and is known for ever.

-- projection: api_keys
ALTER TABLE api_keys ADD COLUMN earlier_secrets jsonb NOT NULL DEFAULT '[]';
-- projection: end
-- previous_hash and previous_until are not written any more; they go once no process of an earlier version is running.

CREATE OR REPLACE VIEW api_key_list AS
    SELECT org_id, id, name, status, scopes, credit_limit, last_four, previous_until, expires_at, revoked_at, created_at,
           updated_at, version, earlier_secrets
    FROM api_keys WHERE org_id = current_setting('app.org', true);

-- A rotation replaces the hash without an end, and leaves the others alone.
GRANT SELECT (valid_until) ON api_key_hashes TO smartdhandha_app;
