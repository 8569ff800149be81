"""Numbered SQL files; see infra/postgres/migrate.py."""
