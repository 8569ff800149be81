-- Keys that may manage keys, and what finds a key among many.

-- projection: api_keys
ALTER TABLE api_keys ADD COLUMN manages_keys boolean NOT NULL DEFAULT false;
ALTER TABLE api_keys ADD COLUMN search text NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN beginnings text[] NOT NULL DEFAULT '{}';
-- projection: end

CREATE OR REPLACE VIEW api_key_list AS
    SELECT org_id, id, name, status, scopes, credit_limit, last_four, previous_until, expires_at, revoked_at, created_at,
           updated_at, version, earlier_secrets, manages_keys, search, beginnings
    FROM api_keys WHERE org_id = current_setting('app.org', true);

-- A key as the API shows it. An expiry counts before the background worker has recorded it.
CREATE VIEW api_key_state_list AS
    SELECT k.org_id, k.id, now.status, k.scopes, k.manages_keys, k.search, k.beginnings, k.created_at, k.version,
           json_build_object(
               'id', k.id, 'name', k.name, 'status', now.status, 'scopes', k.scopes, 'creditLimit', k.credit_limit,
               'lastFour', k.last_four, 'earlierSecrets', k.earlier_secrets, 'expiresAt', k.expires_at,
               'managesKeys', k.manages_keys, 'revokedAt', k.revoked_at, 'createdAt', k.created_at,
               'updatedAt', k.updated_at, 'version', k.version, 'askedAt', now.at
           ) AS summary
    FROM api_keys k, LATERAL (
        SELECT CASE WHEN k.status = 'active' AND k.expires_at <= clock_timestamp() THEN 'expired' ELSE k.status END
               AS status, clock_timestamp() AS at
    ) now
    WHERE k.org_id = current_setting('app.org', true);
GRANT SELECT ON api_key_state_list TO smartdhandha_app;
