-- Somebody signs up: a link in a mail confirms the address before there is an organization or a key.
-- docs/decisions/0060-sign-up-begins-with-the-address.md

CREATE TABLE signups (
    token_hash bytea PRIMARY KEY,              -- SHA-256 of the token in the link
    email      text COLLATE "C" NOT NULL,
    expires_at timestamptz NOT NULL,
    used_by    bytea                           -- SHA-256 of the token of the form that has used it
);
CREATE INDEX signups_expires_at ON signups (expires_at);
ALTER TABLE signups ENABLE ROW LEVEL SECURITY;

-- Counts a mail that somebody without a session asks for, and returns the seconds to wait; 0 if there is no wait. After three
-- for an address, and 30 from a network address, each further one must wait, as after failed log-ins. The counters are those
-- of the purpose.
CREATE FUNCTION pace_mails(p_purpose text, p_email text, p_network text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    counters bytea[] := ARRAY[
        sha256(convert_to(p_purpose || ' for ' || p_email, 'UTF8')), sha256(convert_to(p_purpose || 's from ' || p_network, 'UTF8'))
    ];
    seconds integer;
BEGIN
    PERFORM public.lock_counters(counters);
    seconds := public.login_wait(counters);
    IF seconds = 0 THEN
        UPDATE public.login_failures f
        SET failures = f.failures + 1, until = clock_timestamp() + interval '1 hour',
            free_at = clock_timestamp() + public.login_delay(f.failures + 1, t.most)
        FROM unnest(counters, '{3,30}'::integer[]) AS t (subject, most) WHERE f.subject = t.subject;
    END IF;
    RETURN seconds;
END $$;

-- As before, but with the function above.
CREATE OR REPLACE FUNCTION request_password(
    p_email text, p_lower text, p_network text, p_client text, p_request text, OUT wait integer, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    wait := public.pace_mails('password', p_email, p_network);
    IF wait > 0 THEN
        RETURN;
    END IF;
    SELECT u.user_id, u.email, u.org_id INTO known FROM public.users u
    WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1;
    PERFORM public.add_mail('password_reset', known.org_id, known.user_id, known.email, json_build_object('network', p_client));
    events := ARRAY[public.record_security_event(
        'password.requested', NULL, NULL, NULL, known.user_id, p_client, p_request, NULL
    )];
END $$;

-- Adds a mail with a link to an address that nobody has, or tells its user that there is an account. Both cost the same.
CREATE FUNCTION request_sign_up(
    p_email text, p_lower text, p_network text, p_client text, p_request text, OUT wait integer, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    wait := public.pace_mails('signup', p_email, p_network);
    IF wait > 0 THEN
        RETURN;
    END IF;
    SELECT u.user_id, u.email INTO known FROM public.users u
    WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1;
    PERFORM public.add_mail(
        CASE WHEN known.user_id IS NULL THEN 'address_confirmation' ELSE 'already_signed_up' END, NULL, known.user_id,
        coalesce(known.email, p_email), json_build_object('network', p_client)
    );
    events := ARRAY[public.record_security_event(
        'signup.requested', NULL, NULL, NULL, known.user_id, p_client, p_request, NULL
    )];
END $$;

-- Returns the address that a link confirms, and `verdict`: 'right', 'closed' if the link is unknown or has expired, 'sent' if this
-- form has used it before, or 'known' if a user has the address.
CREATE FUNCTION try_sign_up(p_token bytea, p_form bytea, OUT verdict text, OUT email text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
BEGIN
    SELECT * INTO known FROM public.signups s WHERE s.token_hash = p_token FOR UPDATE;
    email := known.email;
    verdict := CASE
        WHEN known.used_by = p_form THEN 'sent'
        WHEN known.used_by IS NULL AND known.expires_at > clock_timestamp() THEN
            CASE WHEN public.is_known_address(known.email, lower(known.email)) THEN 'known' ELSE 'right' END
        ELSE 'closed'
    END;
END $$;

-- As `begin_setup` and `finish_setup`: a link is the proof in place of the code. The founder's address is the confirmed one.

CREATE FUNCTION begin_sign_up(
    p_token bytea, p_form bytea, p_client text, p_request text, p_org text, p_name text, p_zone text, p_email text,
    p_lower text, OUT verdict text, OUT tries_left integer, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    confirmed text;
BEGIN
    SELECT t.verdict, t.email INTO verdict, confirmed FROM public.try_sign_up(p_token, p_form) t;
    IF verdict = 'right' THEN
        IF p_email IS DISTINCT FROM confirmed THEN
            RAISE 'the link confirms another address';
        END IF;
        PERFORM public.add_organization(p_org, p_name, p_zone);
    END IF;
END $$;

CREATE FUNCTION finish_sign_up(
    p_token bytea, p_form bytea, p_client text, p_request text, p_org text, p_user text, p_email text, p_hash text,
    OUT verdict text, OUT tries_left integer, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    confirmed text;
BEGIN
    SELECT t.verdict, t.email INTO verdict, confirmed FROM public.try_sign_up(p_token, p_form) t;
    IF verdict <> 'right' THEN
        RETURN;
    END IF;
    PERFORM FROM public.org_log l WHERE l.org_id = p_org AND l.position = 0;
    IF NOT FOUND OR p_email IS DISTINCT FROM confirmed THEN
        RAISE 'no new organization, or another address: %', p_org;
    ELSIF NOT public.add_founder(p_user, p_org, p_email, p_hash) THEN
        verdict := 'known';
        RETURN;
    END IF;
    UPDATE public.signups s SET used_by = p_form WHERE s.token_hash = p_token;
    event := public.record_security_event(
        'organization.created', p_org, 'user', p_user, p_org, p_client, p_request, NULL
    );
END $$;

REVOKE ALL ON FUNCTION pace_mails, request_sign_up, try_sign_up, begin_sign_up, finish_sign_up FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_sign_up, try_sign_up, begin_sign_up, finish_sign_up TO smartdhandha_app;
