-- The rows of invoices, bills and leaves as they were until a later event: what lists with `asOf` read, beside the
-- present rows. The background worker adds them. A row counts from `updated_at` on, and no longer at `until`.

CREATE TABLE past_rows (
    org_id        text COLLATE "C" NOT NULL,
    id            text COLLATE "C" NOT NULL,
    version       integer NOT NULL,           -- of the object: the number of its last event in the row
    kind          text COLLATE "C" NOT NULL,  -- invoice, bill or leave
    cell          bigint NOT NULL,            -- of time, by which an index finds the rows of an instant
    until         timestamptz NOT NULL,       -- when the next event was recorded
    status        text COLLATE "C" NOT NULL,
    party_id      text COLLATE "C" NOT NULL,  -- the client, the vendor or the employee
    first_day     date NOT NULL,              -- the date of a document, the first day of a leave
    second_day    date NOT NULL,              -- the due date of a document, the last day of a leave
    total_amount  numeric,                    -- null for leaves, as the next ones
    number        text COLLATE "C",
    type          text COLLATE "C",           -- of a leave
    is_overdue    boolean,
    search        text COLLATE "C" NOT NULL,
    beginnings    text[] COLLATE "C" NOT NULL,
    metadata_keys text[] COLLATE "C",
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    summary       json NOT NULL,
    details       json,                       -- null for leaves
    CONSTRAINT past_rows_pkey PRIMARY KEY (org_id, id, version)
);

-- For each cell of time, an index has its rows in an order. Its last columns let it leave out rows of other times.
CREATE INDEX past_rows_by_creation ON past_rows (org_id, kind, cell, created_at, id, until, updated_at);
CREATE INDEX past_rows_by_update ON past_rows (org_id, kind, cell, updated_at, id, until);
CREATE INDEX past_rows_by_first_day ON past_rows (org_id, kind, cell, first_day, id, until, updated_at);
CREATE INDEX past_rows_by_second_day ON past_rows (org_id, kind, cell, second_day, id, until, updated_at);
CREATE INDEX past_rows_by_total ON past_rows (org_id, kind, cell, total_amount, id, until, updated_at)
    WHERE total_amount IS NOT NULL;
CREATE INDEX past_rows_by_number ON past_rows (org_id, kind, cell, number, id, until, updated_at)
    WHERE number IS NOT NULL;
CREATE INDEX past_rows_status ON past_rows (org_id, kind, cell, status, created_at, id, until, updated_at);
CREATE INDEX past_rows_party ON past_rows (org_id, kind, cell, party_id, created_at, id, until, updated_at);
CREATE INDEX past_rows_overdue ON past_rows (org_id, kind, cell, second_day, id, until, updated_at) WHERE is_overdue;

-- The last event of each log of which the worker knows the replaced rows, and the version of the projection.
CREATE TABLE past_row_progress (
    org_id             text COLLATE "C" NOT NULL,
    position           bigint NOT NULL,
    projection_version smallint NOT NULL,
    CONSTRAINT past_row_progress_pkey PRIMARY KEY (org_id)
);

ALTER TABLE past_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON past_rows USING (org_id = current_setting('app.org', true));
ALTER TABLE past_row_progress ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON past_row_progress USING (org_id = current_setting('app.org', true));

CREATE VIEW past_invoice_list AS
    SELECT org_id, id, version, cell, until, number AS invoice_number, party_id AS client_id, status,
           first_day AS invoice_date, second_day AS due_date, total_amount, is_overdue, search, beginnings,
           metadata_keys, created_at, updated_at, summary, details
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'invoice'
    AND total_amount IS NOT NULL AND number IS NOT NULL;
CREATE VIEW past_bill_list AS
    SELECT org_id, id, version, cell, until, number AS bill_number, party_id AS vendor_id, status,
           first_day AS bill_date, second_day AS due_date, total_amount, is_overdue, search, beginnings,
           metadata_keys, created_at, updated_at, summary, details
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'bill'
    AND total_amount IS NOT NULL AND number IS NOT NULL;
CREATE VIEW past_leave_list AS
    SELECT org_id, id, version, cell, until, party_id AS employee_id, type, status, first_day AS start_date,
           second_day AS end_date, search, beginnings, metadata_keys, created_at, updated_at, summary
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'leave';

GRANT SELECT ON past_invoice_list, past_bill_list, past_leave_list, past_row_progress TO smartdhandha_app;
