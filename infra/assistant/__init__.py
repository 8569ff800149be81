"""Implements the assistant's ports: a full-text index and a rate limit in PostgreSQL, and a language model."""
