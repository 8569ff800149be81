"""The DDL of the read tables, read from the migrations, so that a rebuilt table is the same as a migrated one.

Comments in the migrations mark its parts: `-- projection: NAME` begins the table, `-- projection: NAME, after the load`
what is created once the rows are loaded (indexes, constraints, triggers, policies, grants), and
`-- projection: NAME, view` the view. A part ends at the next mark. Later migrations may add to the first two;
of several definitions of the view the last one counts. What a later migration takes back has a mark of its own, such as
`-- projection: NAME, until migration nine`: a rebuilt table is created without it.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import zip_longest
from typing import Literal

from infra.postgres.migrate import list_migrations

Part = Literal["table", "after the load", "view"]
_MARK = re.compile(r"^-- projection: ([a-z_]+)(?:, ([a-z ]+))?$", re.MULTILINE)


@cache
def ddl(projection: str, part: Part) -> str:
    """Return the statements of one part, in the order of the migrations; the tables' names have no schema."""
    found = []
    for migration in list_migrations():
        marks = list(_MARK.finditer(migration.sql))
        for mark, after in zip_longest(marks, marks[1:]):
            if mark[1] == projection and (mark[2] or "table") == part:
                found.append(migration.sql[mark.end() : after.start() if after else None])
    return "".join(found if part != "view" else found[-1:])
