"""Queries on invoices, bills and leaves: of callers with an API key, and of signed-in users."""
