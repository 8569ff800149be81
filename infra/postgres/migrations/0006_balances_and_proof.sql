-- What is outstanding, summed from the logs, and how far each log's chain has been verified.

-- Each object's part in the sums: what it waits for, and since when. Events tell what an object becomes; what it was
-- until then is looked up here.
CREATE TABLE balance_items (
    org_id text COLLATE "C" NOT NULL,
    id     text COLLATE "C" NOT NULL,
    kind   text COLLATE "C" NOT NULL,  -- invoice, bill or leave
    status text COLLATE "C" NOT NULL,
    unit   text COLLATE "C" NOT NULL,  -- the currency; of a leave, days
    day    date NOT NULL,              -- when it falls due; of a leave, its first day
    amount numeric NOT NULL,           -- what is left to be paid; of a leave, its days
    CONSTRAINT balance_items_pkey PRIMARY KEY (org_id, id)
);

-- What waits, by the day on which it falls due: how old it is follows when it is read, on any day.
CREATE TABLE balances (
    org_id  text COLLATE "C" NOT NULL,
    kind    text COLLATE "C" NOT NULL,
    unit    text COLLATE "C" NOT NULL,
    day     date NOT NULL,
    amount  numeric NOT NULL,
    objects bigint NOT NULL,
    CONSTRAINT balances_pkey PRIMARY KEY (org_id, kind, unit, day)
);

-- Up to which event of an organization's log both go, and which version of the projection wrote them.
CREATE TABLE balance_progress (
    org_id             text COLLATE "C" NOT NULL,
    position           bigint NOT NULL,
    projection_version smallint NOT NULL,
    CONSTRAINT balance_progress_pkey PRIMARY KEY (org_id)
);

-- Up to which event an organization's chain was last found whole, and the hash there; or where it was found broken.
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
