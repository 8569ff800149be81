"""Checks at the start of the service that SMARTDHANDHA_READ_URL leads to a standby of its own database."""

from __future__ import annotations

import logging

import psycopg
from psycopg import Connection

from infra.postgres.database import DATABASE, Row
from infra.postgres.failures import facts_of, reason_of
from infra.postgres.logins import Logins, UnfitLogin
from infra.postgres.pool import connection_parameters
from infra.postgres.readiness.sessions import SessionCheck

logger = logging.getLogger("smartdhandha.database")

_WHERE = f"SELECT {DATABASE}"


def check_standby(owner: Connection[Row], logins: Logins) -> None:
    """Check the log-in to the standby, if there is one: its database, its role and its limits.

    `owner` is a connection of the owner to the primary. A standby that cannot be reached is logged, because the service
    works without it. Raises UnfitLogin.
    """
    if logins.standby is None:
        return
    parameters = connection_parameters(logins)
    try:
        with psycopg.connect(logins.standby, **parameters) as conn:
            problem = SessionCheck(logins.standby, parameters).find_problem(conn)
            here = conn.execute(_WHERE).fetchone()
            is_standby = conn.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
    except psycopg.OperationalError as error:
        logger.warning("the standby cannot be reached: %s", reason_of(error), extra=facts_of(error))
        return
    if here != owner.execute(_WHERE).fetchone():
        raise UnfitLogin(
            "SMARTDHANDHA_READ_URL leads to another database than DATABASE_URL: set it to a standby of the same "
            "server, and to the same database."
        )
    if problem is not None:
        raise UnfitLogin(f"SMARTDHANDHA_READ_URL: {problem}")
    if not is_standby:  # after a failover, the service must start all the same
        logger.warning("the server at SMARTDHANDHA_READ_URL is not a standby: the primary answers all reads")
