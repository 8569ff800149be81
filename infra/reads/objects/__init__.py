"""Queries on objects, such as invoices: of callers with an API key, and of signed-in users."""
