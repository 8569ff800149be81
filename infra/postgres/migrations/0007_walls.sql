-- A log-in while the password changes, and functions with a fixed search path.

-- Begins a session unless the password was changed or the user was removed while the password was checked. The lock on
-- the user makes use_link wait, which then ends this session with all others. It is taken before the locks of
-- clear_login, as in use_link.
CREATE FUNCTION begin_session(
    p_token_hash bytea, p_user text, p_password_hash text, p_idle interval, p_longest interval
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.users u
    WHERE u.user_id = p_user AND u.password_hash = p_password_hash AND u.removed_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM public.open_session(p_token_hash, p_user, p_idle, p_longest);
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION begin_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_session TO smartdhandha_app;

-- `admit` is left unchanged: every request calls it, and the application's role can create no schema to redirect it to.
ALTER FUNCTION admit_question SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION next_invoice_number SET search_path = pg_catalog, pg_temp;
