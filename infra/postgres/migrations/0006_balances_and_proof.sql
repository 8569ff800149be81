-- The outstanding amounts, summed from the logs, and how far each log's chain is verified.

-- Each object's share of the sums. An event holds an object's new values only; the old ones are looked up here.
CREATE TABLE balance_items (
    org_id text COLLATE "C" NOT NULL,
    id     text COLLATE "C" NOT NULL,
    kind   text COLLATE "C" NOT NULL,  -- invoice, bill or leave
    status text COLLATE "C" NOT NULL,
    unit   text COLLATE "C" NOT NULL,  -- the currency; `days` for a leave
    day    date NOT NULL,              -- the due date; for a leave its first day
    amount numeric NOT NULL,           -- the balance due; for a leave its days
    CONSTRAINT balance_items_pkey PRIMARY KEY (org_id, id)
);

-- The sums by due date: how long overdue they are is computed when they are read.
CREATE TABLE balances (
    org_id  text COLLATE "C" NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    unit    text COLLATE "C" NOT NULL,
    day     date NOT NULL,
    amount  numeric NOT NULL,
    objects bigint NOT NULL,
    CONSTRAINT balances_pkey PRIMARY KEY (org_id, kind, unit, day)
);

-- The last event of each log that is in both tables, and the version of the projection that wrote them.
CREATE TABLE balance_progress (
    org_id             text COLLATE "C" NOT NULL,
    position           bigint NOT NULL,
    projection_version smallint NOT NULL,
    CONSTRAINT balance_progress_pkey PRIMARY KEY (org_id)
);

-- The last event up to which each log's chain was verified, and the hash there; or where the chain is broken.
CREATE TABLE chain_checks (
    org_id      text COLLATE "C" NOT NULL,
    position    bigint NOT NULL,
    chain_hash  bytea NOT NULL,
    checked_at  timestamptz NOT NULL,
    broken_at   bigint,
    reason      text,
    CONSTRAINT chain_checks_pkey PRIMARY KEY (org_id)
);

ALTER TABLE balance_items ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON balance_items USING (org_id = current_setting('app.org', true));
ALTER TABLE balances ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON balances USING (org_id = current_setting('app.org', true));
ALTER TABLE balance_progress ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON balance_progress USING (org_id = current_setting('app.org', true));
ALTER TABLE chain_checks ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON chain_checks USING (org_id = current_setting('app.org', true));

GRANT SELECT ON balance_items, balances, balance_progress TO smartdhandha_app;
GRANT SELECT, INSERT, UPDATE ON chain_checks TO smartdhandha_app;
