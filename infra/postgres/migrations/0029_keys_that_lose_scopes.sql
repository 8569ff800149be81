-- The scopes of a key can change. A webhook gets nothing more when its key loses a scope that the webhook needs.

-- Whether a key was revoked, has expired, or lacks one of these scopes. The function with two parameters is still called by
-- senders of the version before.
CREATE FUNCTION has_key_ended(p_org text, p_key text, p_scopes text[]) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM public.api_keys k WHERE k.org_id = p_org AND k.id = p_key
        AND (k.status <> 'active' OR k.expires_at <= clock_timestamp() OR NOT p_scopes <@ k.scopes)
    );
END $$;

REVOKE ALL ON FUNCTION has_key_ended(text, text, text[]) FROM PUBLIC;
