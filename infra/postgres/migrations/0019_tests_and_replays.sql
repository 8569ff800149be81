-- Tests, replays and retries of webhooks, and how far each webhook has been served, for the API.
-- docs/decisions/0054-tests-replays-and-retries.md says what each is for.

-- ── Deliveries ───────────────────────────────────────────────────────────────────────────────────────────────────────

-- An id for a delivery that sorts by its creation: microseconds since 1970 and 52 random bits, as 26 hexadecimal digits.
CREATE FUNCTION new_delivery_id() RETURNS text LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp
RETURN 'dlv_' || upper(
    lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000000)::bigint), 13, '0')
    || substr(replace(gen_random_uuid()::text, '-', ''), 19, 13)
);
REVOKE ALL ON FUNCTION new_delivery_id FROM PUBLIC;

-- An event can have several deliveries to one webhook: one from the log, and one for each replay. Its place in the log is
-- 0 for a test, which has a sample in place of an event.
ALTER TABLE webhook_deliveries
    ADD COLUMN id text COLLATE "C" NOT NULL DEFAULT new_delivery_id(),
    ADD COLUMN origin text COLLATE "C" NOT NULL DEFAULT 'log',  -- or replay, or test: these never disable a webhook
    ADD COLUMN replay_id text COLLATE "C",                      -- null for one that was sent again by itself
    ADD COLUMN sample bytea,                                    -- the body of a test
    ADD COLUMN created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ADD COLUMN claimed_until timestamptz NOT NULL DEFAULT '-infinity';  -- until then, it belongs to the sender that took it
-- `status` is pending, delivered or failed. Those from the log fail only when they are skipped; a test after its one
-- attempt; those of a replay after the last attempt of the schedule, or when the replay is cancelled.
ALTER TABLE webhook_deliveries DROP CONSTRAINT webhook_deliveries_pkey;
ALTER TABLE webhook_deliveries ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (org_id, webhook_id, id);
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (org_id, webhook_id, position) WHERE origin = 'log';
DROP INDEX webhook_deliveries_due, webhook_deliveries_pending, webhook_deliveries_old;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (org_id, webhook_id, origin, due_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_first ON webhook_deliveries (org_id, webhook_id, origin, position) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (created_at) WHERE status <> 'pending';

-- Until when an attempt to an ordered webhook is in flight: it gets one at a time, whatever its origin.
ALTER TABLE webhook_cursors ADD COLUMN busy_until timestamptz NOT NULL DEFAULT '-infinity';

-- A replay sends events once more that were searched before it began. A sender reads them from the log, page by page,
-- while nothing newer is due.
CREATE TABLE webhook_replays (
    org_id         text COLLATE "C" NOT NULL,
    webhook_id     text COLLATE "C" NOT NULL,
    id             text COLLATE "C" NOT NULL DEFAULT replace(new_delivery_id(), 'dlv_', 'rpl_'),
    status         text COLLATE "C" NOT NULL DEFAULT 'running',  -- or finished, or cancelled
    types          text[] COLLATE "C" NOT NULL,     -- names of events
    after_position bigint NOT NULL,
    until_position bigint NOT NULL,
    position       bigint NOT NULL,                 -- the last position that was read
    events         bigint NOT NULL,                 -- how many events of these types there are
    delivered      bigint NOT NULL DEFAULT 0,
    failed         bigint NOT NULL DEFAULT 0,
    failing_since  timestamptz,                     -- the first failure after the last success
    created_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at       timestamptz,
    PRIMARY KEY (org_id, webhook_id, id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX webhook_replays_running ON webhook_replays (org_id, webhook_id) WHERE status = 'running';
ALTER TABLE webhook_replays ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON webhook_replays USING (org_id = current_setting('app.org', true));

-- ── What the API reads ───────────────────────────────────────────────────────────────────────────────────────────────

-- Newest first is ORDER BY id DESC. `attempts` is what the API shows: [{at, status, durationMs, error, response}].
CREATE VIEW webhook_delivery_list AS
    SELECT org_id, webhook_id, id, event_id, type, origin, replay_id, position, status, attempts, sample, created_at,
           CASE WHEN status = 'pending' THEN due_at END AS next_attempt_at
    FROM webhook_deliveries WHERE org_id = current_setting('app.org', true);

CREATE VIEW webhook_replay_list AS
    SELECT org_id, webhook_id, id, status, types, after_position, until_position, position, events, delivered, failed,
           failing_since, created_at, ended_at
    FROM webhook_replays WHERE org_id = current_setting('app.org', true);

-- How far each webhook has been served. `behind` counts the events of the log that were not searched yet, of any type, and
-- the deliveries from the log that are pending.
CREATE VIEW webhook_progress_list AS
    SELECT w.org_id, w.id, c.position, c.last_delivered_at, c.failing_since, c.last_error,
           coalesce(l.position - c.position, 0) + (
               SELECT count(*) FROM webhook_deliveries d
               WHERE d.org_id = w.org_id AND d.webhook_id = w.id AND d.origin = 'log' AND d.status = 'pending'
           ) AS behind
    FROM webhooks w JOIN org_log l USING (org_id)
    LEFT JOIN webhook_cursors c ON c.org_id = w.org_id AND c.webhook_id = w.id
    WHERE w.org_id = current_setting('app.org', true) AND w.status <> 'deleted';
GRANT SELECT ON webhook_delivery_list, webhook_replay_list, webhook_progress_list TO smartdhandha_app;

-- ── What the API does ────────────────────────────────────────────────────────────────────────────────────────────────
-- Each function acts on a webhook of the transaction's own organization that is not deleted. For any other, it changes
-- nothing and returns null (or the outcome 'unknown').

-- Returns whether the organization has this webhook.
CREATE FUNCTION has_webhook(p_webhook text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN EXISTS (
    SELECT FROM public.webhooks w
    WHERE w.org_id = current_setting('app.org', true) AND w.id = p_webhook AND w.status <> 'deleted'
);

-- Asks for a test: one attempt to post `p_sample` (the whole body) with the `webhook-id` `p_event`, also to a webhook that is
-- paused or disabled. Returns the id of the delivery, whose row in webhook_delivery_list is pending until the attempt has
-- ended, and then delivered or failed. A sender takes it within about 0.2 seconds.
CREATE FUNCTION request_webhook_test(p_webhook text, p_type text, p_event text, p_sample bytea) RETURNS text
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    INSERT INTO public.webhook_deliveries
        (org_id, webhook_id, position, event_id, type, due_at, occurred_at, origin, sample)
    SELECT current_setting('app.org', true), p_webhook, 0, p_event, p_type, clock_timestamp(), clock_timestamp(), 'test',
           p_sample
    WHERE public.has_webhook(p_webhook)
    RETURNING id;
END;

-- Attempts a delivery now. Returns the id of the delivery that is attempted: its own if it is pending; otherwise that of a
-- new one with the same event, which never disables the webhook. An attempt in flight goes on, and is not doubled. Except
-- for tests, the webhook must be active, or the attempt waits until it is.
CREATE FUNCTION retry_webhook_delivery(p_webhook text, p_delivery text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    org CONSTANT text := current_setting('app.org', true);
    d record;
    again text;
BEGIN
    SELECT * INTO d FROM public.webhook_deliveries t
    WHERE t.org_id = org AND t.webhook_id = p_webhook AND t.id = p_delivery AND public.has_webhook(p_webhook)
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN NULL;
    ELSIF d.status = 'pending' THEN
        UPDATE public.webhook_deliveries t SET due_at = least(t.due_at, clock_timestamp())
        WHERE t.org_id = org AND t.webhook_id = p_webhook AND t.id = p_delivery;
        RETURN d.id;
    END IF;
    INSERT INTO public.webhook_deliveries
        (org_id, webhook_id, position, event_id, type, due_at, occurred_at, origin, sample)
    VALUES (org, p_webhook, d.position, d.event_id, d.type, clock_timestamp(), d.occurred_at,
            CASE d.origin WHEN 'test' THEN 'test' ELSE 'replay' END, d.sample)
    RETURNING id INTO again;
    RETURN again;
END $$;

-- Begins to send events once more, from the position after `p_after`, or from the first event recorded at `p_since` or
-- later; exactly one of them is given. `p_types` are names of events (not invoice.*); the sender leaves out those that the
-- webhook's own types and scopes do not show. Events that the webhook has not come to yet are not part of it. `outcome`:
-- 'started' with the id of the replay and the number of its events; 'running' with the id of the replay that has not
-- ended; 'too_many' with the number of events, above 100 000; 'unknown'.
CREATE FUNCTION start_webhook_replay(
    p_webhook text, p_after bigint, p_since timestamptz, p_types text[],
    OUT outcome text, OUT replay text, OUT events bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    org CONSTANT text := current_setting('app.org', true);
    first bigint;
    last bigint;
BEGIN
    outcome := 'unknown';
    PERFORM FROM public.webhooks w WHERE w.org_id = org AND w.id = p_webhook AND w.status <> 'deleted' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT r.id INTO replay FROM public.webhook_replays r
    WHERE r.org_id = org AND r.webhook_id = p_webhook AND r.status = 'running';
    IF FOUND THEN
        outcome := 'running';
        RETURN;
    END IF;
    first := greatest(coalesce(p_after, public.position_before(org, p_since)), 0);
    SELECT coalesce(max(c.position), public.created_position(org, p_webhook)) INTO last
    FROM public.webhook_cursors c WHERE c.org_id = org AND c.webhook_id = p_webhook;
    SELECT count(*) INTO events FROM (
        SELECT FROM public.events e
        WHERE e.org_id = org AND e.position > first AND e.position <= last AND e.name = ANY (p_types) LIMIT 100001
    ) found;
    IF events > 100000 THEN
        outcome := 'too_many';
        RETURN;
    END IF;
    INSERT INTO public.webhook_replays (org_id, webhook_id, types, after_position, until_position, position, events)
    VALUES (org, p_webhook, p_types, first, last, first, events) RETURNING id INTO replay;
    outcome := 'started';
END $$;

-- Ends a replay. What it has found and not delivered yet becomes failed; an attempt in flight may still arrive. Returns
-- whether the replay was running.
CREATE FUNCTION cancel_webhook_replay(p_webhook text, p_replay text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    org CONSTANT text := current_setting('app.org', true);
BEGIN
    IF NOT public.has_webhook(p_webhook) THEN
        RETURN NULL;
    END IF;
    UPDATE public.webhook_replays r SET status = 'cancelled', ended_at = clock_timestamp()
    WHERE r.org_id = org AND r.webhook_id = p_webhook AND r.id = p_replay AND r.status = 'running';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.webhook_deliveries d SET status = 'failed'
    WHERE d.org_id = org AND d.webhook_id = p_webhook AND d.status = 'pending' AND d.replay_id = p_replay;
    RETURN true;
END $$;

-- Moves a webhook to the head of the log (`"from": "now"`): call it before the command that sets the webhook active. What
-- is pending from the log becomes failed. `p_types` are the names of its events. Returns how many deliveries and events of
-- these types are skipped.
CREATE FUNCTION skip_webhook_events(p_webhook text, p_types text[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    org CONSTANT text := current_setting('app.org', true);
    cursor_position bigint;
    head bigint;
    found bigint;
    skipped bigint;
BEGIN
    IF NOT public.has_webhook(p_webhook) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.webhook_cursors (org_id, webhook_id, position)
    VALUES (org, p_webhook, public.created_position(org, p_webhook)) ON CONFLICT DO NOTHING;
    SELECT c.position INTO cursor_position FROM public.webhook_cursors c
    WHERE c.org_id = org AND c.webhook_id = p_webhook FOR NO KEY UPDATE;
    SELECT l.position INTO head FROM public.org_log l WHERE l.org_id = org;
    SELECT count(*) INTO found FROM public.events e
    WHERE e.org_id = org AND e.position > cursor_position AND e.position <= head AND e.name = ANY (p_types);
    UPDATE public.webhook_cursors c SET position = head WHERE c.org_id = org AND c.webhook_id = p_webhook;
    UPDATE public.webhook_deliveries d SET status = 'failed'
    WHERE d.org_id = org AND d.webhook_id = p_webhook AND d.status = 'pending' AND d.origin = 'log';
    GET DIAGNOSTICS skipped = ROW_COUNT;
    RETURN found + skipped;
END $$;

-- ── Their steps, which the application's role cannot call alone ──────────────────────────────────────────────────────

-- The position of the webhook's first event: where its cursor begins.
CREATE FUNCTION created_position(p_org text, p_webhook text) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (
    SELECT e.position FROM public.events e
    WHERE e.org_id = p_org AND e.originator_id = p_webhook AND e.originator_version = 1
);

-- The position of the last event that was recorded before a time. Times never decrease within a log, so each step halves
-- what is left.
CREATE FUNCTION position_before(p_org text, p_time timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    low bigint := 0;
    high bigint;
    middle bigint;
BEGIN
    SELECT l.position INTO high FROM public.org_log l WHERE l.org_id = p_org;
    WHILE low < high LOOP
        middle := (low + high + 1) / 2;
        IF (SELECT e.recorded_at FROM public.events e WHERE e.org_id = p_org AND e.position = middle) < p_time THEN
            low := middle;
        ELSE
            high := middle - 1;
        END IF;
    END LOOP;
    RETURN low;
END $$;

-- ── Keys for secrets ─────────────────────────────────────────────────────────────────────────────────────────────────

-- Hashes of the keys that encrypt secrets of webhooks, so that a process with other keys finds out before it does harm.
CREATE TABLE secret_keys (
    key_hash text COLLATE "C" PRIMARY KEY,
    used_at  timestamptz NOT NULL  -- when a process that encrypts with this key was last alive
);

-- Returns whether every key that a process has used in the last two minutes is among those with these hashes. If so, the
-- first of them, which encrypts, is recorded as in use. It is one caller's turn at a time: of two processes with different
-- keys, the first one is ready, and the other one is not as long as the first one lives.
CREATE FUNCTION use_secret_key(p_hashes text[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('smartdhandha secret keys', 0));
    IF EXISTS (
        SELECT FROM public.secret_keys k
        WHERE k.key_hash <> ALL (p_hashes) AND k.used_at > clock_timestamp() - interval '2 minutes'
    ) THEN
        RETURN false;
    END IF;
    INSERT INTO public.secret_keys AS k (key_hash, used_at) VALUES (p_hashes[1], clock_timestamp())
    ON CONFLICT (key_hash) DO UPDATE SET used_at = EXCLUDED.used_at
    WHERE k.used_at < EXCLUDED.used_at - interval '20 seconds';
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION has_webhook, created_position, position_before, request_webhook_test, retry_webhook_delivery,
    start_webhook_replay, cancel_webhook_replay, skip_webhook_events, use_secret_key FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_webhook_test, retry_webhook_delivery, start_webhook_replay, cancel_webhook_replay,
    skip_webhook_events, use_secret_key TO smartdhandha_app;
