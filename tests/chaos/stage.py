"""What the faults are tried on: a PostgreSQL with the data of a few organizations, and the service on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from psycopg.conninfo import make_conninfo

from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.worker.leader import run_tasks
from tests.benchmarks.postgres import Postgres, own_postgres
from tests.benchmarks.seed import Key, SeededData, seed
from tests.support.service import Service

ORGANIZATIONS, INVOICES = 4, 1000
_DATABASE, _TEMPLATE = "chaos", "chaos_template"
_NUMBERS = count()


class Stage(NamedTuple):
    """The server, the database and what is in it."""

    postgres: Postgres
    over_tcp: str
    """The conninfo of a database with organizations and documents."""
    socket_folder: str
    seeded: SeededData

    def key(self, organization: int) -> Key:
        """Return a key of the organization with this number."""
        return next(key for key in self.seeded.keys if key.org_id == self.seeded.organizations[organization])

    def new_database(self) -> str:
        """Create a database without organizations; return its conninfo."""
        return self.postgres.create(f"chaos_{next(_NUMBERS)}", _TEMPLATE)

    def over_socket(self, conninfo: str) -> str:
        """Return the conninfo of the same database over the server's socket."""
        return make_conninfo(conninfo, host=self.socket_folder)

    def service(self, conninfo: str | None = None) -> Service:
        """Return the service on this database, with two server processes and without a log of requests."""
        return quiet_service(conninfo or self.over_tcp)


def quiet_service(conninfo: str | None, *options: str, log: Path = Path(os.devnull), **env: Any) -> Service:
    """Return the service with two server processes and without a log of requests."""
    settings: dict[str, Any] = {"SMARTDHANDHA_ACCESS_LOG": "false", **env}
    return Service(conninfo, "--workers", "2", *options, log=log, **settings)


@contextmanager
def stage() -> Iterator[Stage]:
    """Start a PostgreSQL as the benchmarks do, and fill a database."""
    with own_postgres() as postgres:
        with connect_as_table_owner(postgres.create(_TEMPLATE)) as conn:
            migrate(conn)
        over_tcp = postgres.create(_DATABASE, _TEMPLATE)
        seeded = seed(over_tcp, INVOICES, ORGANIZATIONS, ORGANIZATIONS)
        with connect_as_table_owner(over_tcp) as conn:
            run_tasks(conn)
            row = conn.execute("SHOW unix_socket_directories").fetchone()
        assert row is not None
        yield Stage(postgres, over_tcp, str(row[0]).strip('"'), seeded)
