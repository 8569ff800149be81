-- Files of lists that are too long to be made while they are sent. The background worker makes them page by page.
-- docs/decisions/0085-long-lists-are-made-by-the-worker.md
CREATE TABLE list_files (
    org_id     text COLLATE "C" NOT NULL,
    file_id    text COLLATE "C" NOT NULL,
    user_id    text COLLATE "C" NOT NULL,  -- who has asked for it, and alone may fetch it
    kind       text COLLATE "C" NOT NULL,  -- of the objects in the list
    filters    json NOT NULL,              -- the parameters of the list, by name
    language   text COLLATE "C" NOT NULL,  -- of its headings
    time_zone  text COLLATE "C" NOT NULL,  -- in which its times are written
    state      text COLLATE "C" NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'making', 'ready', 'failed')),
    row_count  bigint NOT NULL DEFAULT 0,  -- in the pieces that were made
    size       bigint NOT NULL DEFAULT 0,  -- of all pieces, in bytes
    progress   json,                       -- what the worker needs to go on; null before its first turn
    attempts   smallint NOT NULL DEFAULT 0,  -- how often the next page could not be read
    failure    text COLLATE "C",           -- why it failed, as a word
    asked_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    turned_at  timestamptz NOT NULL DEFAULT clock_timestamp(),  -- when the worker last took it up
    kept_until timestamptz NOT NULL DEFAULT clock_timestamp() + interval '24 hours',
    CONSTRAINT list_files_pkey PRIMARY KEY (org_id, file_id)
);
CREATE INDEX list_files_unfinished ON list_files (org_id, asked_at, file_id) WHERE state IN ('waiting', 'making');

-- The bytes of a file, in the order of the numbers from 0 on.
CREATE TABLE list_file_pieces (
    org_id  text COLLATE "C" NOT NULL,
    file_id text COLLATE "C" NOT NULL,
    number  integer NOT NULL,
    content bytea NOT NULL CHECK (octet_length(content) <= 262144),
    CONSTRAINT list_file_pieces_pkey PRIMARY KEY (org_id, file_id, number),
    CONSTRAINT list_file_pieces_file FOREIGN KEY (org_id, file_id) REFERENCES list_files ON DELETE CASCADE
);
ALTER TABLE list_file_pieces ALTER COLUMN content SET STORAGE EXTERNAL;  -- it is compressed already

ALTER TABLE list_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON list_files USING (org_id = current_setting('app.org', true));
ALTER TABLE list_file_pieces ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON list_file_pieces USING (org_id = current_setting('app.org', true));
-- Only the worker, as the owner of the tables, makes files.
GRANT SELECT, INSERT (org_id, file_id, user_id, kind, filters, language, time_zone), DELETE ON list_files
TO smartdhandha_app;
GRANT SELECT ON list_file_pieces TO smartdhandha_app;
