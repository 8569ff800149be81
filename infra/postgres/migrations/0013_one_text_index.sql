-- One index for long and short searches. Each of the two indexes before it listed the rows of every organization, and each
-- was written for every new row.
--
-- New rows wait in a list, from which many of them are put in order together. Each search reads that list, so the list is
-- kept short: it has 64 kB at most (PostgreSQL's own limit is 4 MB).

DROP INDEX invoices_search;
DROP INDEX invoices_beginnings;
-- projection: invoices, after the load
CREATE INDEX invoices_texts ON invoices USING gin (org_id, search gin_trgm_ops, beginnings) WITH (gin_pending_list_limit = 64);
-- projection: end
DROP INDEX bills_search;
DROP INDEX bills_beginnings;
-- projection: bills, after the load
CREATE INDEX bills_texts ON bills USING gin (org_id, search gin_trgm_ops, beginnings) WITH (gin_pending_list_limit = 64);
-- projection: end
DROP INDEX leaves_search;
DROP INDEX leaves_beginnings;
-- projection: leaves, after the load
CREATE INDEX leaves_texts ON leaves USING gin (org_id, search gin_trgm_ops, beginnings) WITH (gin_pending_list_limit = 64);
-- projection: end
