"""Whether the search index contains the letters of all languages, and how to put them in.

The extension pg_trgm asks the character type of the database (LC_CTYPE) what a letter is. With the type C, only A to Z
are letters. Then the index contains no part of a text in Hindi or Tamil, and each search for one reads the whole
organization.
"""

from __future__ import annotations

import time

import psycopg
from psycopg import Connection

from domain.text import counted
from infra.postgres.database import Row, connect_as_table_owner

COMMAND = "smartdhandha db letters"
ALL_LANGUAGES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8")
"""Character types that know the letters of all languages. Which of them exist depends on the operating system."""
_KNOWS = "SELECT show_trgm('क') <> '{}'"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type IN ('client backend', 'parallel worker')
"""
_INDEXES = """
SELECT indexrelid::regclass::text, indisvalid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE EXISTS (SELECT FROM pg_opclass WHERE pg_opclass.oid = ANY (indclass) AND opcname = 'gin_trgm_ops')
AND relkind = 'i' AND relname !~ '_cc(new|old)[0-9]*$' ORDER BY 1
"""
"""Each index of parts of texts, whatever its table: all of them depend on which characters are letters."""


_TRIES, _TRY_SECONDS = 20, 0.1


class LettersRefused(Exception):
    """The search index cannot be made again now; the message says why."""


def knows_letters(conn: Connection[Row]) -> bool:
    """Return whether the search index can contain the letters of all languages."""
    return conn.execute(_KNOWS).fetchone() == (True,)


def put_letters_in(conninfo: str) -> list[str]:
    """Let the database know the letters of all languages, and make the search indexes again.

    Return the names of these indexes; none if there was nothing to do. No other session may use the database: it would
    go on with its old character type, and its rows would not be found. Until an index is complete, PostgreSQL does not
    use it, so a search misses nothing if this is interrupted. Then call this again. Raises LettersRefused.
    """
    with connect_as_table_owner(conninfo) as conn:
        try:
            if not knows_letters(conn):
                _change_type(conn)
        except psycopg.errors.InsufficientPrivilege:
            raise LettersRefused(
                "Only a superuser can change the character type of a database. Without one, create a database with "
                "CREATE DATABASE … TEMPLATE template0 LC_CTYPE 'C.UTF-8', and move the data with pg_dump."
            ) from None
    with connect_as_table_owner(conninfo) as conn:  # a session keeps the character type that it began with
        incomplete = [name for name, is_complete in conn.execute(_INDEXES) if not is_complete]
        for name in incomplete:
            conn.execute(f"REINDEX INDEX {name}")
    return incomplete


def _change_type(conn: Connection[Row]) -> None:
    """Change the character type, and let no query use the search indexes until they are made again."""
    character_type = _existing_type(conn)
    _check_alone(conn)
    with conn.transaction():
        conn.execute("UPDATE pg_database SET datctype = %s WHERE datname = current_database()", (character_type,))
        names = [name for name, _ in conn.execute(_INDEXES)]
        conn.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = ANY(%s::regclass[])", (names,))


def _check_alone(conn: Connection[Row]) -> None:
    """Raise LettersRefused if another session uses the database. One that has just ended is waited for."""
    others = 1
    for _ in range(_TRIES):
        ((others,),) = conn.execute(_OTHERS).fetchall()
        if not others:
            return
        time.sleep(_TRY_SECONDS)
    raise LettersRefused(f"Stop the service first: {counted(others, 'other session')} of this database.")


def _existing_type(conn: Connection[Row]) -> str:
    """Return a character type for all languages that the server's operating system has. Raises LettersRefused."""
    for name in ALL_LANGUAGES:
        try:
            with conn.transaction(force_rollback=True):
                conn.execute(f"CREATE COLLATION pg_temp.letters (provider = libc, locale = '{name}')")
        except psycopg.errors.UndefinedObject:
            continue
        return name
    raise LettersRefused(f"The server's operating system has none of the locales {', '.join(ALL_LANGUAGES)}.")
