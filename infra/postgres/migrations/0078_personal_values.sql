-- Personal values stand beside their event, so that they can be erased without a change of the hash chain (chain format 2).
-- Logs that exist have format 1, in which they stand in the event, and new logs begin in it, too, until this default changes.
-- Both columns are added without a rewrite of the table.
ALTER TABLE org_log ADD COLUMN chain_format smallint NOT NULL DEFAULT 1;
ALTER TABLE org_log ADD CONSTRAINT org_log_chain_format_check CHECK (chain_format IN (1, 2));
ALTER TABLE events ADD COLUMN personal text;
