-- Where anybody can sign up, an owner may be a stranger: mails to others are paced, and who was only invited can still sign up.

CREATE INDEX mails_invitations ON mails (org_id, due_at) WHERE kind = 'invitation';

-- As in migration 59, but an organization's invitations are sent 30 in an hour: each is due an hour after the 30th before it.
CREATE OR REPLACE FUNCTION add_mail(p_kind text, p_org text, p_user text, p_address text, p_facts json) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    due timestamptz;
BEGIN
    IF NOT public.mails_are_on() OR 20 <= (
        SELECT count(*) FROM public.mails m
        WHERE m.user_id = p_user AND m.kind = p_kind AND m.queued_at > clock_timestamp() - interval '1 hour'
    ) THEN
        RETURN;
    END IF;
    IF p_kind = 'invitation' THEN
        SELECT m.due_at + interval '1 hour' INTO due FROM public.mails m
        WHERE m.org_id = p_org AND m.kind = 'invitation' ORDER BY m.due_at DESC OFFSET 29 LIMIT 1;
    END IF;
    INSERT INTO public.mails (kind, org_id, user_id, address, facts, status, due_at)
    VALUES (
        p_kind, p_org, p_user, p_address, p_facts, CASE WHEN p_address IS NULL THEN 'dropped' ELSE 'queued' END,
        greatest(due, clock_timestamp())
    );
END $$;

-- As in migration 64, but no text of the caller's choice gets into a mail.
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
    PERFORM public.add_mail(
        'password_reset', known.org_id, known.user_id, known.email, json_build_object('network', left(p_client, 64))
    );
    events := ARRAY[public.record_security_event(
        'password.requested', NULL, NULL, NULL, known.user_id, p_client, p_request, NULL
    )];
END $$;

-- Whether a user has a password, or belongs to an organization. Otherwise somebody has only invited the address.
CREATE FUNCTION has_account(p_user text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM public.users u WHERE u.user_id = p_user AND u.removed_at IS NULL AND (
            u.password_hash IS NOT NULL
            OR EXISTS (SELECT FROM public.all_members m WHERE m.user_id = u.user_id AND m.status = 'active')
        )
    );
END;
REVOKE ALL ON FUNCTION has_account FROM PUBLIC;

-- As in migration 53, but an address that was only invited is not known.
CREATE OR REPLACE FUNCTION is_known_address(p_email text, p_lower text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.users u WHERE u.email IN (p_email, p_lower) AND public.has_account(u.user_id));
END;

-- As in migration 53. Invitations to the address before are no longer valid: they were made for nobody.
CREATE OR REPLACE FUNCTION add_founder(p_user text, p_org text, p_email text, p_hash text) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM public.users u WHERE u.email = p_email AND u.removed_at IS NULL FOR NO KEY UPDATE;
    UPDATE public.users u SET removed_at = clock_timestamp()
    WHERE u.email = p_email AND u.removed_at IS NULL AND NOT public.has_account(u.user_id);
    INSERT INTO public.users (user_id, org_id, email, password_hash) VALUES (p_user, p_org, p_email, p_hash)
    ON CONFLICT (email) WHERE removed_at IS NULL DO NOTHING;
    RETURN FOUND;
END $$;

-- As in migration 64, as above.
CREATE OR REPLACE FUNCTION request_sign_up(
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
    WHERE u.email IN (p_email, p_lower) AND public.has_account(u.user_id) ORDER BY u.email = p_email DESC LIMIT 1;
    PERFORM public.add_mail(
        CASE WHEN known.user_id IS NULL THEN 'address_confirmation' ELSE 'already_signed_up' END, NULL, known.user_id,
        coalesce(known.email, p_email), json_build_object('network', left(p_client, 64))
    );
    events := ARRAY[public.record_security_event(
        'signup.requested', NULL, NULL, NULL, known.user_id, p_client, p_request, NULL
    )];
END $$;

-- As in migration 64, but all addresses of one mailbox, such as asha@example.in and asha+1@example.in, have one counter.
CREATE OR REPLACE FUNCTION pace_mails(p_purpose text, p_email text, p_network text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    mailbox CONSTANT text := regexp_replace(p_email, '[+][^@]*@', '@');
    counters bytea[] := ARRAY[
        sha256(convert_to(p_purpose || ' for ' || mailbox, 'UTF8')), sha256(convert_to(p_purpose || 's from ' || p_network, 'UTF8'))
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
