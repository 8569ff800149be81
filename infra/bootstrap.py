"""The composition root: where concrete things meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import falcon
from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.app import create_app
from api.dependencies import Dependencies, Gate, Ledgers, Observer, Unavailable
from infra.admission import PostgresGate
from infra.assets import reference_script
from infra.database import Row, await_connection, borrowed, open_pool
from infra.key_reads import PostgresKeyReads
from infra.ledger import PostgresLedgers
from infra.logs import AccessLog
from infra.migrate import MigrationError, pending
from infra.overview import PostgresOverview
from infra.reads import PostgresReads
from infra.sessions import PostgresUsers
from infra.settings import Settings

if TYPE_CHECKING:
    from infra.metrics import Metrics


def build_app(settings: Settings, conninfo: str, metrics: Metrics | None = None) -> falcon.App[Any, Any]:
    """The application on a pool of its own; call it in the process that serves, after the fork."""
    observers: list[Observer] = []
    if settings.access_log and settings.log_level in ("debug", "info"):
        observers.append(AccessLog())
    pool = open_pool(conninfo, settings.threads)
    await_connection(pool)
    return app_on(pool, settings.public_url, observers, metrics)


def app_on(
    pool: ConnectionPool[Connection[Row]],
    public_url: str | None = None,
    observers: Sequence[Observer] = (),
    metrics: Metrics | None = None,
) -> falcon.App[Any, Any]:
    """The application on this pool."""
    gate: Gate = PostgresGate(pool)
    ledgers: Ledgers = PostgresLedgers(pool)
    if metrics is not None:
        gate, ledgers, observers = metrics.counted(gate, ledgers, observers)
        metrics.watch(pool)
    return create_app(
        Dependencies(
            gate=gate,
            ledgers=ledgers,
            reads=PostgresReads(pool),
            health=DatabaseHealth(pool),
            users=PostgresUsers(pool),
            overview=PostgresOverview(pool),
            key_reads=PostgresKeyReads(pool),
            public_url=public_url,
            observers=observers,
            reference_script=reference_script(),
        )
    )


class DatabaseHealth:
    """Ready when the database answers and no migration waits."""

    def __init__(self, pool: ConnectionPool[Connection[Row]]) -> None:
        self._pool = pool

    def problem(self) -> str | None:
        try:
            with borrowed(self._pool) as conn:
                waiting = pending(conn)
        except Unavailable:
            return "The database cannot be reached."
        except MigrationError as error:
            return str(error)
        return f"{len(waiting)} migrations wait; run 'smartdhandha db migrate'." if waiting else None
