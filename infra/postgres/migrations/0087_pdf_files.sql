-- The PDFs of sent documents: each is made once for a version, and the same bytes are sent from then on.
-- docs/decisions/0098-documents-are-printed-beside-the-server.md
CREATE TABLE pdf_files (
    org_id       text COLLATE "C" NOT NULL,
    object_id    text COLLATE "C" NOT NULL,
    version      integer NOT NULL,           -- of the object
    kind         text COLLATE "C" NOT NULL,  -- of the object
    etag         text COLLATE "C" NOT NULL,  -- from what was printed, and what has printed it
    content_hash bytea NOT NULL,             -- SHA-256 of the content
    template     text COLLATE "C" NOT NULL,  -- SHA-256 of the template
    fonts        text COLLATE "C" NOT NULL,  -- SHA-256 of the font files
    library      text COLLATE "C" NOT NULL,  -- the name and the version of the library that laid it out
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    content      bytea NOT NULL,
    CONSTRAINT pdf_files_pkey PRIMARY KEY (org_id, object_id, version)
);
ALTER TABLE pdf_files ALTER COLUMN content SET STORAGE EXTERNAL;  -- it is compressed already
ALTER TABLE pdf_files ALTER COLUMN content SET STATISTICS 0;  -- they would outlive what is erased

ALTER TABLE pdf_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organization ON pdf_files USING (org_id = current_setting('app.org', true));
-- A PDF never changes. Only the command line, as the owner of the tables, deletes those of a person who is erased.
GRANT SELECT, INSERT (org_id, object_id, version, kind, etag, content_hash, template, fonts, library, content) ON pdf_files
TO smartdhandha_app;
