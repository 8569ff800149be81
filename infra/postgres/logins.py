"""The database's two log-ins, for the owner of the tables and for the application. `serve` checks the second one."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

import psycopg
from psycopg import Connection
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import scalar_row

from infra.postgres.database import APP_ROLE, OWNER_CONNECT_TIMEOUT_SECONDS, DatabaseUnreachable, Row
from infra.postgres.poolers import refuses_options

LOCK_TIMEOUT_SECONDS = 1.5
LIMITS = {
    "lock_timeout": f"{LOCK_TIMEOUT_SECONDS * 1000:.0f}ms",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
}
"""PostgreSQL's time limits for the connections that serve requests, by the names of the settings."""
_LOCK = 0x5D_7E_3A
"""The number of the advisory lock under which one process at a time changes the rights on the database."""
_MAY_MAKE_TEMPORARY = "SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')"
_REVOKE_TEMPORARY = f"""
DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC, {APP_ROLE}', current_database());
END $$
"""
_WHERE = "SELECT current_database(), pg_postmaster_start_time()"
_FAULTS = f"""
SELECT CASE WHEN r.rolsuper THEN 'is a superuser' ELSE (
    SELECT string_agg(fault, ', ') FROM unnest(ARRAY[
        CASE WHEN r.rolcreaterole THEN 'has CREATEROLE' END,
        CASE WHEN r.rolcreatedb THEN 'has CREATEDB' END,
        CASE WHEN r.rolbypassrls THEN 'has BYPASSRLS' END,
        CASE WHEN r.rolreplication THEN 'has REPLICATION' END,
        CASE WHEN NOT pg_has_role('{APP_ROLE}', 'USAGE') THEN 'does not inherit the rights of {APP_ROLE}' END,
        (SELECT 'can set the role ' || string_agg(o.rolname, ' and ') FROM pg_roles o
            WHERE o.oid <> r.oid AND pg_has_role(o.oid, 'SET')),
        (SELECT 'has the rights of ' || string_agg(o.rolname, ' and ') FROM pg_roles o
            WHERE o.oid <> r.oid AND o.rolname <> '{APP_ROLE}' AND pg_has_role(o.oid, 'USAGE')),
        (SELECT 'owns ' || min(c.oid::regclass::text) FROM pg_class c WHERE pg_has_role(c.relowner, 'USAGE')),
        (SELECT 'owns the function ' || min(p.proname) FROM pg_proc p WHERE pg_has_role(p.proowner, 'USAGE')),
        (SELECT 'owns the database ' || min(d.datname) FROM pg_database d WHERE pg_has_role(d.datdba, 'USAGE')),
        CASE WHEN has_schema_privilege('public', 'CREATE') OR has_database_privilege(current_database(), 'CREATE')
            THEN 'may create objects' END,
        CASE WHEN has_database_privilege(current_database(), 'TEMPORARY') THEN 'may create temporary objects' END
    ]) fault
) END FROM pg_roles r WHERE r.rolname = session_user
"""
_OPTIONS_REFUSED = (
    "The pooler at SMARTDHANDHA_APP_DATABASE_URL refuses the settings of the service ({}). Use PgBouncer 1.21 or "
    f"newer, with ignore_startup_parameters = {', '.join(LIMITS)}, and give these settings to the log-in: "
    'see "Poolers" in docs/operations.md.'
)


class Logins(NamedTuple):
    """How the processes of the service log in to PostgreSQL: connection strings (conninfo) for one database."""

    owner: str
    """The log-in of the table owner: for migrations, the background worker, the command line and the metrics."""
    application: str | None = None
    """The log-in of the application: for the pool of each server process. If None, the pool logs in as the owner."""
    standby: str | None = None
    """The log-in of the application to standbys, or of the owner if `application` is None. If None, there are none."""

    @property
    def for_requests(self) -> str:
        """The connection string for the connections that serve requests."""
        return self.application or self.owner

    @property
    def options(self) -> str:
        """What these connections set when they begin, as PostgreSQL's startup parameter `options`.

        A connection that logs in as the owner also sets the application's role.
        """
        settings = {} if self.application else {"role": APP_ROLE}
        return " ".join(f"-c {name}={value}" for name, value in {**settings, "timezone": "UTC", **LIMITS}.items())


class UnfitLogin(Exception):
    """The application's log-in has too many rights, or too few. The message says what to do."""


def revoke_temporary(conn: Connection[Row]) -> None:
    """Revoke the right to create temporary objects in this database from the application's role.

    `conn` is a connection of the table owner. If the owner of the tables does not own the database, nothing is changed.
    This is done at each start and not by a migration, because a dump does not contain the rights on its database.
    """
    with suppress(InsufficientPrivilege), conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        if conn.execute(_MAY_MAKE_TEMPORARY, (APP_ROLE,)).fetchone() == (True,):
            conn.execute(_REVOKE_TEMPORARY)


def check_application(owner: Connection[Row], conninfo: str) -> None:
    """Check that the application's log-in owns nothing and has only the rights of the application's role.

    `owner` is a connection of the owner to the same database. Raises UnfitLogin and DatabaseUnreachable.
    """
    with _connect(Logins("", conninfo)) as conn:
        here = conn.execute(_WHERE).fetchone()
        fault = conn.cursor(row_factory=scalar_row).execute(_FAULTS).fetchone()
        user = conn.info.user
    if here != owner.execute(_WHERE).fetchone():
        raise UnfitLogin(
            "DATABASE_URL and SMARTDHANDHA_APP_DATABASE_URL name different databases: set both to the same database."
        )
    if fault:
        raise UnfitLogin(
            f"SMARTDHANDHA_APP_DATABASE_URL: the log-in {user} {fault}. It must have only the rights of {APP_ROLE}: "
            'see "Database log-ins" in docs/operations.md.'
        )


def _connect(logins: Logins) -> Connection[Row]:
    """Connect as the connections that serve requests do. Raises DatabaseUnreachable."""
    parameters: dict[str, Any] = {"options": logins.options, "connect_timeout": OWNER_CONNECT_TIMEOUT_SECONDS}
    try:
        return psycopg.connect(logins.for_requests, autocommit=True, prepare_threshold=None, **parameters)
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        if refuses_options(reason):
            raise UnfitLogin(_OPTIONS_REFUSED.format(reason)) from None
        raise DatabaseUnreachable(
            "The application cannot log in: check SMARTDHANDHA_APP_DATABASE_URL. With the bundled PostgreSQL, stop all "
            f"processes that use its data folder, and start again. PostgreSQL says: {reason}"
        ) from None
