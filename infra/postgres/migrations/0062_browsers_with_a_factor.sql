-- A browser has guesses of a second factor of its own only after a factor was given in it. A browser that became known by the
-- password, before there was a factor, or by a link that sets a password, had them, too: somebody who could make many browsers
-- known, or many links, had as many times the guesses. docs/decisions/0045-the-second-factor.md

ALTER TABLE known_browsers ADD COLUMN with_factor boolean NOT NULL DEFAULT false;  -- whether a factor was given in it

-- As in migration 51, for browsers in which a factor was given.
CREATE OR REPLACE FUNCTION factor_counters(
    p_user text, p_address bytea, p_browser bytea, OUT counters bytea[], OUT most integer[], OUT kinds text[]
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known bytea := (
        SELECT b.token_hash FROM public.known_browsers b
        WHERE b.token_hash = p_browser AND b.user_id = p_user AND b.with_factor
    );
BEGIN
    SELECT c.counters, c.most, c.kinds INTO counters, most, kinds
    FROM public.users u, public.login_counters(p_user, u.email, NULL, p_address, known) c WHERE u.user_id = p_user;
    counters[1] := sha256(convert_to('factor ', 'UTF8') || counters[1]);
END $$;

-- As in migration 51, and remembers that a factor was given in the browser.
CREATE OR REPLACE FUNCTION accept_factor(
    p_user text, p_token_hash bytea, p_kind text, p_new_token_hash bytea, p_browser bytea, p_new_browser bytea,
    p_client text, p_request text, OUT keeps_browser boolean, OUT events json[]
) LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.pending_logins p WHERE p.token_hash = p_token_hash;
    PERFORM public.open_session(p_new_token_hash, p_user, interval '12 hours', interval '30 days');
    keeps_browser := public.remember_browser(p_user, p_browser, p_new_browser);
    UPDATE public.known_browsers b SET with_factor = true
    WHERE b.user_id = p_user AND b.token_hash = CASE WHEN keeps_browser THEN p_browser ELSE p_new_browser END;
    events := ARRAY[public.record_security_event(
        'login.succeeded', NULL, 'user', p_user, p_user, p_client, p_request, json_build_object('factor', p_kind)
    )];
END $$;
