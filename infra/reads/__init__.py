"""Queries on the read tables and the log, each within one organization."""
