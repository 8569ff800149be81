-- A hash that was made from the raw text of a password is replaced at the next log-in.

-- Replaces the hash of a user's password, unless the hash was changed meanwhile. The password stays the same, so no session
-- ends.
CREATE FUNCTION rehash_password(p_user text, p_old_hash text, p_new_hash text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE public.users u SET password_hash = p_new_hash
    WHERE u.user_id = p_user AND u.password_hash = p_old_hash AND u.removed_at IS NULL;
END;
REVOKE ALL ON FUNCTION rehash_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rehash_password TO smartdhandha_app;
