-- Owners and admins ask in the console that a person is erased. The role of the application may not change events, so
-- the background worker does it, as the owner of the tables. docs/decisions/0093-erasing-a-person.md
CREATE TABLE erasure_requests (
    org_id       text COLLATE "C" NOT NULL,
    request_id   text COLLATE "C" NOT NULL,
    user_id      text COLLATE "C" NOT NULL,          -- who has asked
    address      text COLLATE "C",                   -- from which network address
    web_request  text COLLATE "C" NOT NULL,          -- the id of the request with the form
    subject_kind text COLLATE "C" NOT NULL CHECK (subject_kind IN ('party', 'employee')),
    subject      text COLLATE "C",                   -- the id of the person, until the request has ended
    left_on      date,                               -- as this
    state        text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
    failure      text COLLATE "C",                   -- why it failed, as a word
    result       json,                               -- what was erased, and what had to stay: no personal data
    record       json,                               -- what `privacy reapply` needs after a restore: no personal data
    asked_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at     timestamptz,
    CONSTRAINT erasure_requests_pkey PRIMARY KEY (org_id, request_id),
    CONSTRAINT erasure_requests_forget CHECK (
        (state = 'waiting') = (subject IS NOT NULL) AND (state = 'waiting') = (ended_at IS NULL)
        AND (state = 'waiting' OR left_on IS NULL)
    )
);
CREATE INDEX erasure_requests_waiting ON erasure_requests (asked_at) WHERE state = 'waiting';
ALTER TABLE erasure_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON erasure_requests USING (org_id = current_setting('app.org', true));

CREATE VIEW erasure_request_list AS
    SELECT org_id, request_id, user_id, subject_kind, subject, left_on, state, failure, result, record, asked_at, ended_at
    FROM erasure_requests WHERE org_id = current_setting('app.org', true);
GRANT SELECT ON erasure_request_list TO smartdhandha_app;

-- As in migration 23, with the positions: what is held about a person is folded without these events, as rows are.
CREATE OR REPLACE VIEW projection_skip_list AS
    SELECT org_id, projection, position FROM projection_skips WHERE org_id = current_setting('app.org', true);

-- Asks for an erasure in the transaction's own organization, for an owner or admin of it whose session was proved in the
-- last minutes. The id is chosen by the caller: a form that is sent twice asks once. Returns a problem, or null.
CREATE FUNCTION ask_for_erasure(
    p_token_hash bytea, p_id text, p_kind text, p_subject text, p_left date, p_client text, p_request text,
    OUT problem text, OUT events json[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
    manager record;
BEGIN
    SELECT f.who, f.proved INTO manager FROM public.factor_session(p_token_hash) f
    JOIN public.organizations o ON o.org_id = own
    JOIN public.all_members m ON m.org_id = coalesce(o.live_organization, o.org_id) AND m.user_id = f.who
    WHERE m.role IN ('owner', 'admin') AND m.status = 'active' AND NOT f.awaits;
    PERFORM pg_advisory_xact_lock(hashtextextended('erasures ' || own, 0));
    problem := CASE
        WHEN manager.who IS NULL THEN 'forbidden'
        WHEN NOT coalesce(manager.proved, false) THEN 'unproved'
        WHEN EXISTS (SELECT FROM public.erasure_requests r WHERE r.org_id = own AND r.request_id = p_id) THEN 'known'
        WHEN (SELECT count(*) FROM public.erasure_requests r WHERE r.org_id = own AND r.state = 'waiting') >= 20
            THEN 'many'
    END;
    IF problem IS NULL THEN
        INSERT INTO public.erasure_requests (
            org_id, request_id, user_id, address, web_request, subject_kind, subject, left_on
        ) VALUES (own, p_id, manager.who, p_client, p_request, p_kind, p_subject, p_left);
        events := ARRAY[public.record_security_event(
            'erasure.requested', own, 'user', manager.who, p_id, p_client, p_request,
            json_build_object('subjectKind', p_kind)
        )];
    END IF;
END $$;

-- Takes a request of the transaction's own organization back, unless it was or is being carried out.
CREATE FUNCTION cancel_erasure(p_id text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own CONSTANT text := current_setting('app.org', true);
BEGIN
    PERFORM FROM public.erasure_requests r
    WHERE r.org_id = own AND r.request_id = p_id AND r.state = 'waiting' FOR UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.erasure_requests r SET state = 'failed', failure = 'cancelled', subject = NULL, left_on = NULL,
        ended_at = clock_timestamp() WHERE r.org_id = own AND r.request_id = p_id;
    RETURN true;
END $$;

-- When the background worker last looked for requests, whether it failed then, and whether this is long ago.
CREATE FUNCTION erasing_worker(OUT ran_at timestamptz, OUT has_failed boolean, OUT is_late boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT w.finished_at, w.error IS NOT NULL, w.finished_at < clock_timestamp() - interval '2 minutes'
    INTO ran_at, has_failed, is_late
    FROM public.worker_runs w WHERE w.task = 'erase_persons';
END $$;

REVOKE ALL ON FUNCTION ask_for_erasure, cancel_erasure, erasing_worker FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ask_for_erasure, cancel_erasure, erasing_worker TO smartdhandha_app;
