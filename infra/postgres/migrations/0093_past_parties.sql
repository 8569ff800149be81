-- Lists of parties and employees as they were: their earlier rows stand in `past_rows`, too.

ALTER TABLE past_rows
    ALTER COLUMN party_id DROP NOT NULL,    -- of a party or an employee: the id of the organization's own, if there is one
    ALTER COLUMN first_day DROP NOT NULL,   -- null for parties and employees, as the next one
    ALTER COLUMN second_day DROP NOT NULL,
    ADD COLUMN name_key text COLLATE "C",   -- of parties and employees: the name's text key; null for others
    ADD COLUMN is_client boolean,           -- of parties, as the next one
    ADD COLUMN is_vendor boolean;

CREATE VIEW past_party_list AS
    SELECT org_id, id, version, cell, until, status, is_client, is_vendor, name_key, party_id AS external_id,
           number AS gstin, search, beginnings, metadata_keys, created_at, updated_at, summary
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'party' AND name_key IS NOT NULL;
CREATE VIEW past_employee_list AS
    SELECT org_id, id, version, cell, until, status, name_key, party_id AS external_id, search, beginnings,
           metadata_keys, created_at, updated_at, summary
    FROM past_rows WHERE org_id = current_setting('app.org', true) AND kind = 'employee' AND name_key IS NOT NULL;

GRANT SELECT ON past_party_list, past_employee_list TO smartdhandha_app;
