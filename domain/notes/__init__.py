"""Notes: documents that correct an invoice or a bill that was sent or opened."""
