-- The organizations that an operator has removed: of each, a note that the key of the installation has signed is all that is left.
-- docs/decisions/0087-a-removal-is-signed.md
CREATE TABLE removed_organizations (
    id         text COLLATE "C" NOT NULL,
    removed_at timestamptz NOT NULL,
    note       text NOT NULL,  -- infra/audit/removal/records.py
    CONSTRAINT removed_organizations_pkey PRIMARY KEY (id, removed_at)  -- one that was imported again can be removed again
);
ALTER TABLE removed_organizations ENABLE ROW LEVEL SECURITY;
