"""Numbered SQL files; see infra/migrate.py."""
