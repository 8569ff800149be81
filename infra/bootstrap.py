"""The composition root: where concrete things meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import falcon
from psycopg import Connection
from psycopg_pool import ConnectionPool

from api.app import create_app
from api.ports.dependencies import Dependencies, Gate, Help, Ledgers, Observer, Unavailable
from infra.assets import reference_script
from infra.assistant.index import DEFAULT_RATE, PostgresIndex, PostgresPace
from infra.assistant.model import ChatModel
from infra.identity.sessions import PostgresUsers
from infra.log.unit_of_work import PostgresLedgers
from infra.postgres.database import Row, await_connection, borrowed, open_pool
from infra.postgres.migrate import MigrationError, pending
from infra.reads.admission import PostgresGate
from infra.reads.keys import PostgresKeyReads
from infra.reads.overview import PostgresOverview
from infra.reads.resources import PostgresReads
from infra.settings import Settings
from infra.telemetry.logs import AccessLog

if TYPE_CHECKING:
    from infra.telemetry.metrics import Metrics


def build_app(settings: Settings, conninfo: str, metrics: Metrics | None = None) -> falcon.App[Any, Any]:
    """The application on a pool of its own; call it in the process that serves, after the fork."""
    observers: list[Observer] = []
    if settings.access_log and settings.log_level in ("debug", "info"):
        observers.append(AccessLog())
    pool = open_pool(conninfo, settings.threads)
    await_connection(pool)
    return app_on(pool, settings.public_url, observers, metrics, assistance(pool, settings))


def assistance(pool: ConnectionPool[Connection[Row]], settings: Settings | None) -> Help:
    """What the assistant needs, with a model when one is set."""
    rate = DEFAULT_RATE if settings is None else settings.assistant_rate
    index, pace = PostgresIndex(pool), PostgresPace(pool, rate)
    if settings is None:
        return Help(index, pace)
    model = None
    if settings.llm_url is not None:
        # Half of the threads at most wait for the model; the others go on answering.
        model = ChatModel(settings.llm_url, settings.llm_model, settings.llm_key, max(1, settings.threads // 2))
    return Help(index, pace, model, settings.address_header)


def app_on(
    pool: ConnectionPool[Connection[Row]],
    public_url: str | None = None,
    observers: Sequence[Observer] = (),
    metrics: Metrics | None = None,
    help: Help | None = None,
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
            help=help or assistance(pool, None),
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
