"""The records of requests that organizations can look up: docs/decisions/0078-requests-are-recorded-in-batches.md."""
