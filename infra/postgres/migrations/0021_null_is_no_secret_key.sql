-- In the list of hashes, a null is no key. With the function of migration 19, a list with a null contained every key, so
-- SQL as the application could name a key that no process has, and no process would have been ready.

CREATE OR REPLACE FUNCTION use_secret_key(p_hashes text[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('smartdhandha secret keys', 0));
    IF EXISTS (
        SELECT FROM public.secret_keys k
        WHERE NOT coalesce(k.key_hash = ANY (p_hashes), false) AND k.used_at > clock_timestamp() - interval '2 minutes'
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO public.secret_keys AS k (key_hash, used_at) VALUES (p_hashes[1], clock_timestamp())
    ON CONFLICT (key_hash) DO UPDATE SET used_at = EXCLUDED.used_at
    WHERE k.used_at < EXCLUDED.used_at - interval '20 seconds';
    RETURN true;
END $$;
