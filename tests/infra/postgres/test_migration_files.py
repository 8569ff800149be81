"""Migration files: which changes their checksums notice, and how they are taken apart."""

import pytest

from infra.postgres.schema import ddl
from infra.postgres.schema.files import OUTSIDE, Migration, MigrationError, list_migrations
from tests.support.cases import all_cases

SQL = """-- What it is for.
CREATE TABLE a (b text DEFAULT '-- no comment; at all', c text);
-- projection: a, after the load
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    RETURN 1; -- one; really
END $$;
CREATE FUNCTION g() RETURNS int
BEGIN ATOMIC
    SELECT 1;
END;
"""


def migration(sql):
    return Migration(1, "test", sql)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-- What it is for.\n", ""),
        ("a, after the load", "a, until migration nine"),
        ("-- one; really", "-- 1, it's said"),
        ("text DEFAULT", "text\n        DEFAULT"),
        (", c text", ", /* the\nthird */ c text"),
    ],
)
def test_comments_marks_and_blanks_do_not_change_the_checksum(old, new):
    assert old in SQL
    assert migration(SQL.replace(old, new)).checksum == migration(SQL).checksum


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RETURN 1", "RETURN 2"),
        ("-- no comment; at all", "-- no comment;  at all"),
        ("c text", "c int"),
        ("CREATE TABLE a", "CREATE TABLE aa"),
    ],
)
def test_each_change_of_a_statement_changes_the_checksum(old, new):
    assert old in SQL
    assert migration(SQL.replace(old, new)).checksum != migration(SQL).checksum


def test_a_statement_ends_at_its_semicolon_not_at_one_in_a_text_or_a_body():
    table, function, standard = migration(SQL).statements
    assert table == "CREATE TABLE a (b text DEFAULT '-- no comment; at all', c text)"
    assert function.startswith("CREATE FUNCTION f()") and function.endswith("BEGIN RETURN 1; END $$")
    assert standard == "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; END"


@all_cases("each", list_migrations(), ids=lambda each: each.title)
def test_no_released_migration_is_taken_apart_inside_a_text_or_a_body(each):
    assert all(statement.count("$$") in {0, 2} and statement.count("'") % 2 == 0 for statement in each.statements)


def test_a_migration_is_a_transaction_unless_its_first_line_says_otherwise():
    index = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (b);"
    assert migration(f"-- An index.\n{OUTSIDE}\n{index}").is_transactional
    outside = migration(f"{OUTSIDE}\n-- An index.\n{index}\nDROP INDEX CONCURRENTLY IF EXISTS old;\n")
    assert not outside.is_transactional
    assert [(step.index_name, step.creates) for step in outside.steps] == [("i", True), ("old", False)]


@pytest.mark.parametrize("statement", ["CREATE INDEX CONCURRENTLY i ON a (b)", "UPDATE a SET b = b"])
def test_outside_a_transaction_each_statement_must_be_repeatable(statement):
    with pytest.raises(MigrationError, match=r"0001 test .* repeatable"):
        _ = migration(f"{OUTSIDE}\n{statement};").steps


def test_a_rebuild_creates_the_index_in_its_own_transaction(monkeypatch):
    index = f"{OUTSIDE}\n-- projection: toys, after the load\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON toys (a);"
    monkeypatch.setattr(ddl, "list_migrations", lambda: [migration(index)])
    assert ddl.ddl.__wrapped__("toys", "after the load").strip() == "CREATE INDEX IF NOT EXISTS i ON toys (a);"
