-- Webhooks: the rows of the aggregate, their encrypted secrets, and how far each one has been served.
--
-- The log is the outbox: a command writes nothing for webhooks. A sender reads each log on from the position of a cursor,
-- and moves the cursor in the transaction that stores the deliveries that it has found (docs/decisions/0051).

-- projection: webhooks
CREATE TABLE webhooks (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    url                text NOT NULL,
    host               text COLLATE "C" NOT NULL,  -- the host of the URL with its port
    types              text[] COLLATE "C",         -- null means all that the scopes show
    ordered            boolean NOT NULL,
    scopes             text[] COLLATE "C" NOT NULL,
    status             text COLLATE "C" NOT NULL,
    secret_id          text COLLATE "C" NOT NULL,
    previous_secret_id text COLLATE "C",
    previous_until     timestamptz,                -- until when deliveries are signed with the previous secret, too
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL
) WITH (fillfactor = 85);
-- projection: webhooks, after the load
ALTER TABLE webhooks ADD CONSTRAINT webhooks_pkey PRIMARY KEY (org_id, id);
CREATE UNIQUE INDEX webhooks_unique ON webhooks (org_id, md5(url), types, scopes) NULLS NOT DISTINCT
    WHERE status <> 'deleted';
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON webhooks USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON webhooks TO smartdhandha_app;
-- projection: webhooks, view
CREATE OR REPLACE VIEW public.webhook_list AS
    SELECT org_id, id, url, types, ordered, scopes, status, created_at, updated_at, version, projection_version, summary
    FROM webhooks WHERE org_id = current_setting('app.org', true) AND status <> 'deleted';
-- projection: end
GRANT SELECT ON webhook_list TO smartdhandha_app;

-- At most 100 webhooks in an organization. A writer holds the lock on the organization's log, so none is missed.
CREATE FUNCTION check_webhook_limit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.status <> 'deleted' AND (SELECT count(*) FROM public.webhooks w WHERE w.org_id = NEW.org_id AND w.status <> 'deleted') >= 100 THEN
        RAISE EXCEPTION USING ERRCODE = 'unique_violation', CONSTRAINT = 'webhooks_limit',
            MESSAGE = 'the organization has 100 webhooks';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION check_webhook_limit FROM PUBLIC;
CREATE TRIGGER webhooks_limit BEFORE INSERT ON webhooks FOR EACH ROW EXECUTE FUNCTION check_webhook_limit();

-- A secret, encrypted with a key that the database does not have. An event names it by its id. It is stored before the
-- command that uses it; if the command is refused, the background worker deletes it a day later.
CREATE TABLE webhook_secrets (
    org_id     text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL,
    encrypted  bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (org_id, id)
);
ALTER TABLE webhook_secrets ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON webhook_secrets USING (org_id = current_setting('app.org', true));

-- How far a webhook has been served, and how its receiver does.
CREATE TABLE webhook_cursors (
    org_id            text COLLATE "C" NOT NULL,
    webhook_id        text COLLATE "C" NOT NULL,
    position          bigint NOT NULL,             -- the last position of the log that was searched for deliveries
    last_delivered_at timestamptz,
    failing_since     timestamptz,                 -- the first failure after the last success
    last_error        text,
    PRIMARY KEY (org_id, webhook_id)
) WITH (fillfactor = 50);
ALTER TABLE webhook_cursors ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON webhook_cursors USING (org_id = current_setting('app.org', true));

CREATE TABLE webhook_deliveries (
    org_id     text COLLATE "C" NOT NULL,
    webhook_id text COLLATE "C" NOT NULL,
    position   bigint NOT NULL,                    -- of the event
    event_id   text COLLATE "C" NOT NULL,
    type       text COLLATE "C" NOT NULL,
    status     text COLLATE "C" NOT NULL DEFAULT 'pending',  -- or delivered
    due_at     timestamptz NOT NULL,               -- when a sender may take it; a sender that takes it moves this ahead
    attempts   jsonb NOT NULL DEFAULT '[]',
    occurred_at timestamptz NOT NULL,              -- when the event was recorded
    PRIMARY KEY (org_id, webhook_id, position)
) WITH (fillfactor = 70);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (org_id, webhook_id, position) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (occurred_at) WHERE status <> 'pending';
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON webhook_deliveries USING (org_id = current_setting('app.org', true));
