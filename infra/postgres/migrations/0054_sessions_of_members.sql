-- As in migration 46, but a session shows an organization to which its user belongs. Somebody who was invited first to one and
-- has joined another had sessions of the first, which showed nothing.
CREATE OR REPLACE FUNCTION open_session(p_token_hash bytea, p_user text, p_idle interval, p_longest interval) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    DELETE FROM public.user_sessions WHERE token_hash IN (
        SELECT s.token_hash FROM public.user_sessions s
        WHERE s.seen_at < clock_timestamp() - p_idle OR s.began_at < clock_timestamp() - p_longest
        LIMIT 100 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO public.user_sessions (token_hash, user_id, org_id)
    SELECT p_token_hash, p_user, coalesce((
        SELECT m.org_id FROM public.all_members m WHERE m.user_id = u.user_id AND m.status = 'active'
        ORDER BY m.org_id = u.org_id DESC, m.org_id LIMIT 1
    ), u.org_id) FROM public.users u WHERE u.user_id = p_user;
END;
