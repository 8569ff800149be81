-- What the application needs of the keys that sign checkpoints: all public keys, and the private key of the present one, which
-- is encrypted with SMARTDHANDHA_SECRET_KEY.
CREATE VIEW log_key_list AS SELECT number, key_id, name, public_key, created_at, retired_at FROM log_keys;

GRANT SELECT ON log_key_list TO smartdhandha_app;

CREATE FUNCTION log_signing_key() RETURNS TABLE (name text, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.name, k.sealed FROM public.log_keys k WHERE k.retired_at IS NULL ORDER BY k.number DESC LIMIT 1
$$;

REVOKE ALL ON FUNCTION log_signing_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION log_signing_key TO smartdhandha_app;

-- An event is found by its id in this index. Its list of pending entries would be read each time, up to 4 MB of it: new tiles are
-- written in the background, so they can do without the list.
ALTER INDEX log_tiles_starts SET (fastupdate = off);
