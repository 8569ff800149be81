"""Which database a server of PostgreSQL has, so that no standby of another one answers.

An address can lead to another server later: after a failover, through a pooler, by a change in the DNS.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from infra.postgres.database import DATABASE
from infra.postgres.statements import statement
from infra.postgres.wire import Wire

START = "pg_postmaster_start_time()"
"""An SQL expression that tells servers apart: when a server has started. Reading it costs PostgreSQL nothing."""

_SELECT = statement(f"SELECT {START}, {DATABASE}")
_MAX_SERVERS = 100


class Database(NamedTuple):
    """A database: its name, and the identifier of its cluster."""

    name: str
    cluster: int


class Servers:
    """Remembers of each server which database it has. Servers are told apart by their START."""

    def __init__(self) -> None:
        self._databases: dict[datetime, Database] = {}

    def known(self, start: datetime) -> Database | None:
        """Return the database of the server that started then; None if it is not known yet."""
        return self._databases.get(start)

    def ask(self, start: datetime, wire: Wire, deadline: float) -> Database | None:
        """Return the database of the server that started then, to which the wire leads.

        Return None if the wire leads to another server by now. Raises the same errors as `Wire.send`.
        """
        if len(self._databases) >= _MAX_SERVERS:
            self._databases.clear()
        reached, name, cluster = wire.send(deadline, (_SELECT.call(),))[0].rows()[0]
        self._databases[reached] = Database(name, cluster)
        return self._databases.get(start)
