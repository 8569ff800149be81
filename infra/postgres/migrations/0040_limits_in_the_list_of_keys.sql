-- The list of keys for keys that manage others shows their networks and their burst, too:
-- docs/decisions/0076-keys-that-manage-keys.md

CREATE OR REPLACE VIEW api_key_state_list AS
    SELECT k.org_id, k.id, now.status, k.scopes, k.manages_keys, k.search, k.beginnings, k.created_at, k.version,
           json_build_object(
               'id', k.id, 'name', k.name, 'status', now.status, 'scopes', k.scopes, 'creditLimit', k.credit_limit,
               'lastFour', k.last_four, 'earlierSecrets', k.earlier_secrets, 'expiresAt', k.expires_at,
               'allowedCidrs', coalesce(k.allowed_cidrs, '{}'), 'burst', k.burst,
               'managesKeys', k.manages_keys, 'revokedAt', k.revoked_at, 'createdAt', k.created_at,
               'updatedAt', k.updated_at, 'version', k.version, 'askedAt', now.at
           ) AS summary
    FROM api_keys k, LATERAL (
        SELECT CASE WHEN k.status = 'active' AND k.expires_at <= clock_timestamp() THEN 'expired' ELSE k.status END
               AS status, clock_timestamp() AS at
    ) now
    WHERE k.org_id = current_setting('app.org', true);
