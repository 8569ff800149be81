"""The ports of the assistant: a full-text index and a rate limit in PostgreSQL, and a language model."""
