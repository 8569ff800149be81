-- Mails that wait until they are sent, and the traces of earlier ones. What causes a mail adds it in its own transaction; a
-- process of its own sends it. docs/decisions/0043-mails-wait-in-an-outbox.md

-- Whether the installation sends mails. Each start of `serve` says so; otherwise none is added.
CREATE TABLE mail_setup (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),  -- there is one row
    is_on   boolean NOT NULL
);
INSERT INTO mail_setup (is_on) VALUES (false);
ALTER TABLE mail_setup ENABLE ROW LEVEL SECURITY;

CREATE TABLE mails (
    mail_id    uuid PRIMARY KEY DEFAULT gen_random_uuid(),  -- is in the Message-ID of each attempt
    kind       text COLLATE "C" NOT NULL,                   -- commands/accounts/mail.py
    org_id     text COLLATE "C",
    user_id    text COLLATE "C",                            -- who gets it; null for somebody who is no user
    address    text COLLATE "C",                            -- personal data, like `facts`: deleted at the end
    facts      json NOT NULL DEFAULT '{}',                  -- what the text of this mail says, beside that of its kind
    status     text COLLATE "C" NOT NULL CHECK (status IN ('queued', 'sent', 'refused', 'expired', 'dropped')),
    queued_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    due_at     timestamptz NOT NULL DEFAULT clock_timestamp(),  -- when a sender may take it; one that takes it moves this ahead
    attempts   integer NOT NULL DEFAULT 0,
    is_claimed boolean NOT NULL DEFAULT false,  -- whether an attempt has begun whose end is not known
    ended_at   timestamptz,
    result     text,                            -- what the SMTP server has said last, without addresses
    CONSTRAINT mails_address CHECK ((status = 'queued') = (address IS NOT NULL))
);
CREATE INDEX mails_due ON mails (due_at) WHERE status = 'queued';
CREATE INDEX mails_user ON mails (user_id, queued_at);
CREATE INDEX mails_queued_at ON mails (queued_at);
ALTER TABLE mails ENABLE ROW LEVEL SECURITY;

-- Whether the user was sent a mail about a log-in in this browser, or needs none.
ALTER TABLE known_browsers ADD COLUMN is_told boolean NOT NULL DEFAULT true;
ALTER TABLE known_browsers ALTER COLUMN is_told SET DEFAULT false;

CREATE FUNCTION mails_are_on() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT s.is_on FROM public.mail_setup s;
END;

-- ── Steps that the application's role cannot call alone: it names no address ─────────────────────────────────────────

-- Adds a mail, if mails are sent. A user gets at most 20 of a kind in an hour. Without an address, the row is that of a
-- mail for nobody, so that an unknown address costs as much as a known one.
CREATE FUNCTION add_mail(p_kind text, p_org text, p_user text, p_address text, p_facts json) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT public.mails_are_on() OR 20 <= (
        SELECT count(*) FROM public.mails m
        WHERE m.user_id = p_user AND m.kind = p_kind AND m.queued_at > clock_timestamp() - interval '1 hour'
    ) THEN
        RETURN;
    END IF;
    INSERT INTO public.mails (kind, org_id, user_id, address, facts, status)
    VALUES (p_kind, p_org, p_user, p_address, p_facts, CASE WHEN p_address IS NULL THEN 'dropped' ELSE 'queued' END);
END $$;

-- Adds a mail for each owner and admin of an organization. Those of a test organization are those of its live one.
CREATE FUNCTION add_mails_to_managers(p_kind text, p_org text, p_facts json) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    live text;
BEGIN
    SELECT coalesce(o.live_organization, o.org_id) INTO live FROM public.organizations o WHERE o.org_id = p_org;
    PERFORM public.add_mail(p_kind, p_org, u.user_id, u.email, p_facts)
    FROM public.all_members m JOIN public.users u USING (user_id)
    WHERE m.org_id = live AND m.role IN ('owner', 'admin') AND m.status = 'active' AND u.removed_at IS NULL
    ORDER BY u.user_id;
END $$;

-- ── What causes mails ────────────────────────────────────────────────────────────────────────────────────────────────

-- For an event of the transaction's own organization: of `p_object`, the user that was invited, or the key, the budget or
-- the webhook. `p_detail` is the threshold or the reason.
CREATE FUNCTION queue_event_mail(p_org text, p_kind text, p_object text, p_detail text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF p_org IS DISTINCT FROM current_setting('app.org', true) THEN
        RAISE 'only events of the transaction''s own organization cause mails, not those of %', p_org;
    ELSIF p_kind = 'invitation' THEN
        PERFORM public.add_mail(p_kind, p_org, u.user_id, u.email, '{}')
        FROM public.all_members m JOIN public.users u USING (user_id)
        WHERE m.org_id = p_org AND m.user_id = p_object AND m.status = 'invited' AND u.removed_at IS NULL;
    ELSIF (p_kind = 'threshold_reached' AND p_detail IN ('50', '80', '100'))
        OR (p_kind = 'webhook_disabled' AND p_detail IN ('gone', 'failing')) THEN
        PERFORM public.add_mails_to_managers(
            p_kind, p_org, json_build_object('object', left(p_object, 64), 'detail', p_detail)
        );
    ELSE
        RAISE 'no event causes a mail % with %', p_kind, p_detail;
    END IF;
END $$;

-- For a security event. The functions of log-ins and links store theirs in their own transactions, so none is left out.
CREATE FUNCTION queue_security_mail() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    facts json := json_build_object(
        'at', to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'network', left(NEW.address, 64)
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
    ELSE
        -- The browser that has set a password by a link belongs to who got the link.
        UPDATE public.known_browsers b SET is_told = true WHERE b.user_id = NEW.object_id AND NOT b.is_told;
        IF NOT FOUND OR NEW.kind <> 'login.succeeded' THEN
            RETURN NULL;
        END IF;
        mail_kind := 'unknown_browser';
    END IF;
    PERFORM public.add_mail(mail_kind, NEW.org_id, u.user_id, u.email, facts)
    FROM public.users u WHERE u.user_id = NEW.object_id AND u.removed_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER queue_mail AFTER INSERT ON security_events FOR EACH ROW
    WHEN (NOT NEW.is_copy AND NEW.kind IN ('key.leaked', 'password.changed', 'link.used', 'login.succeeded'))
    EXECUTE FUNCTION queue_security_mail();

REVOKE ALL ON FUNCTION mails_are_on, add_mail, add_mails_to_managers, queue_event_mail, queue_security_mail FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mails_are_on, queue_event_mail TO smartdhandha_app;
