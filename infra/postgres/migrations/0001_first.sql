-- The log, the read tables of invoices and keys, the credits, and the permissions.
-- Every key and every unique index begins with org_id, so that the schema can be distributed by organization.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- ── Organizations and their logs ─────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE organizations (
    org_id     text COLLATE "C" PRIMARY KEY,
    name       text NOT NULL,
    time_zone  text NOT NULL DEFAULT 'Asia/Kolkata',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The head of an organization's log. A writer for the organization locks this row until it commits.
CREATE TABLE org_log (
    org_id      text COLLATE "C" PRIMARY KEY REFERENCES organizations,
    position    bigint NOT NULL DEFAULT 0,
    chain_hash  bytea NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT '-infinity',
    series      jsonb NOT NULL DEFAULT '{}'  -- the last serial number of the invoice series by the year in which the financial year begins
) WITH (fillfactor = 50);

CREATE TABLE events (
    org_id             text COLLATE "C" NOT NULL,
    position           bigint NOT NULL,
    originator_id      text COLLATE "C" NOT NULL,
    originator_version integer NOT NULL,
    name               text COLLATE "C" NOT NULL,
    schema_version     smallint NOT NULL,
    state              text NOT NULL,
    metadata           text NOT NULL,
    recorded_at        timestamptz NOT NULL,
    chain_hash         bytea NOT NULL,
    CONSTRAINT events_pkey PRIMARY KEY (org_id, position),
    CONSTRAINT events_version_key UNIQUE (org_id, originator_id, originator_version)
);

-- ── Read tables ──────────────────────────────────────────────────────────────────────────────────────────────────────

-- projection: invoices
CREATE TABLE invoices (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    invoice_number     text COLLATE "C" NOT NULL,
    financial_year     integer NOT NULL,
    client_id          text COLLATE "C" NOT NULL,
    status             text COLLATE "C" NOT NULL,
    invoice_date       date NOT NULL,
    due_date           date NOT NULL,
    total_amount       numeric NOT NULL,
    is_overdue         boolean NOT NULL,
    search             text COLLATE "C" NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL,
    details            json NOT NULL
) WITH (fillfactor = 85);
-- projection: invoices, after the load
ALTER TABLE invoices ADD CONSTRAINT invoices_pkey PRIMARY KEY (org_id, id);
-- projection: invoices, until migration nine
ALTER TABLE invoices ADD CONSTRAINT invoices_number_key UNIQUE (org_id, financial_year, invoice_number);
-- projection: invoices, until migration twenty five
CREATE INDEX invoices_created ON invoices (org_id, created_at, id);
CREATE INDEX invoices_updated ON invoices (org_id, updated_at, id);
-- projection: invoices, after the load
CREATE INDEX invoices_status ON invoices (org_id, status, created_at, id, invoice_date); -- the last column lets the index compare dates
CREATE INDEX invoices_client ON invoices (org_id, client_id, created_at, id);
-- projection: invoices, until migration twenty five
CREATE INDEX invoices_date ON invoices (org_id, invoice_date, id);
CREATE INDEX invoices_due ON invoices (org_id, due_date, id);
CREATE INDEX invoices_total ON invoices (org_id, total_amount, id);
CREATE INDEX invoices_by_number ON invoices (org_id, invoice_number, id);
CREATE INDEX invoices_overdue ON invoices (org_id, created_at, id) WHERE is_overdue;
-- projection: invoices, until migration thirteen
CREATE INDEX invoices_search ON invoices USING gin (org_id, search gin_trgm_ops);
-- projection: invoices, after the load
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON invoices USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON invoices TO smartdhandha_app;
-- projection: end

-- projection: api_keys
CREATE TABLE api_keys (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    name               text NOT NULL,
    status             text COLLATE "C" NOT NULL,
    scopes             text[] NOT NULL,
    credit_limit       bigint NOT NULL,
    last_four          text NOT NULL,
    key_hash           text COLLATE "C" NOT NULL,
    previous_hash      text COLLATE "C",
    previous_until     timestamptz,
    expires_at         timestamptz,
    revoked_at         timestamptz,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL
) WITH (fillfactor = 50);
-- projection: api_keys, after the load
ALTER TABLE api_keys ADD CONSTRAINT api_keys_pkey PRIMARY KEY (org_id, id);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON api_keys USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON api_keys TO smartdhandha_app;
-- projection: end

-- Finds a key by the hash of its secret, before its organization is known.
CREATE TABLE api_key_hashes (
    hash        bytea PRIMARY KEY,
    org_id      text COLLATE "C" NOT NULL,
    key_id      text COLLATE "C" NOT NULL,
    valid_until timestamptz
);
CREATE INDEX api_key_hashes_key ON api_key_hashes (org_id, key_id);

-- ── Credits ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- One row per admitted request. For each key, `seq` has no gaps and `at` never decreases.
CREATE TABLE credits (
    key_id text COLLATE "C" NOT NULL,
    seq    bigint NOT NULL,
    at     timestamptz NOT NULL,
    method text COLLATE "C" NOT NULL,
    route  text COLLATE "C" NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX credits_seq ON credits (key_id, seq);
CREATE INDEX credits_at ON credits (key_id, at, seq);
CREATE TABLE credits_other PARTITION OF credits DEFAULT;

-- The first and last request in each key's window, so that admission does not search every partition for them; the
-- first one may have left the window since. Concurrent requests with one key wait for the lock on this row.
CREATE TABLE credit_windows (
    key_id    text COLLATE "C" PRIMARY KEY,
    first_seq bigint NOT NULL,
    first_at  timestamptz NOT NULL,
    last_seq  bigint NOT NULL,
    last_at   timestamptz NOT NULL
) WITH (fillfactor = 50);

-- Creates the missing monthly partitions from the last month to three months ahead.
CREATE FUNCTION prepare_credit_partitions(today date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    first date;
BEGIN
    FOR offset_months IN -1..3 LOOP
        first := (date_trunc('month', today) + make_interval(months => offset_months))::date;
        BEGIN
            EXECUTE format(
                'CREATE TABLE IF NOT EXISTS public.%I PARTITION OF public.credits FOR VALUES FROM (%L) TO (%L)',
                'credits_' || to_char(first, 'YYYY_MM'),
                first::text || ' 00:00:00+00',
                (first + interval '1 month')::date::text || ' 00:00:00+00'
            );
        EXCEPTION WHEN check_violation THEN  -- not created in time: the rows of that month are in credits_other, and stay there
            NULL;
        END;
    END LOOP;
END $$;
SELECT prepare_credit_partitions((now() AT TIME ZONE 'UTC')::date);

-- Identifies a key and decides whether its request is admitted; an admitted request adds a row to `credits`. The key's
-- window is locked first, so that requests with one key run one after the other; other keys never wait. A free request
-- adds no row. The window is exact: `used` is the number of rows younger than 720 hours, the difference of their first
-- and last `seq`.
CREATE FUNCTION admit(
    p_hash bytea, p_method text, p_route text, p_free boolean,
    OUT verdict text, OUT org text, OUT key text, OUT granted text[], OUT quota bigint, OUT used bigint,
    OUT first_at timestamptz, OUT last_at timestamptz, OUT readmitted_at timestamptz, OUT asked_at timestamptz
) LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
DECLARE
    h record;
    k record;
    w record;
    window_length CONSTANT interval := interval '720 hours';
    counted_at timestamptz;
    horizon timestamptz;
    setting text;
BEGIN
    asked_at := clock_timestamp();
    SELECT t.org_id, t.key_id, t.valid_until INTO h FROM public.api_key_hashes t WHERE t.hash = p_hash;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    IF p_free THEN
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id = h.key_id;
    ELSE
        setting := pg_catalog.set_config('synchronous_commit', 'off', true);
        SELECT * INTO w FROM public.credit_windows t WHERE t.key_id = h.key_id FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            INSERT INTO public.credit_windows VALUES (h.key_id, 1, '-infinity', 0, '-infinity') ON CONFLICT DO NOTHING;
            SELECT * INTO w FROM public.credit_windows t WHERE t.key_id = h.key_id FOR NO KEY UPDATE;
        END IF;
    END IF;
    SELECT t.status, t.scopes, t.credit_limit, t.expires_at INTO k
    FROM public.api_keys t WHERE t.org_id = h.org_id AND t.id = h.key_id;
    IF NOT FOUND THEN
        verdict := 'unknown';
        RETURN;
    END IF;
    asked_at := clock_timestamp();  -- read again, after a possible wait for the lock
    org := h.org_id; key := h.key_id; granted := k.scopes; quota := k.credit_limit;
    IF k.status = 'revoked' THEN
        verdict := 'revoked';
        RETURN;
    ELSIF k.status = 'expired' OR k.expires_at <= asked_at OR h.valid_until <= asked_at THEN
        verdict := 'expired';
        RETURN;
    END IF;

    -- After the clock was set back, the key's time does not move until the clock has caught up. `asked_at` is the
    -- clock's time, because clients wait by the clock.
    counted_at := greatest(asked_at, w.last_at);
    horizon := counted_at - window_length;
    used := 0;
    IF w.last_at > horizon THEN
        IF w.first_at <= horizon THEN
            SELECT c.seq, c.at INTO w.first_seq, w.first_at FROM public.credits c
            WHERE c.key_id = h.key_id AND c.at > horizon AND c.at <= w.last_at ORDER BY c.at, c.seq LIMIT 1;
        END IF;
        used := w.last_seq - w.first_seq + 1;
        first_at := w.first_at; last_at := w.last_at;
    END IF;

    IF used >= quota THEN
        verdict := 'exhausted';
        SELECT c.at + window_length INTO readmitted_at FROM public.credits c
        WHERE c.key_id = h.key_id AND c.seq = w.last_seq - quota + 1 AND c.at > horizon;
        IF p_free THEN
            verdict := 'admitted';
        END IF;
        RETURN;
    END IF;
    verdict := 'admitted';
    IF NOT p_free THEN
        IF used = 0 THEN
            w.first_seq := w.last_seq + 1;
            w.first_at := counted_at;
        END IF;
        INSERT INTO public.credits VALUES (h.key_id, w.last_seq + 1, counted_at, p_method, p_route);
        UPDATE public.credit_windows t
        SET first_seq = w.first_seq, first_at = w.first_at, last_seq = w.last_seq + 1, last_at = counted_at
        WHERE t.key_id = h.key_id;
        used := used + 1;
        first_at := w.first_at; last_at := counted_at;
    END IF;
END $$;

-- ── Numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Returns the next free number of the organization's own series for the financial year that begins in p_year. The caller
-- must hold the lock on the organization's head. Numbers that were taken by hand are skipped. After 9999 the year is
-- shortened, because rule 46(b) of the CGST Rules limits a number to 16 characters. NULL for an organization other than
-- the transaction's own.
CREATE FUNCTION next_invoice_number(p_org text, p_year integer, OUT serial integer, OUT number text)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    SELECT coalesce((l.series ->> p_year::text)::integer, 0) INTO serial
    FROM public.org_log l WHERE l.org_id = p_org AND l.org_id = current_setting('app.org', true);
    LOOP
        serial := serial + 1;
        IF serial <= 9999 THEN
            number := 'INV-' || p_year || '-' || lpad(((p_year + 1) % 100)::text, 2, '0') || '-' || lpad(serial::text, 4, '0');
        ELSE
            number := 'INV-' || lpad((p_year % 100)::text, 2, '0') || '-' || lpad(((p_year + 1) % 100)::text, 2, '0') || '-' || serial;
        END IF;
        EXIT WHEN NOT EXISTS (
            SELECT FROM public.invoices i
            WHERE i.org_id = p_org AND i.financial_year = p_year AND i.invoice_number = number
        );
    END LOOP;
END $$;

-- ── Roles ────────────────────────────────────────────────────────────────────────────────────────────────────────────
-- The application's role owns nothing and cannot bypass row-level security. It reads lists through views of the owner,
-- because with a policy, ILIKE and numeric comparisons could not use their indexes.

-- projection: invoices, view
CREATE OR REPLACE VIEW public.invoice_list AS
    SELECT org_id, id, invoice_number, financial_year, client_id, status, invoice_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details
    FROM invoices WHERE org_id = current_setting('app.org', true);
-- projection: end

CREATE VIEW api_key_list AS
    SELECT org_id, id, name, status, scopes, credit_limit, last_four, previous_until, expires_at, revoked_at, created_at,
           updated_at, version
    FROM api_keys WHERE org_id = current_setting('app.org', true);

CREATE VIEW credit_list AS
    SELECT k.org_id, c.key_id, c.seq, c.at, c.method, c.route
    FROM api_keys k JOIN credits c ON c.key_id = k.id WHERE k.org_id = current_setting('app.org', true);

CREATE VIEW credit_window_list AS
    SELECT k.org_id, w.key_id, w.first_seq, w.first_at, w.last_seq, w.last_at
    FROM api_keys k JOIN credit_windows w ON w.key_id = k.id WHERE k.org_id = current_setting('app.org', true);

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON organizations USING (org_id = current_setting('app.org', true));
ALTER TABLE org_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON org_log USING (org_id = current_setting('app.org', true));
ALTER TABLE events ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON events USING (org_id = current_setting('app.org', true));
ALTER TABLE api_key_hashes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON api_key_hashes USING (org_id = current_setting('app.org', true));

REVOKE ALL ON FUNCTION admit, next_invoice_number, prepare_credit_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit, next_invoice_number TO smartdhandha_app;
GRANT SELECT ON organizations, invoice_list, api_key_list, credit_list, credit_window_list, schema_migrations
TO smartdhandha_app;
GRANT SELECT, UPDATE ON org_log TO smartdhandha_app;
GRANT SELECT, INSERT ON events TO smartdhandha_app;
GRANT SELECT (org_id, key_id), INSERT, DELETE ON api_key_hashes TO smartdhandha_app;
