"""The command line. Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import os
import signal
import sys

import click
from eventsourcing.persistence import MapperDeserialisationError

from domain.errors import DomainError
from infra.audit.export_import import ImportRefused
from infra.audit.seal import SealRefused
from infra.cli.audit import audit_group
from infra.cli.banner import banner
from infra.cli.base import as_json, database, session, show
from infra.cli.key import key_group
from infra.cli.org import org_group
from infra.cli.projections import projections
from infra.cli.user import user_group
from infra.identity import accounts
from infra.postgres.database import DatabaseUnreachable, connect_owner
from infra.postgres.embedded import EmbeddedError
from infra.postgres.migrate import MigrationError, applied, migrate, pending
from infra.server.gunicorn import PortTaken, check_address, metrics_folder, metrics_module, serve
from infra.settings import SettingsError, load
from infra.telemetry import logs
from infra.worker.leader import Worker, run_tasks

REFUSALS = (
    SettingsError,
    EmbeddedError,
    DatabaseUnreachable,
    MigrationError,
    PortTaken,
    DomainError,
    SealRefused,
    ImportRefused,
    MapperDeserialisationError,
)


def main() -> None:
    """The console command; every foreseen failure is one sentence and exit status 1."""
    try:
        cli(standalone_mode=True)
    except REFUSALS as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """SmartDhandha API: invoices, bills and leaves over REST, kept as events."""


@cli.command("serve")
@click.option("--bind", metavar="HOST:PORT", help="Where to listen (default: SMARTDHANDHA_BIND or 127.0.0.1:8000).")
@click.option("--workers", type=click.IntRange(1, 64), help="Worker processes (default: SMARTDHANDHA_WORKERS or 2).")
@click.option(
    "--worker/--no-worker", default=None, help="Run the background worker too (default: SMARTDHANDHA_WORKER)."
)
@click.option("--demo/--no-demo", default=True, help="Make a demo organization and key in an empty database.")
@as_json
def serve_command(bind: str | None, workers: int | None, worker: bool | None, demo: bool, json_output: bool) -> None:
    """Serve the API until Ctrl-C.

    \b
    Example: smartdhandha serve --bind 127.0.0.1:8080 --workers 4
    """
    environ = dict(os.environ)
    if bind:
        environ["SMARTDHANDHA_BIND"] = bind
    if workers:
        environ["SMARTDHANDHA_WORKERS"] = str(workers)
    if worker is not None:
        environ["SMARTDHANDHA_WORKER"] = str(worker)
    settings = load(environ)
    check_address(settings.bind)
    if settings.metrics_bind is not None:
        check_address(settings.metrics_bind, "SMARTDHANDHA_METRICS_BIND")
    with database(settings) as conninfo:
        with connect_owner(conninfo) as conn:
            migrate(conn)
            made, owner = accounts.make_demo(conn) if demo else None, accounts.demo_owner(conn)
        origin = settings.public_url
        serve(settings, conninfo, lambda address: show(*banner(address, made, json_output, origin, owner)))


@cli.command("worker")
@click.option("--once", is_flag=True, help="Run every task once, say what was done, and end.")
@as_json
def worker_command(once: bool, json_output: bool) -> None:
    """Run the background worker: overdue documents, expired keys, old records.

    One leads, others wait to take over; `serve` runs one too, unless SMARTDHANDHA_WORKER=false.

    \b
    Example: smartdhandha worker
    """
    settings = load(os.environ)
    logs.set_up(settings.log_level)
    with database(settings) as conninfo:
        with connect_owner(conninfo) as conn:
            migrate(conn)
            if once:
                done = run_tasks(conn)
                show(done, json_output, "\n".join(f"{name}: {count} done" for name, count in done.items()))
                return
        worker = Worker(conninfo)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: worker.stop())
        with metrics_folder(settings):
            if settings.metrics_bind is not None:
                metrics_module().Exporter(settings.metrics_bind, conninfo).start()
            worker.run()


@cli.group()
def db() -> None:
    """The database's schema."""


@db.command("migrate")
@as_json
def db_migrate(json_output: bool) -> None:
    """Bring the schema up to date.

    \b
    Example: smartdhandha db migrate
    """
    with session(prepared=False) as (conn, _):
        done = migrate(conn)
        now = applied(conn)[-1]
    names = [f"{migration.version:04d} {migration.name}" for migration in done]
    show(
        {"applied": names, "version": now},
        json_output,
        "\n".join(names) or f"Nothing to do: the schema is at version {now}.",
    )


@db.command("status")
@as_json
def db_status(json_output: bool) -> None:
    """Which migrations are applied, and which wait.

    \b
    Example: smartdhandha db status --json
    """
    with session(prepared=False) as (conn, _):
        have, wait = applied(conn), [f"{m.version:04d} {m.name}" for m in pending(conn)]
    version = have[-1] if have else 0
    human = f"The schema is at version {version}; " + (f"these wait: {', '.join(wait)}." if wait else "nothing waits.")
    show({"version": version, "pending": wait}, json_output, human)


cli.add_command(projections)
cli.add_command(audit_group)
cli.add_command(org_group)
cli.add_command(key_group)
cli.add_command(user_group)
