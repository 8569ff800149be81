"""Reads the DDL of the read tables from the migrations, so that a rebuilt table has the same definition.

Comments in the migrations mark the parts of the DDL. A part ends at the next mark.

- `-- projection: NAME` begins the table.
- `-- projection: NAME, after the load` begins what a rebuild creates after it has loaded the rows: indexes,
  constraints, triggers, policies, grants.
- `-- projection: NAME, view` begins the view. If there are several definitions, the last one is used.
- Any other mark, such as `-- projection: NAME, until migration nine`, begins statements that a later migration undoes.
  A rebuild leaves these statements out.

Later migrations may add statements to the first two parts.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import zip_longest
from typing import Literal

from infra.postgres.schema.files import list_migrations

Part = Literal["table", "after the load", "view"]
_MARK = re.compile(r"^-- projection: ([a-z_]+)(?:, ([a-z ]+))?$", re.MULTILINE)


@cache
def ddl(projection: str, part: Part) -> str:
    """Return the statements of one part, in the order of the migrations. They name the tables without a schema.

    CREATE INDEX CONCURRENTLY becomes CREATE INDEX, because only the rebuild uses the new table.
    """
    found = []
    for migration in list_migrations():
        marks = list(_MARK.finditer(migration.sql))
        for mark, after in zip_longest(marks, marks[1:]):
            if mark[1] == projection and (mark[2] or "table") == part:
                found.append(migration.sql[mark.end() : after.start() if after else None])
    return "".join(found if part != "view" else found[-1:]).replace(" INDEX CONCURRENTLY ", " INDEX ")
