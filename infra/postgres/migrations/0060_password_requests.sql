-- A user who has forgotten the password gets a link by mail. The answer is the same for an unknown address, and costs as much.

-- Adds the mail, unless too many were asked for: after three for an address, and 30 from a network address, each further one
-- must wait, as after failed log-ins, but with counters of their own. Returns the seconds to wait; 0 if there is no wait. The
-- link is made when the mail is sent, so no transaction of the application has it.
CREATE FUNCTION request_password(
    p_email text, p_lower text, p_network text, p_client text, p_request text, OUT wait integer, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    counters bytea[] := ARRAY[
        sha256(convert_to('password for ' || p_email, 'UTF8')), sha256(convert_to('passwords from ' || p_network, 'UTF8'))
    ];
BEGIN
    PERFORM public.lock_counters(counters);
    wait := public.login_wait(counters);
    IF wait > 0 THEN
        RETURN;
    END IF;
    UPDATE public.login_failures f
    SET failures = f.failures + 1, until = clock_timestamp() + interval '1 hour',
        free_at = clock_timestamp() + public.login_delay(f.failures + 1, t.most)
    FROM unnest(counters, '{3,30}'::integer[]) AS t (subject, most) WHERE f.subject = t.subject;
    SELECT u.user_id, u.email, u.org_id INTO known FROM public.users u
    WHERE u.email IN (p_email, p_lower) AND u.removed_at IS NULL ORDER BY u.email = p_email DESC LIMIT 1;
    PERFORM public.add_mail('password_reset', known.org_id, known.user_id, known.email, json_build_object('network', p_client));
    events := ARRAY[public.record_security_event(
        'password.requested', NULL, NULL, NULL, known.user_id, p_client, p_request, NULL
    )];
END $$;

REVOKE ALL ON FUNCTION request_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_password TO smartdhandha_app;
