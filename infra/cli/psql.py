"""Runs psql on the service's database, for developers: `python -m infra.cli.psql`, which `make psql` runs.

The psql of the bundled PostgreSQL is used, or the installed psql if there is no bundled PostgreSQL. If the database is
the bundled one and its server does not run yet, the server is started.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

import click
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.cli.base import database
from infra.cli.errors import reported_errors
from infra.postgres.embedded import EmbeddedError
from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.os_user import find_os_user
from infra.settings import load

_MISSING = "psql is not installed: install PostgreSQL's client (Debian and Ubuntu: sudo apt install postgresql-client)."


def main(arguments: Sequence[str]) -> int:
    """Run psql with these arguments on the database of the settings, and return its exit status."""
    program = _psql()
    # Ctrl-C cancels a statement in psql. This process must ignore Ctrl-C, so that the bundled PostgreSQL keeps running.
    signal.signal(signal.SIGINT, lambda *_: None)
    with database(load(os.environ)) as conninfo:
        target = {name: str(value) for name, value in conninfo_to_dict(conninfo).items() if value is not None}
        # All users of this machine can see the arguments of a process, so the password goes into the environment.
        password = target.pop("password", None)
        env = {**os.environ, **({"PGPASSWORD": password} if password else {})}
        return subprocess.run([program, make_conninfo(**target), *arguments], env=env, check=False).returncode


def _psql() -> str:
    """Return the path of psql. Raises ClickException when there is none."""
    try:
        bundled = programs(find_os_user()) / "psql"
    except EmbeddedError:
        bundled = None
    found = str(bundled) if bundled and bundled.is_file() else shutil.which("psql")
    if found is None:
        raise click.ClickException(_MISSING)
    return found


if __name__ == "__main__":
    with reported_errors():
        sys.exit(main(sys.argv[1:]))
