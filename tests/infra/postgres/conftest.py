"""Databases for tests of migrations, and migrations that exist only in a test."""

import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.postgres import migrate as migrate_module
from infra.postgres.database import connect_as_table_owner
from infra.postgres.schema import checksums
from infra.postgres.schema.files import Migration, list_migrations


@pytest.fixture
def empty(postgres, own_database):
    """A database with nothing in it at all."""
    name = f"{conninfo_to_dict(own_database)['dbname']}_empty"
    with connect_as_table_owner(postgres) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_conninfo(postgres, dbname=name)


@pytest.fixture
def conn(own_database):
    """The table owner's connection to a database with the schema."""
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def release(monkeypatch):
    """Return a function that makes the code have one more migration with this SQL, or one with other SQL."""

    def change(sql_text: str, version: int | None = None) -> Migration:
        known = {each.version: each for each in list_migrations()}
        migration = Migration(version or max(known) + 1, "test", sql_text)
        known[migration.version] = migration
        for module in (migrate_module, checksums):
            monkeypatch.setattr(module, "list_migrations", lambda: list(known.values()))
        return migration

    return change
