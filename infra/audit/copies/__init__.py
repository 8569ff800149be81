"""Portable copies of logs: export and import."""
