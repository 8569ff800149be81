-- Keys that were found in public: docs/decisions/0077-leaked-keys-are-revoked.md

-- projection: api_keys
ALTER TABLE api_keys ADD COLUMN found_at text;  -- where its secret was found in public; null if it was not
-- projection: end

CREATE OR REPLACE VIEW api_key_list AS
    SELECT org_id, id, name, status, scopes, credit_limit, last_four, previous_until, expires_at, revoked_at, created_at,
           updated_at, version, earlier_secrets, manages_keys, search, beginnings, found_at
    FROM api_keys WHERE org_id = current_setting('app.org', true);

-- The keys whose secrets have these hashes and still work. Who calls it knows the secrets, because a hash cannot be guessed.
CREATE FUNCTION find_working_keys(p_hashes bytea[]) RETURNS TABLE (org_id text, key_id text, hash bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
        SELECT h.org_id, h.key_id, h.hash FROM public.api_key_hashes h
        WHERE h.hash = ANY (p_hashes) AND (h.valid_until > clock_timestamp()) IS NOT FALSE;
END $$;
REVOKE ALL ON FUNCTION find_working_keys(bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_working_keys(bytea[]) TO smartdhandha_app;
