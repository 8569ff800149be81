-- The read tables of bills and leaves, and the answers that are stored for safe retries.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- projection: bills
CREATE TABLE bills (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    bill_number        text COLLATE "C" NOT NULL,
    financial_year     integer NOT NULL,
    vendor_id          text COLLATE "C" NOT NULL,
    status             text COLLATE "C" NOT NULL,
    bill_date          date NOT NULL,
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
-- projection: bills, after the load
ALTER TABLE bills ADD CONSTRAINT bills_pkey PRIMARY KEY (org_id, id);
-- projection: bills, until migration nine
ALTER TABLE bills ADD CONSTRAINT bills_number_key UNIQUE (org_id, vendor_id, financial_year, bill_number);
-- projection: bills, until migration twenty five
CREATE INDEX bills_created ON bills (org_id, created_at, id);
CREATE INDEX bills_updated ON bills (org_id, updated_at, id);
-- projection: bills, after the load
CREATE INDEX bills_status ON bills (org_id, status, created_at, id);
CREATE INDEX bills_vendor ON bills (org_id, vendor_id, created_at, id);
-- projection: bills, until migration twenty five
CREATE INDEX bills_date ON bills (org_id, bill_date, id);
CREATE INDEX bills_due ON bills (org_id, due_date, id);
CREATE INDEX bills_total ON bills (org_id, total_amount, id);
CREATE INDEX bills_by_number ON bills (org_id, bill_number, id);
CREATE INDEX bills_overdue ON bills (org_id, created_at, id) WHERE is_overdue;
-- projection: bills, until migration thirteen
CREATE INDEX bills_search ON bills USING gin (org_id, search gin_trgm_ops);
-- projection: bills, after the load
ALTER TABLE bills ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON bills USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON bills TO smartdhandha_app;
-- projection: end

-- projection: leaves
CREATE TABLE leaves (
    org_id             text COLLATE "C" NOT NULL,
    id                 text COLLATE "C" NOT NULL,
    projection_version smallint NOT NULL,
    employee_id        text COLLATE "C" NOT NULL,
    type               text COLLATE "C" NOT NULL,
    status             text COLLATE "C" NOT NULL,
    start_date         date NOT NULL,
    end_date           date NOT NULL,
    slots              tsrange NOT NULL,  -- the half days of the leave
    search             text COLLATE "C" NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    version            integer NOT NULL,
    summary            json NOT NULL
) WITH (fillfactor = 85);
-- projection: leaves, after the load
ALTER TABLE leaves ADD CONSTRAINT leaves_pkey PRIMARY KEY (org_id, id);
ALTER TABLE leaves ADD CONSTRAINT leaves_overlap EXCLUDE USING gist (org_id WITH =, employee_id WITH =, slots WITH &&)
    WHERE (status IN ('pending', 'approved'));
-- projection: leaves, until migration twenty five
CREATE INDEX leaves_created ON leaves (org_id, created_at, id);
CREATE INDEX leaves_updated ON leaves (org_id, updated_at, id);
-- projection: leaves, after the load
CREATE INDEX leaves_status ON leaves (org_id, status, created_at, id);
CREATE INDEX leaves_employee ON leaves (org_id, employee_id, created_at, id);
-- projection: leaves, until migration twenty five
CREATE INDEX leaves_start ON leaves (org_id, start_date, id);
-- projection: leaves, until migration thirteen
CREATE INDEX leaves_search ON leaves USING gin (org_id, search gin_trgm_ops);
-- projection: leaves, after the load
ALTER TABLE leaves ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON leaves USING (org_id = current_setting('app.org', true));
GRANT INSERT, UPDATE, SELECT (org_id, id) ON leaves TO smartdhandha_app;
-- projection: end

-- Documents that become overdue: the worker looks for them after each organization's midnight.
-- projection: invoices, after the load
CREATE INDEX invoices_to_fall_due ON invoices (org_id, due_date)
    WHERE NOT is_overdue AND status IN ('sent', 'partially_paid');
-- projection: end
-- projection: bills, after the load
CREATE INDEX bills_to_fall_due ON bills (org_id, due_date)
    WHERE NOT is_overdue AND status IN ('open', 'partially_paid');
-- projection: end

-- The answer to each request with an Idempotency-Key, stored in the transaction of the request's events.
CREATE TABLE idempotency_keys (
    org_id       text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL,  -- SHA-256 of method, path and body
    object_id    text NOT NULL,
    version      integer NOT NULL,
    answer       json NOT NULL,
    created_at   timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (org_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON idempotency_keys USING (org_id = current_setting('app.org', true));
GRANT SELECT, INSERT ON idempotency_keys TO smartdhandha_app;

-- One row per task of the background worker: its last run and the result.
CREATE TABLE worker_runs (
    task        text PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    done        bigint NOT NULL,
    total_done  bigint NOT NULL,
    runs        bigint NOT NULL,
    error       text
);

-- projection: bills, view
CREATE OR REPLACE VIEW public.bill_list AS
    SELECT org_id, id, bill_number, financial_year, vendor_id, status, bill_date, due_date, total_amount,
           is_overdue, search, created_at, updated_at, version, projection_version, summary, details
    FROM bills WHERE org_id = current_setting('app.org', true);
-- projection: end

-- projection: leaves, view
CREATE OR REPLACE VIEW public.leave_list AS
    SELECT org_id, id, employee_id, type, status, start_date, end_date, slots, search, created_at, updated_at, version,
           projection_version, summary
    FROM leaves WHERE org_id = current_setting('app.org', true);
-- projection: end

GRANT SELECT ON bill_list, leave_list TO smartdhandha_app;
