"""Searches in other alphabets: new databases know all letters, and `smartdhandha db letters` mends old ones."""

import psycopg
import pytest
from psycopg import sql

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.postgres.schema.letters import knows_letters, put_letters_in
from tests.growth.data import LARGE, Size, fill
from tests.growth.pages import Lists
from tests.growth.shapes import Shape
from tests.support.command_line import environment, run

TABLES = ("invoices", "bills", "leaves", "parties", "employees", "credit_notes", "debit_notes", "vendor_credits")
WITH_TEXTS = {f"{table}_texts" for table in TABLES}
HINDI = Shape("invoices", (("search", "ज्ञान"),), None)


def test_a_new_database_knows_the_letters_of_all_languages(own_database):
    with connect_as_table_owner(own_database) as conn:
        assert knows_letters(conn)
    assert put_letters_in(own_database) == []


@pytest.fixture
def old_database(postgres):
    """A database as earlier versions created it, with invoices in it."""
    name = "database_of_an_earlier_version"
    with connect_as_table_owner(postgres) as conn:
        conn.execute(f"CREATE DATABASE {name} TEMPLATE template0 LC_CTYPE 'C'")
        conninfo = psycopg.conninfo.make_conninfo(postgres, dbname=name)
        with connect_as_table_owner(conninfo) as own:
            migrate(own)
            fill(own, Size(2000, 0))
        yield conninfo
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def search(conninfo):
    with connect_as_table_owner(conninfo) as conn:
        return Lists(conn, LARGE).cost(HINDI)


def test_the_command_makes_the_search_index_again_so_that_a_rare_text_is_looked_up(old_database):
    env = environment(DATABASE_URL=old_database)
    before = search(old_database)
    assert before.pages > 500
    assert "smartdhandha db letters" in run("db", "status", env=env).out
    with connect_as_table_owner(old_database):
        refused = run("db", "letters", env=env, status=1)
        assert "Stop the service first: 1 other" in refused.err
    done = run("db", "letters", env=env).out
    assert (
        done.startswith("Made again: ") and {*done.removeprefix("Made again: ").rstrip(".\n").split(", ")} >= WITH_TEXTS
    )
    after = search(old_database)
    assert after.rows == before.rows and after.pages < 60
    assert "letters" not in run("db", "status", env=env).out
    assert run("db", "letters", env=env).out == "Nothing to do: the index has all letters.\n"


def test_until_an_index_is_complete_no_search_uses_it_and_the_next_call_completes_it(old_database):
    with connect_as_table_owner(old_database) as conn:
        conn.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'invoices_texts'::regclass")
    assert "invoices_texts" not in search(old_database).plan
    assert "invoices_texts" in put_letters_in(old_database)
    assert "invoices_texts" in search(old_database).plan
