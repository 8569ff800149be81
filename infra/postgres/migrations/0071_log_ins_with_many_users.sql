-- A log-in takes as long with many users as with one.

-- As in migration 58, but the user of the session is found once: a volatile function in a condition is called for each row.
CREATE OR REPLACE FUNCTION note_client(p_token_hash bytea, p_address text, p_browser text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who CONSTANT text := public.user_of_session(p_token_hash);
BEGIN
    UPDATE public.user_sessions s SET address = p_address, browser = p_browser
    WHERE s.token_hash = p_token_hash AND s.address IS NULL;
    RETURN (SELECT u.theme FROM public.users u WHERE u.user_id = who);
END $$;
