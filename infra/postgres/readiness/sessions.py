"""Checks that the connections that serve requests have the role, the time limits and the statements of the service.

Each connection asks for its role and its limits when it begins. A pooler between the service and PostgreSQL may drop
what it is asked for, log in as another user, or mix up the prepared statements of its clients.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from psycopg import Connection
from psycopg.rows import args_row

from api.ports.request.deadline import deadline
from infra.postgres.database import APP_ROLE, IS_DISTRIBUTED, Row
from infra.postgres.logins import LIMITS
from infra.postgres.poolers import is_shared
from infra.postgres.statements import statement
from infra.postgres.wire import wire_of

logger = logging.getLogger("smartdhandha.database")

_TOO_LONG = ", ".join(
    f"CASE WHEN current_setting('{name}')::interval NOT BETWEEN '1 ms' AND '{limit}' THEN '{name}' END"
    for name, limit in LIMITS.items()
)
_PROPAGATION = "citus.propagate_set_commands"
"""The setting that lets the organization of a transaction reach the nodes of a distributed database."""
_SELECT_SESSION = f"""
SELECT current_user,
       EXISTS (SELECT FROM pg_roles r WHERE r.rolname = '{APP_ROLE}' AND pg_has_role(r.oid, 'USAGE'))
       AND coalesce(row_security_active(to_regclass('public.events')), true),
       array_remove(ARRAY[
           {_TOO_LONG}, CASE WHEN current_setting('TimeZone') <> 'UTC' THEN 'timezone' END,
           CASE WHEN ({IS_DISTRIBUTED}) AND current_setting('{_PROPAGATION}', true) IS DISTINCT FROM 'local'
               THEN '{_PROPAGATION}' END
       ], NULL)
"""
_IS_PREPARED = statement("SELECT EXISTS (SELECT FROM pg_prepared_statements WHERE name = $1)", str)
"""Whether the session has a prepared statement with this name. PgBouncer 1.21 and newer give statements other names."""
_MORE = 'See "Poolers" in docs/operations.md.'


class _Session(NamedTuple):
    role: str
    is_bound: bool
    """Whether row-level security separates the organizations for this role, and the role has the service's rights."""
    lacks: list[str]
    """The settings that are missing."""

    def problem(self) -> str | None:
        if not self.is_bound:
            return (
                f"The connections that serve requests have the role {self.role} and not the rights of {APP_ROLE}: "
                "row-level security would not separate the organizations, or requests would fail. A pooler has dropped "
                f"the role or logs in as another user. {_MORE}"
            )
        if self.lacks:
            return (
                f"The connections that serve requests lack their settings of {', '.join(self.lacks)}: a pooler has "
                f"dropped them. Give them to the log-in with ALTER ROLE … SET. {_MORE}"
            )
        return None


_MIXED_UP = (
    "The pooler at SMARTDHANDHA_APP_DATABASE_URL gives one session of PostgreSQL to several clients, and does not keep "
    "their prepared statements apart. Use PgBouncer 1.21 or newer, with max_prepared_statements = 200; older ones, "
    f"such as 1.18 of Debian 12, cannot do it. {_MORE}"
)


class SessionCheck:
    """Checks connections that serve requests.

    `conninfo` and `parameters` are the arguments of psycopg.connect() with which these connections were made.
    """

    def __init__(self, conninfo: str, parameters: Mapping[str, Any]) -> None:
        self._conninfo, self._parameters = conninfo, parameters
        self._last: str | None = None

    def find_problem(self, conn: Connection[Row]) -> str | None:
        """Return why the service must not serve requests with connections such as `conn`; None if it may."""
        found = conn.cursor(row_factory=args_row(_Session)).execute(_SELECT_SESSION).fetchone()
        assert found is not None
        return found.problem() or (_MIXED_UP if self._mixes_up_statements(conn) else None)

    def problem(self, conn: Connection[Row]) -> str | None:
        """Return the same as `find_problem`, and log it if it differs from the last result."""
        problem = self.find_problem(conn)
        if problem != self._last:
            self._last = problem
            if problem:
                logger.error("the service is not ready: %s", problem)
            else:
                logger.warning("the connections that serve requests are as they should be again")
        return problem

    def _mixes_up_statements(self, conn: Connection[Row]) -> bool:
        call = _IS_PREPARED.call(_IS_PREPARED.name.decode())
        is_found = wire_of(conn).send(deadline(), [call])[0].rows() == [(True,)]
        return is_found and is_shared(conn, self._conninfo, self._parameters)
