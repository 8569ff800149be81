-- Changes of second factors. Each needs a session whose user has just proved who it is (factor_session), and ends the
-- user's other sessions where it changes what a log-in needs. docs/decisions/0045-the-second-factor.md

-- ── Steps, which the application's role cannot call alone ────────────────────────────────────────────────────────────

-- Locks the user of a session who has just given the password or a factor, and returns the user's id; null for any other.
CREATE FUNCTION proved_user(p_token_hash bytea) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT f.who FROM public.lock_factor_session(p_token_hash) f WHERE f.proved);
END $$;

CREATE FUNCTION end_other_sessions(p_user text, p_token_hash bytea) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    DELETE FROM public.user_sessions s WHERE s.user_id = p_user AND s.token_hash <> p_token_hash;
    DELETE FROM public.pending_logins p WHERE p.user_id = p_user;
END $$;

CREATE FUNCTION record_own_change(p_kind text, p_user text, p_client text, p_request text, p_factor text) RETURNS json
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN public.record_security_event(
        p_kind, NULL, 'user', p_user, p_user, p_client, p_request, json_build_object('factor', p_factor)
    );
END $$;

-- Takes all factors of a user away, and logs the user out. The password stays.
CREATE FUNCTION drop_factors(p_user text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.users u WHERE u.user_id = p_user FOR NO KEY UPDATE;
    DELETE FROM public.user_factors f WHERE f.user_id = p_user;
    DELETE FROM public.recovery_codes r WHERE r.user_id = p_user;
    DELETE FROM public.user_sessions s WHERE s.user_id = p_user;
    DELETE FROM public.pending_logins p WHERE p.user_id = p_user;
END $$;

-- ── Changes by the user ──────────────────────────────────────────────────────────────────────────────────────────────
-- `problem` is null for a change that was made. 'unproved': the user must first give the password or a factor again.

-- The first factor of a user also stores recovery codes, and `with_codes` is true. 'too_many': the user has ten factors.
-- 'known': this factor was added before.
CREATE FUNCTION add_factor(
    p_token_hash bytea, p_factor text, p_kind text, p_name text, p_sealed bytea, p_proof_hash bytea,
    p_identity_hash bytea, p_count bigint, p_code_hashes bytea[], p_client text, p_request text,
    OUT problem text, OUT with_codes boolean, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := public.proved_user(p_token_hash);
    others integer;
BEGIN
    IF who IS NULL THEN
        problem := 'unproved';
        RETURN;
    END IF;
    SELECT count(*) INTO others FROM public.user_factors f WHERE f.user_id = who;
    IF others >= 10 THEN
        problem := 'too_many';
        RETURN;
    END IF;
    INSERT INTO public.user_factors (factor_id, user_id, kind, name, sealed, proof_hash, identity_hash, used_count)
    VALUES (p_factor, who, p_kind, p_name, p_sealed, p_proof_hash, p_identity_hash, p_count)
    ON CONFLICT (identity_hash) DO NOTHING;
    IF NOT FOUND THEN
        problem := 'known';
        RETURN;
    END IF;
    with_codes := others = 0;
    IF with_codes THEN
        INSERT INTO public.recovery_codes (user_id, code_hash) SELECT who, h FROM unnest(p_code_hashes) h;
    END IF;
    PERFORM public.end_other_sessions(who, p_token_hash);
    events := ARRAY[public.record_own_change('factor.added', who, p_client, p_request, p_factor)];
END $$;

-- 'unknown': the user has no such factor.
CREATE FUNCTION rename_factor(
    p_token_hash bytea, p_factor text, p_name text, p_client text, p_request text, OUT problem text, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := public.proved_user(p_token_hash);
BEGIN
    UPDATE public.user_factors f SET name = p_name WHERE f.factor_id = p_factor AND f.user_id = who;
    problem := CASE WHEN who IS NULL THEN 'unproved' WHEN NOT FOUND THEN 'unknown' END;
    IF problem IS NULL THEN
        events := ARRAY[public.record_own_change('factor.renamed', who, p_client, p_request, p_factor)];
    END IF;
END $$;

-- With the last factor, the recovery codes go. 'last': `p_keeps_one` is true, and the user has no other factor.
CREATE FUNCTION remove_factor(
    p_token_hash bytea, p_factor text, p_keeps_one boolean, p_client text, p_request text,
    OUT problem text, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := public.proved_user(p_token_hash);
    is_last boolean := NOT EXISTS (SELECT FROM public.user_factors f WHERE f.user_id = who AND f.factor_id <> p_factor);
BEGIN
    IF who IS NOT NULL AND is_last AND p_keeps_one THEN
        problem := 'last';
        RETURN;
    END IF;
    DELETE FROM public.user_factors f WHERE f.factor_id = p_factor AND f.user_id = who;
    problem := CASE WHEN who IS NULL THEN 'unproved' WHEN NOT FOUND THEN 'unknown' END;
    IF problem IS NOT NULL THEN
        RETURN;
    END IF;
    IF is_last THEN
        DELETE FROM public.recovery_codes r WHERE r.user_id = who;
    END IF;
    PERFORM public.end_other_sessions(who, p_token_hash);
    events := ARRAY[public.record_own_change('factor.removed', who, p_client, p_request, p_factor)];
END $$;

-- Replaces the recovery codes. 'unknown': the user has no factor.
CREATE FUNCTION replace_recovery_codes(
    p_token_hash bytea, p_code_hashes bytea[], p_client text, p_request text, OUT problem text, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := public.proved_user(p_token_hash);
BEGIN
    IF who IS NULL THEN
        problem := 'unproved';
    ELSIF NOT EXISTS (SELECT FROM public.user_factors f WHERE f.user_id = who) THEN
        problem := 'unknown';
    ELSE
        DELETE FROM public.recovery_codes r WHERE r.user_id = who;
        INSERT INTO public.recovery_codes (user_id, code_hash) SELECT who, h FROM unnest(p_code_hashes) h;
        events := ARRAY[public.record_security_event(
            'recovery_codes.replaced', NULL, 'user', who, who, p_client, p_request, NULL
        )];
    END IF;
END $$;

-- ── A lost device ────────────────────────────────────────────────────────────────────────────────────────────────────

-- Takes all factors of another user away. The session must be of an owner of the organization that it shows, and the user
-- must belong to this organization and to no other one: 'forbidden', 'own' (the owner itself), 'unknown', 'elsewhere'.
CREATE FUNCTION reset_member_factors(
    p_token_hash bytea, p_user text, p_client text, p_request text, OUT problem text, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner record;
BEGIN
    SELECT f.who, f.proved, m.org_id INTO owner
    FROM public.factor_session(p_token_hash) f
    JOIN public.user_sessions s ON s.token_hash = p_token_hash
    JOIN public.users u ON u.user_id = f.who
    JOIN public.all_members m ON m.org_id = coalesce(s.org_id, u.org_id) AND m.user_id = f.who
    WHERE m.role = 'owner' AND m.status = 'active' AND NOT f.awaits;
    problem := CASE
        WHEN owner.who IS NULL THEN 'forbidden'
        WHEN NOT owner.proved THEN 'unproved'
        WHEN owner.who = p_user THEN 'own'
        WHEN NOT EXISTS (
            SELECT FROM public.all_members m
            WHERE m.org_id = owner.org_id AND m.user_id = p_user AND m.status = 'active'
        ) THEN 'unknown'
        WHEN EXISTS (
            SELECT FROM public.all_members m
            WHERE m.org_id <> owner.org_id AND m.user_id = p_user AND m.status = 'active'
        ) THEN 'elsewhere'
    END;
    IF problem IS NULL THEN
        PERFORM public.drop_factors(p_user);
        events := ARRAY[public.record_security_event(
            'factors.reset', owner.org_id, 'user', owner.who, p_user, p_client, p_request, NULL
        )];
    END IF;
END $$;

REVOKE ALL ON FUNCTION proved_user, end_other_sessions, record_own_change, drop_factors, add_factor, rename_factor,
    remove_factor, replace_recovery_codes, reset_member_factors FROM PUBLIC;
GRANT EXECUTE ON FUNCTION add_factor, rename_factor, remove_factor, replace_recovery_codes, reset_member_factors
    TO smartdhandha_app;
