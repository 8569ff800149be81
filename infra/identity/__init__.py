"""Stores organizations, API keys, users and their sessions."""
