"""Facts about requests and responses: lists, events, formats, retries, and proofs of the log."""
