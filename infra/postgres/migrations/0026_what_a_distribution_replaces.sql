-- `smartdhandha db distribute` replaces these functions and views, so that all other code is the same for one machine
-- and for several (docs/decisions/0070-a-tenant-is-a-shard.md).

-- Sets the organization whose rows the transaction sees. PostgreSQL puts the function's body in the place of its call, so
-- it costs what set_config() costs.
CREATE FUNCTION set_organization(p_org text) RETURNS text LANGUAGE sql VOLATILE
RETURN pg_catalog.set_config('app.org', p_org, true);

-- Sets the organization, and how the transaction's statements are planned (PostgreSQL's `plan_cache_mode`).
CREATE FUNCTION set_organization(p_org text, p_plan text) RETURNS text LANGUAGE sql VOLATILE
RETURN pg_catalog.set_config('app.org', p_org, true) || pg_catalog.set_config('plan_cache_mode', p_plan, true);
REVOKE ALL ON FUNCTION set_organization(text), set_organization(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION set_organization(text), set_organization(text, text) TO smartdhandha_app;

-- The ledger of credits with the organization of each key, for the owner.
CREATE VIEW credit_entries AS
    SELECT k.org_id, c.key_id, c.seq, c.at, c.method, c.route FROM api_keys k JOIN credits c ON c.key_id = k.id;

CREATE VIEW credit_ends AS
    SELECT k.org_id, w.key_id, w.first_seq, w.first_at, w.last_seq, w.last_at
    FROM api_keys k JOIN credit_windows w ON w.key_id = k.id;
