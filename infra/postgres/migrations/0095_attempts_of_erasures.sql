-- How often the background worker has begun to carry a request out: one that ends the worker is not tried for ever.
ALTER TABLE erasure_requests ADD COLUMN attempts smallint NOT NULL DEFAULT 0;
