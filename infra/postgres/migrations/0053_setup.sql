-- Somebody with the code that `serve` has printed sets up the first organization of one's own.
-- docs/decisions/0052-a-code-in-the-terminal.md

-- Whether the service has made the organization itself: the demo, and the sandbox of the start page.
ALTER TABLE organizations ADD COLUMN is_sample boolean NOT NULL DEFAULT false;
DO $$
DECLARE
    samples text[] := ARRAY(
        SELECT m.org_id FROM all_members m JOIN users u USING (user_id) WHERE u.email = 'owner@demo.example'
        UNION SELECT 'org_0000000000000000000SANDB0X'
    );
BEGIN
    UPDATE organizations SET is_sample = true WHERE org_id = ANY (samples);
END $$;

CREATE TABLE setup_codes (
    is_only    boolean PRIMARY KEY DEFAULT true CHECK (is_only),  -- a new code replaces the one before
    code_hash  bytea NOT NULL,                                    -- SHA-256
    expires_at timestamptz NOT NULL,
    tries_left integer NOT NULL CHECK (tries_left >= 0),
    used_by    bytea                                              -- SHA-256 of the token of the form that has used it
);
ALTER TABLE setup_codes ENABLE ROW LEVEL SECURITY;

-- Whether something has happened in an organization that the service has not made itself.
CREATE FUNCTION has_own_organization() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM public.organizations o JOIN public.org_log l USING (org_id)
        WHERE NOT o.is_sample AND o.live_organization IS NULL AND l.position > 0
    );
END;

-- Returns 'open' if there is a code that works, 'closed' if there is none, and 'over' once there is an organization.
CREATE FUNCTION setup_state() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE
        WHEN public.has_own_organization() THEN 'over'
        WHEN EXISTS (
            SELECT FROM public.setup_codes c
            WHERE c.used_by IS NULL AND c.tries_left > 0 AND c.expires_at > clock_timestamp()
        ) THEN 'open'
        ELSE 'closed'
    END;
END;

-- Compares a code with the one that works, and counts a wrong one; racers wait for each other. `verdict` is 'right',
-- 'wrong', 'closed' or 'over' as above, or 'sent' if this form has used the code before.
CREATE FUNCTION try_setup_code(
    p_code bytea, p_form bytea, p_client text, p_request text,
    OUT verdict text, OUT tries_left integer, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    SELECT * INTO known FROM public.setup_codes c FOR UPDATE;
    IF known.code_hash = p_code AND known.used_by = p_form THEN
        verdict := 'sent';
        RETURN;
    END IF;
    verdict := public.setup_state();
    IF verdict <> 'open' THEN
        RETURN;
    ELSIF known.code_hash = p_code THEN
        verdict := 'right';
        RETURN;
    END IF;
    UPDATE public.setup_codes c SET tries_left = c.tries_left - 1 RETURNING c.tries_left INTO tries_left;
    verdict := 'wrong';
    event := public.record_security_event('setup.wrong_code', NULL, NULL, NULL, NULL, p_client, p_request, NULL);
END $$;

-- ── Steps of setting up, which the application's role cannot call alone ──────────────────────────────────────────────

CREATE FUNCTION is_known_address(p_email text, p_lower text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.users u WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL);
END;

-- Adds an organization with an empty log.
CREATE FUNCTION add_organization(p_org text, p_name text, p_zone text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_org !~ '^org_[0-9A-Z]{26}$' THEN
        RAISE 'this is no id of an organization: %', p_org;
    END IF;
    INSERT INTO public.organizations (org_id, name, time_zone) VALUES (p_org, p_name, p_zone);
    INSERT INTO public.org_log (org_id, chain_hash)
    VALUES (p_org, sha256(convert_to('smartdhandha-chain-1:' || p_org, 'UTF8')));
END $$;

-- Adds a user with a password. Returns false if somebody has the address.
CREATE FUNCTION add_founder(p_user text, p_org text, p_email text, p_hash text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.users (user_id, org_id, email, password_hash) VALUES (p_user, p_org, p_email, p_hash)
    ON CONFLICT (email) WHERE removed_at IS NULL DO NOTHING;
    RETURN FOUND;
END $$;

-- ── Setting up ───────────────────────────────────────────────────────────────────────────────────────────────────────
-- Two functions, because in a distributed database the transaction that adds an organization cannot use its log. Otherwise
-- one transaction calls both. `verdict` can also be 'known': a user has the address.

CREATE FUNCTION begin_setup(
    p_code bytea, p_form bytea, p_client text, p_request text, p_org text, p_name text, p_zone text, p_email text,
    p_lower text, OUT verdict text, OUT tries_left integer, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT t.verdict, t.tries_left, t.event INTO verdict, tries_left, event
    FROM public.try_setup_code(p_code, p_form, p_client, p_request) t;
    IF verdict <> 'right' THEN
        RETURN;
    ELSIF public.is_known_address(p_email, p_lower) THEN
        verdict := 'known';
    ELSE
        PERFORM public.add_organization(p_org, p_name, p_zone);
    END IF;
END $$;

-- Uses the code up, and adds the founder. Nothing may have happened in the organization before.
CREATE FUNCTION finish_setup(
    p_code bytea, p_form bytea, p_client text, p_request text, p_org text, p_user text, p_email text, p_hash text,
    OUT verdict text, OUT tries_left integer, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT t.verdict, t.tries_left, t.event INTO verdict, tries_left, event
    FROM public.try_setup_code(p_code, p_form, p_client, p_request) t;
    IF verdict <> 'right' THEN
        RETURN;
    END IF;
    PERFORM FROM public.org_log l WHERE l.org_id = p_org AND l.position = 0;
    IF NOT FOUND THEN
        RAISE 'no new organization: %', p_org;
    ELSIF NOT public.add_founder(p_user, p_org, p_email, p_hash) THEN
        verdict := 'known';
        RETURN;
    END IF;
    UPDATE public.setup_codes c SET used_by = p_form;
    event := public.record_security_event(
        'organization.created', p_org, 'user', p_user, p_org, p_client, p_request, NULL
    );
END $$;

REVOKE ALL ON FUNCTION has_own_organization, setup_state, try_setup_code, is_known_address, add_organization, add_founder,
    begin_setup, finish_setup FROM PUBLIC;
GRANT EXECUTE ON FUNCTION setup_state, try_setup_code, begin_setup, finish_setup TO smartdhandha_app;
