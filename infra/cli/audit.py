"""`smartdhandha audit`: logs read, replayed and compared; what proves them stands in `cli_proof`."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from typing import Any

import click
import msgspec
import psycopg
from psycopg import Connection

from domain.calendar import instant
from domain.reading import InvalidValue, parse_instant
from infra.audit import replay
from infra.cli.base import Session, as_json, note, on_database, org_option, organizations, session, show, table
from infra.cli.proof import export_command, import_command, seal_command, verify_command
from infra.log.reader import stream_log
from infra.log.records import RecordedEvent
from infra.postgres.database import DatabaseUnreachable, Row, connect_owner
from projections.views.history import as_text, differing


class Moment(click.ParamType[datetime]):
    """An RFC 3339 timestamp."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return parse_instant(value)
        except InvalidValue as error:
            self.fail(f"{value!r} {error}.", param, ctx)


@click.group("audit")
def audit_group() -> None:
    """The log as evidence: who did what and when, and proof that nothing was altered."""


@audit_group.command("history")
@click.argument("id")
@org_option
@on_database
@as_json
def history_command(id: str, org_id: str | None, json_output: bool) -> None:
    """Show what happened to one object, like a bank statement: when, who, what, before → after.

    \b
    Example: smartdhandha audit history inv_01J…
    """
    with session() as here:
        steps = replay.steps(here.conn, id, organizations(here.conn, org_id))
    rows = [_statement_line(step) for step in steps]
    show(rows, json_output, _statement(rows))


@audit_group.command("show")
@click.argument("id")
@click.option("--as-of", "as_of", type=Moment(), metavar="TIME", help="As it was at this time.")
@click.option("--version", type=click.IntRange(1), help="As it was at this version.")
@org_option
@on_database
@as_json
def show_command(id: str, as_of: datetime | None, version: int | None, org_id: str | None, json_output: bool) -> None:
    """Show one object, now or as it was.

    \b
    Example: smartdhandha audit show inv_01J… --as-of 2026-03-31T18:30:00Z
    """
    if as_of is not None and version is not None:
        raise click.UsageError("Give --as-of or --version, not both.")
    with session() as here:
        steps = replay.steps(here.conn, id, organizations(here.conn, org_id))
    state = replay.state_at(steps, as_of, version)
    if state is None:
        raise click.ClickException(
            f"{id} was not there yet; its first event is of {instant(steps[0].record.recorded_at)}."
        )
    show(state, json_output, "\n".join(f"{name}: {as_text(value)}" for name, value in state.items()))


@audit_group.command("replay")
@click.argument("id")
@org_option
@on_database
@as_json
def replay_command(id: str, org_id: str | None, json_output: bool) -> None:
    """Step through the states of one object, event by event.

    \b
    Example: smartdhandha audit replay inv_01J…
    """
    with session() as here:
        steps = replay.steps(here.conn, id, organizations(here.conn, org_id))
    rows = [{**replay.entry(step.record, step.org_id), "state": step.after} for step in steps]
    blocks = [
        f"── version {step.record.originator_version}: {step.record.name} at {instant(step.record.recorded_at)}\n"
        + "\n".join(f"  {name}: {as_text(value)}" for name, value in step.after.items())
        for step in steps
    ]
    show(rows, json_output, "\n".join(blocks))


@audit_group.command("diff")
@click.argument("id")
@click.option("--from", "first", type=click.IntRange(1), required=True, metavar="VERSION")
@click.option("--to", "last", type=click.IntRange(1), required=True, metavar="VERSION")
@org_option
@on_database
@as_json
def diff_command(id: str, first: int, last: int, org_id: str | None, json_output: bool) -> None:
    """Show in which fields two versions of an object differ.

    \b
    Example: smartdhandha audit diff inv_01J… --from 1 --to 4
    """
    with session() as here:
        steps = replay.steps(here.conn, id, organizations(here.conn, org_id))
    if max(first, last) > len(steps):
        raise click.UsageError(f"{id} has {len(steps)} versions.")
    changed = differing(steps[first - 1].after, steps[last - 1].after)
    rows = [{"field": name, "from": before, "to": after} for name, (before, after) in changed.items()]
    show(
        rows,
        json_output,
        table([{name: as_text(value) for name, value in row.items()} for row in rows]) or "No difference.",
    )


@audit_group.command("log")
@click.option("--after", type=click.IntRange(0), default=0, show_default=True, help="Begin behind this position.")
@click.option("--follow", is_flag=True, help="Go on with what is recorded later, until Ctrl-C.")
@click.option("--org", "org_id", required=True, metavar="ID", help="Whose log.")
@on_database
@as_json
def log_command(after: int, follow: bool, org_id: str, json_output: bool) -> None:
    """Print an organization's log, an event a line; --follow survives a restart of the database.

    \b
    Example: smartdhandha audit log --org org_01J… --after 1200 --follow
    """
    with session() as here:
        organizations(here.conn, org_id)
        try:
            tail = _Tail(org_id, after, json_output)
            tail.print_log(here.conn)
            while follow:
                _follow(here, tail)
        except (KeyboardInterrupt, BrokenPipeError):
            return


def _statement_line(step: replay.Step) -> dict[str, Any]:
    shown = replay.entry(step.record, step.org_id)
    changes = {name: {"before": before, "after": after} for name, (before, after) in step.changes().items()}
    return {
        **{name: shown[name] for name in ("position", "at", "actor", "type", "version", "requestId")},
        "changes": changes,
    }


def _statement(rows: list[dict[str, Any]]) -> str:
    lines = []
    for row in rows:
        actor = f"{row['actor']['type']} {row['actor']['id']}"
        changes = [f"{name}: {as_text(c['before'])} → {as_text(c['after'])}" for name, c in row["changes"].items()]
        first = {
            "time": row["at"],
            "actor": actor,
            "what": row["type"],
            "before → after": changes[0] if changes else "",
        }
        lines.append(first)
        lines += [{"time": "", "actor": "", "what": "", "before → after": change} for change in changes[1:]]
    return table(lines)


class _Tail:
    """Prints a log, and knows how far it has come, also when the database goes away in the midst of it."""

    def __init__(self, org_id: str, after: int, json_output: bool) -> None:
        self._org_id, self._after, self._machine = org_id, after, json_output

    def print_log(self, conn: Connection[Row]) -> None:
        for record in stream_log(conn, self._org_id, self._after):
            click.echo(self._line(record))
            self._after = record.position
        sys.stdout.flush()

    def _line(self, record: RecordedEvent) -> bytes | str:
        shown = replay.entry(record, self._org_id)
        if self._machine:
            return msgspec.json.encode(shown)
        actor = f"{shown['actor']['type']} {shown['actor']['id']}"
        data = msgspec.json.encode(shown["data"]).decode()
        return f"{record.position:>8}  {shown['at']}  {record.name:<24}  {record.originator_id}  {actor}  {data}"


def _follow(here: Session, tail: _Tail) -> None:
    """Print what comes after; when the connection is lost, the caller makes another one, for as long as it takes."""
    try:
        with connect_owner(here.conninfo) as conn:
            while True:
                tail.print_log(conn)
                time.sleep(0.5)
    except (DatabaseUnreachable, psycopg.OperationalError) as error:
        note(f"The database is away and is asked again: {' '.join(str(error).split())}")
        time.sleep(1)


for command in (verify_command, seal_command, export_command, import_command):
    audit_group.add_command(command)
