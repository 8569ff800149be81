"""Reads the migration files.

A file is run as one transaction, unless its first line is OUTSIDE. This exception exists because PostgreSQL refuses
CREATE INDEX CONCURRENTLY in a transaction. The statements of such a file are run one by one. If the process ends in
between, the next start runs all of them again. So only two repeatable statements are accepted: CREATE INDEX
CONCURRENTLY IF NOT EXISTS, and DROP INDEX CONCURRENTLY IF EXISTS.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

OUTSIDE = "-- outside a transaction"
"""The first line of a file that is not run as one transaction."""

_TEXT = r"'(?:[^']|'')*'"
_COMMENT = r"--[^\n]*|/\*.*?\*/"
_BLANK = rf"(?:\s|{_COMMENT})"
_BLANKS = re.compile(rf"({_TEXT})|(?:[^\S ]| (?={_BLANK})|{_COMMENT}){_BLANK}*", re.DOTALL)
"""A quoted text, or blanks other than a single space."""
_STATEMENT = re.compile(rf"(?:{_TEXT}|\$(\w*)\$.*?\$\1\$|BEGIN ATOMIC .*? END(?=;)|[^;'$]|\$)+", re.DOTALL)
_REPEATABLE = re.compile(
    r"(CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS|DROP INDEX CONCURRENTLY IF EXISTS) ([\w.\"]+)", re.IGNORECASE
)
_DROP = re.compile(r"(DROP INDEX (?:IF EXISTS )?)([\w.\"]+(?: ?, ?[\w.\"]+)+)", re.IGNORECASE)


class MigrationError(Exception):
    """The schema cannot be migrated; the message says what to do."""


class IndexStep(NamedTuple):
    """One statement of a file that is not run as one transaction."""

    sql: str
    index_name: str
    """The name of the index that the statement creates or drops."""
    creates: bool


class Migration(NamedTuple):
    """One migration: its number, its name, and its SQL."""

    version: int
    name: str
    sql: str

    @property
    def title(self) -> str:
        """The number and the name, as people read them."""
        return f"{self.version:04d} {self.name}"

    @property
    def is_transactional(self) -> bool:
        """Whether the whole file is run as one transaction."""
        return self.sql.partition("\n")[0].strip() != OUTSIDE

    @property
    def checksum(self) -> str:
        """The SHA-256 of the statements, in hexadecimal. Comments, spaces and line breaks do not change it.

        So the marks `-- projection: …` of an applied file may be edited (see infra/postgres/schema/ddl.py).
        """
        return _checksum(self.sql)

    @property
    def statements(self) -> list[str]:
        """The statements without comments."""
        return statements_of(self.sql)

    @property
    def steps(self) -> list[IndexStep]:
        """The statements of a file that is not run as one transaction. Raises MigrationError for other statements."""
        return [self._step(statement) for statement in self.statements]

    def _step(self, statement: str) -> IndexStep:
        match = _REPEATABLE.match(statement)
        if match is None:
            raise MigrationError(
                f"Migration {self.title} is not run in a transaction, so each of its statements must be repeatable: "
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS, or DROP INDEX CONCURRENTLY IF EXISTS. "
                f"This one is neither: {statement[:60]}"
            )
        return IndexStep(statement, match[2], match[1][0] in "cC")


def statements_of(sql: str) -> list[str]:
    """Return the statements of an SQL text, without comments."""
    found = (match[0].strip() for match in _STATEMENT.finditer(_bare(sql)))
    return [statement for statement in found if statement]


def one_by_one(statement: str) -> list[str]:
    """Return statements that drop one index each, if the statement drops several; otherwise the statement itself."""
    match = _DROP.fullmatch(statement)
    return [match[1] + name.strip() for name in match[2].split(",")] if match else [statement]


def list_migrations() -> list[Migration]:
    """Return all migrations that this version of the code contains, in order."""
    files = sorted(resources.files("infra.postgres.migrations").iterdir(), key=lambda file: file.name)
    return [
        Migration(int(file.name[:4]), file.name[5:-4], file.read_text("utf-8"))
        for file in files
        if file.name.endswith(".sql")
    ]


@cache
def _checksum(sql: str) -> str:
    """Return the checksum of a file. Each command and each start of a service needs those of all files."""
    return hashlib.sha256(_bare(sql).encode()).hexdigest()


def _bare(sql: str) -> str:
    """Return the SQL without comments. Outside of quoted texts, spaces and line breaks in a row become one space."""
    return _BLANKS.sub(lambda match: match[1] or " ", sql).strip()
