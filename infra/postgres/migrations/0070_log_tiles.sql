-- The Merkle tree over the hashes of each log: whole tiles of 256 hashes, which the background worker adds. What follows
-- the last tile is computed when it is asked for.

CREATE TABLE log_tiles (
    org_id text COLLATE "C" NOT NULL,
    level  smallint NOT NULL,      -- 0: hashes of leaves; above: roots of 256 tiles of the level below
    number bigint NOT NULL,        -- in the level, from 0
    root   bytea NOT NULL,         -- of the tile
    hashes bytea NOT NULL,         -- 256 hashes of 32 bytes
    starts bigint[],               -- of level 0: the first 8 bytes of the hash of each event, by which its id is found
    CONSTRAINT log_tiles_pkey PRIMARY KEY (org_id, level, number)
);
ALTER TABLE log_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;  -- hashes cannot be compressed

CREATE INDEX log_tiles_starts ON log_tiles USING gin (starts);

-- Up to which position of each log there are tiles, and the version of the projection.
CREATE TABLE log_tile_progress (
    org_id             text COLLATE "C" NOT NULL,
    position           bigint NOT NULL,
    projection_version smallint NOT NULL,
    CONSTRAINT log_tile_progress_pkey PRIMARY KEY (org_id)
);

ALTER TABLE log_tiles ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON log_tiles USING (org_id = current_setting('app.org', true));
ALTER TABLE log_tile_progress ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON log_tile_progress USING (org_id = current_setting('app.org', true));

CREATE VIEW log_tile_list AS
    SELECT org_id, level, number, root, hashes, starts FROM log_tiles WHERE org_id = current_setting('app.org', true);

GRANT SELECT ON log_tile_list, log_tile_progress TO smartdhandha_app;
