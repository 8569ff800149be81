"""The read tables' own DDL, as the migrations say it: a rebuilt table differs in nothing from a migrated one.

A migration marks it: `-- projection: NAME` before the table, `-- projection: NAME, after the load` before what is made
once the rows are in (indexes, constraints, policies, grants), `-- projection: NAME, view` before its view; each part
goes up to the next mark. Later migrations may add to each part.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import zip_longest
from typing import Literal

from infra.postgres.migrate import migrations

Part = Literal["table", "after the load", "view"]
_MARK = re.compile(r"^-- projection: ([a-z_]+)(?:, ([a-z ]+))?$", re.MULTILINE)


@cache
def ddl(projection: str, part: Part) -> str:
    """The statements of one part, in the order of the migrations; table names in them are not qualified."""
    found = []
    for migration in migrations():
        marks = list(_MARK.finditer(migration.sql))
        for mark, after in zip_longest(marks, marks[1:]):
            if mark[1] == projection and (mark[2] or "table") == part:
                found.append(migration.sql[mark.end() : after.start() if after else None])
    return "".join(found)
