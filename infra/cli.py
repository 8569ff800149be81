"""The command line. Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import os
import re
import signal
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

import click
from eventsourcing.persistence import MapperDeserialisationError

from domain.api_key import DEFAULT_CREDIT_LIMIT, SCOPES
from domain.calendar import DEFAULT_TIME_ZONE, instant
from domain.errors import DomainError
from infra import accounts, logs
from infra.cli_audit import audit_group
from infra.cli_base import as_json, database, note, session, show, table
from infra.cli_projections import projections
from infra.cli_users import user_group
from infra.database import DatabaseUnreachable, connect_owner
from infra.embedded import EmbeddedError
from infra.migrate import MigrationError, applied, migrate, pending
from infra.portable import ImportRefused
from infra.seal import SealRefused
from infra.server import PortTaken, check_address, metrics_folder, metrics_module, serve
from infra.settings import SettingsError, load
from infra.welcome import welcome
from infra.worker import Worker, run_tasks

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
def serve_command(bind: str | None, workers: int | None, worker: bool | None, demo: bool, machine: bool) -> None:
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
            made = accounts.make_demo(conn) if demo else None
        origin = settings.public_url
        serve(settings, conninfo, lambda address: show(*welcome(address, made, machine, origin)))


@cli.command("worker")
@click.option("--once", is_flag=True, help="Run every task once, say what was done, and end.")
@as_json
def worker_command(once: bool, machine: bool) -> None:
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
                show(done, machine, "\n".join(f"{name}: {count} done" for name, count in done.items()))
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
def db_migrate(machine: bool) -> None:
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
        machine,
        "\n".join(names) or f"Nothing to do: the schema is at version {now}.",
    )


@db.command("status")
@as_json
def db_status(machine: bool) -> None:
    """Which migrations are applied, and which wait.

    \b
    Example: smartdhandha db status --json
    """
    with session(prepared=False) as (conn, _):
        have, wait = applied(conn), [f"{m.version:04d} {m.name}" for m in pending(conn)]
    version = have[-1] if have else 0
    human = f"The schema is at version {version}; " + (f"these wait: {', '.join(wait)}." if wait else "nothing waits.")
    show({"version": version, "pending": wait}, machine, human)


cli.add_command(projections)
cli.add_command(audit_group)
cli.add_command(user_group)


@cli.group()
def org() -> None:
    """Organizations."""


@org.command("create")
@click.argument("name")
@click.option("--time-zone", default=DEFAULT_TIME_ZONE, show_default=True, help="IANA name; it decides what day it is.")
@as_json
def org_create(name: str, time_zone: str, machine: bool) -> None:
    """Make an organization.

    \b
    Example: smartdhandha org create "Sharma Textiles"
    """
    if not name.strip() or len(name) > 200 or "\0" in name:
        raise click.BadParameter("write a name of 1 to 200 characters.", param_hint="NAME")
    _check_zone(time_zone)
    with session() as (conn, _):
        made = accounts.create_organization(conn, name.strip(), time_zone)
    show(made, machine, f"{made['id']}  {made['name']}")


@org.command("list")
@as_json
def org_list(machine: bool) -> None:
    """Show all organizations.

    \b
    Example: smartdhandha org list
    """
    with session() as (conn, _):
        found = [_texts(row) for row in accounts.list_organizations(conn)]
    show(found, machine, table(found) or "There is none yet; make one: smartdhandha org create NAME")


@cli.group()
def key() -> None:
    """API keys."""


@key.command("create")
@click.option("--org", "org_id", required=True, metavar="ID", help="The organization that the key belongs to.")
@click.option("--name", required=True, help="What the key is for, as its owner will recognise it.")
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice(SCOPES), help="May be repeated.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10**12),
    default=DEFAULT_CREDIT_LIMIT,
    show_default=True,
    help="Requests per rolling 30 days.",
)
@click.option("--expires", metavar="WHEN", help="2027-03-31, 2027-03-31T18:00:00+05:30, or a span such as 90d.")
@as_json
def key_create(org_id: str, name: str, scopes: tuple[str, ...], limit: int, expires: str | None, machine: bool) -> None:
    """Make an API key; it is shown this once.

    \b
    Example: smartdhandha key create --org org_01J… --name "Zapier" --scope billing:read --scope billing:write
    """
    if not name.strip() or len(name) > 200 or "\0" in name:
        raise click.BadParameter("write a name of 1 to 200 characters.", param_hint="--name")
    until = _moment(expires) if expires else None
    with session() as (conn, _):
        made = accounts.create_key(conn, org_id, name.strip(), scopes, limit, until)
    _show_key(made, machine)


@key.command("list")
@click.option("--org", "org_id", required=True, metavar="ID")
@as_json
def key_list(org_id: str, machine: bool) -> None:
    """Show an organization's keys, without their secrets.

    \b
    Example: smartdhandha key list --org org_01J…
    """
    with session() as (conn, _):
        found = [_texts(row) for row in accounts.list_keys(conn, org_id)]
    show(found, machine, table(found) or "There is none yet; make one: smartdhandha key create --help")


@key.command("revoke")
@click.argument("key_id", metavar="ID")
@as_json
def key_revoke(key_id: str, machine: bool) -> None:
    """Stop a key at once and for good.

    \b
    Example: smartdhandha key revoke key_01J…
    """
    with session() as (conn, _):
        row = accounts.revoke_key(conn, key_id)
    shown = {"id": row["id"], "orgId": row["orgId"], "status": row["status"], "revokedAt": row["revokedAt"]}
    show(shown, machine, f"{row['id']} is revoked; requests with it are refused from now on.")


@key.command("rotate")
@click.argument("key_id", metavar="ID")
@click.option("--overlap", default="24h", show_default=True, help="How long the present secret keeps working: 0 to 7d.")
@as_json
def key_rotate(key_id: str, overlap: str, machine: bool) -> None:
    """Give a key a new secret; it is shown this once.

    \b
    Example: smartdhandha key rotate key_01J… --overlap 48h
    """
    span = _span(overlap)
    with session() as (conn, _):
        made = accounts.rotate_key(conn, key_id, span)
    _show_key(made, machine)


def _show_key(made: accounts.NewKey, machine: bool) -> None:
    row = made.row
    shown = {
        "id": row["id"],
        "key": made.raw,
        "orgId": row["orgId"],
        "scopes": row["scopes"],
        "limit": row["creditLimit"],
        "expiresAt": row["expiresAt"],
    }
    if row["previousUntil"]:
        shown["previousUntil"] = row["previousUntil"]
    if not machine:
        note(f"Keep it now: the key of {row['id']} is shown this once.")
    show(shown, machine, made.raw)


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"([0-9]{1,6})([smhd]?)", text)
    if not found or (not found[2] and found[1] != "0"):
        raise click.BadParameter(f"{text!r} is no span; write a number and s, m, h or d, such as 24h or 7d.")
    return timedelta(**{_UNITS[found[2] or "s"]: int(found[1])})


def _moment(text: str) -> datetime:
    if re.fullmatch(r"[0-9]+[smhd]", text):
        return datetime.now(UTC) + _span(text)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = datetime.min  # noqa: DTZ901 -- stands for no time at all, and is refused below
    if moment.tzinfo is None:
        raise click.BadParameter(
            f"{text!r} is no time; write 2027-03-31, 2027-03-31T18:00:00+05:30, or a span such as 90d."
        )
    return moment


def _check_zone(name: str) -> None:
    # A system may list its own zone as `localtime`, which names none: PostgreSQL knows no such zone.
    if name not in available_timezones() or name == "localtime":
        raise click.BadParameter(
            f"{name!r} is no IANA time zone; write one such as Asia/Kolkata.", param_hint="--time-zone"
        )


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in row.items()}
