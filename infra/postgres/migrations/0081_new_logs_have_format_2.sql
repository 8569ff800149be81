-- New logs keep personal values beside their events, so that these can be erased (docs/decisions/0092). Logs that exist
-- keep their format. Every process that appends events must know the second format: the release before this one does.
ALTER TABLE org_log ALTER COLUMN chain_format SET DEFAULT 2;
