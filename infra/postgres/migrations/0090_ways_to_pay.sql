-- A kept PDF also has a key of the UPI id and the bank that it names: they are no part of the document, and an invoice that is
-- printed after they have changed must say the new ones. docs/decisions/0098-documents-are-printed-beside-the-server.md

DELETE FROM pdf_files;  -- which ones these name is not known; each is made again when it is asked for
ALTER TABLE pdf_files ADD COLUMN payment text COLLATE "C" NOT NULL DEFAULT '';  -- empty if it names none
ALTER TABLE pdf_files DROP CONSTRAINT pdf_files_pkey;
ALTER TABLE pdf_files ADD CONSTRAINT pdf_files_pkey PRIMARY KEY (org_id, object_id, version, payment);
GRANT INSERT (payment) ON pdf_files TO smartdhandha_app;
