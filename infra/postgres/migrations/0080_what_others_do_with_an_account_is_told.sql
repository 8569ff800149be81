-- Users learn of changes of their factors, organizations of links that were shown, and no organization uses up the mails of
-- another one.

-- ── Mails ────────────────────────────────────────────────────────────────────────────────────────────────────────────

-- When a user can get another mail of a kind; null if now. An organization causes at most 20 of a kind for a user in an hour, and
-- all together 60.
CREATE FUNCTION mail_free_at(p_kind text, p_org text, p_user text) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT interval '1 hour' + greatest(
        (
            SELECT m.queued_at FROM public.mails m
            WHERE m.user_id = p_user AND m.kind = p_kind AND m.org_id IS NOT DISTINCT FROM p_org
            AND m.queued_at > clock_timestamp() - interval '1 hour' ORDER BY m.queued_at DESC OFFSET 19 LIMIT 1
        ),
        (
            SELECT m.queued_at FROM public.mails m WHERE m.user_id = p_user AND m.kind = p_kind
            AND m.queued_at > clock_timestamp() - interval '1 hour' ORDER BY m.queued_at DESC OFFSET 59 LIMIT 1
        )
    );
END;

-- As in migration 66, with these limits.
CREATE OR REPLACE FUNCTION add_mail(p_kind text, p_org text, p_user text, p_address text, p_facts json) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    due timestamptz;
BEGIN
    IF NOT public.mails_are_on() OR public.mail_free_at(p_kind, p_org, p_user) IS NOT NULL THEN
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

-- Of the invitations of the transaction's own organization to a user: when the mail that waits is sent, if this is later than
-- now, and when another one can be sent, if not now.
CREATE FUNCTION invitation_mail(p_user text, OUT due_at timestamptz, OUT free_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
BEGIN
    SELECT max(m.due_at) INTO due_at FROM public.mails m
    WHERE m.org_id = own AND m.kind = 'invitation' AND m.user_id = p_user AND m.status = 'queued' AND m.attempts = 0
    AND m.due_at > clock_timestamp();
    free_at := public.mail_free_at('invitation', own, p_user);
END $$;

-- As in migration 59, and for changes of second factors.
CREATE OR REPLACE FUNCTION queue_security_mail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    facts jsonb := jsonb_build_object(
        'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        -- For an operator, the address is no network address, but the account of the operating system.
        'network', CASE WHEN NEW.actor_type IS DISTINCT FROM 'operator' THEN left(NEW.address, 64) END
    );
    mail_kind text;
BEGIN
    IF NEW.kind = 'key.leaked' THEN
        PERFORM public.add_mails_to_managers(
            'key_leaked', NEW.org_id, json_build_object('object', left(NEW.object_id, 64))
        );
        RETURN NULL;
    ELSIF NEW.kind = 'password.changed' THEN
        mail_kind := 'password_changed';
    ELSIF NEW.kind IN ('factor.added', 'factor.removed', 'factors.reset', 'recovery_codes.replaced') THEN
        mail_kind := 'factors_changed';
        facts := facts || jsonb_build_object('detail', NEW.kind);
    ELSE
        -- The browser that has set a password by a link belongs to who got the link.
        UPDATE public.known_browsers b SET is_told = true WHERE b.user_id = NEW.object_id AND NOT b.is_told;
        IF NOT FOUND OR NEW.kind <> 'login.succeeded' THEN
            RETURN NULL;
        END IF;
        mail_kind := 'unknown_browser';
    END IF;
    PERFORM public.add_mail(mail_kind, NEW.org_id, u.user_id, u.email, facts::json)
    FROM public.users u WHERE u.user_id = NEW.object_id AND u.removed_at IS NULL;
    RETURN NULL;
END $$;
DROP TRIGGER queue_mail ON security_events;
CREATE TRIGGER queue_mail AFTER INSERT ON security_events FOR EACH ROW
    WHEN (NOT NEW.is_copy AND NEW.kind IN (
        'key.leaked', 'password.changed', 'link.used', 'login.succeeded', 'factor.added', 'factor.removed', 'factors.reset',
        'recovery_codes.replaced'
    ))
    EXECUTE FUNCTION queue_security_mail();

-- ── Links, factors and sessions ──────────────────────────────────────────────────────────────────────────────────────

-- As in migration 79, and stores that the link was shown: who was shown it could accept the invitation, too.
DROP FUNCTION create_invitation(bytea, text, text);
CREATE FUNCTION create_invitation(
    p_token_hash bytea, p_user text, p_by text, p_client text, p_request text, OUT until timestamptz, OUT event json
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
BEGIN
    PERFORM FROM public.users u WHERE u.user_id IN (p_user, p_by) ORDER BY u.user_id FOR NO KEY UPDATE;
    PERFORM FROM public.memberships target JOIN public.all_members maker USING (org_id)
    WHERE target.org_id = own AND target.user_id = p_user AND target.status = 'invited'
    AND maker.user_id = p_by AND maker.status = 'active'
    AND (maker.role = 'owner' OR (maker.role = 'admin' AND target.role <> 'owner'));
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM public.user_links l WHERE l.user_id = p_user AND l.purpose = 'invitation' AND l.org_id = own;
    INSERT INTO public.user_links (token_hash, user_id, expires_at, purpose, org_id, shown_in)
    VALUES (p_token_hash, p_user, clock_timestamp() + interval '7 days', 'invitation', own, own)
    RETURNING expires_at INTO until;
    event := public.record_security_event('invitation.shown', own, 'user', p_by, p_user, p_client, p_request, NULL);
END $$;

-- As in migration 63, but both are locked before their roles are read, so that no change of a role or membership comes in
-- between.
CREATE OR REPLACE FUNCTION reset_member_factors(
    p_token_hash bytea, p_user text, p_client text, p_request text, OUT problem text, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    by_whom CONSTANT text := (SELECT f.who FROM public.factor_session(p_token_hash) f);
    manager record;
    of_role text;
BEGIN
    PERFORM FROM public.users u WHERE u.user_id IN (p_user, by_whom) ORDER BY u.user_id FOR NO KEY UPDATE;
    SELECT f.who, f.proved, m.org_id, m.role INTO manager
    FROM public.factor_session(p_token_hash) f
    JOIN public.user_sessions s ON s.token_hash = p_token_hash
    JOIN public.users u ON u.user_id = f.who
    JOIN public.all_members m ON m.org_id = coalesce(s.org_id, u.org_id) AND m.user_id = f.who
    WHERE m.role IN ('owner', 'admin') AND m.status = 'active' AND NOT f.awaits;
    SELECT m.role INTO of_role FROM public.all_members m
    WHERE m.org_id = manager.org_id AND m.user_id = p_user AND m.status = 'active';
    problem := CASE
        WHEN manager.who IS NULL THEN 'forbidden'
        WHEN NOT manager.proved THEN 'unproved'
        WHEN manager.who = p_user THEN 'own'
        WHEN of_role IS NULL THEN 'gone'
        WHEN of_role = 'owner' AND manager.role <> 'owner' THEN 'owner'
        WHEN EXISTS (
            SELECT FROM public.all_members m
            WHERE m.org_id <> manager.org_id AND m.user_id = p_user AND m.status = 'active'
        ) THEN 'elsewhere'
    END;
    IF problem IS NULL THEN
        PERFORM public.drop_factors(p_user);
        events := ARRAY[public.record_security_event(
            'factors.reset', manager.org_id, 'user', manager.who, p_user, p_client, p_request, NULL
        )];
    END IF;
END $$;

-- As in migration 58, and the session gets a new token: one that somebody has copied does not outlive the password, either.
DROP FUNCTION change_password(bytea, bytea, bytea, text, text, text, text, text);
CREATE FUNCTION change_password(
    p_token_hash bytea, p_address bytea, p_browser bytea, p_client text, p_request text, p_hash text, p_raw_hash text,
    p_new_hash text, p_new_token_hash bytea, OUT is_changed boolean, OUT wait integer, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known record;
    c record;
BEGIN
    is_changed := false;
    SELECT u.user_id, u.email, u.password_hash INTO known FROM public.user_sessions s JOIN public.users u USING (user_id)
    WHERE s.token_hash = p_token_hash FOR NO KEY UPDATE OF u;
    IF known.user_id IS DISTINCT FROM public.user_of_session(p_token_hash) OR known.user_id IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO c FROM public.login_counters(known.user_id, known.email, NULL, p_address, p_browser);
    PERFORM public.lock_counters(c.counters);
    wait := public.login_wait(c.counters);
    IF wait > 0 THEN
        events := public.refuse_login(c.counters, wait, known.user_id, p_client, p_request);
    ELSIF coalesce(known.password_hash IN (p_hash, p_raw_hash), false) THEN
        is_changed := true;
        DELETE FROM public.login_failures f WHERE f.subject = c.counters[1];
        PERFORM public.replace_password(known.user_id, p_new_hash, p_token_hash, p_browser);
        UPDATE public.user_sessions s SET token_hash = p_new_token_hash WHERE s.token_hash = p_token_hash;
        events := ARRAY[public.record_security_event(
            'password.changed', NULL, 'user', known.user_id, known.user_id, p_client, p_request, NULL
        )];
    ELSE
        events := public.count_failure(c.counters, c.most, c.kinds, known.user_id, p_client, p_request);
    END IF;
END $$;

REVOKE ALL ON FUNCTION mail_free_at, invitation_mail, create_invitation, change_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION invitation_mail, create_invitation, change_password TO smartdhandha_app;
