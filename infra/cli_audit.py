"""`smartdhandha audit`: logs read, replayed, compared, proved, sealed and carried elsewhere."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
import psycopg
from psycopg import Connection

from domain.calendar import instant
from infra import audit
from infra.cli_base import Session, as_json, note, on_database, organizations, progress, session, show, table
from infra.database import DatabaseUnreachable, Row, connect_owner
from infra.portable import export, import_
from infra.records import RecordedEvent
from infra.seal import SealedHead, private_key, read_seal, seal
from projections.filters import read_instant
from projections.history import as_text, differing

org_option = click.option("--org", "org_id", metavar="ID", help="One organization only.")
_TAIL = "SELECT count(*) FROM events WHERE org_id = %s AND position > %s"


class Moment(click.ParamType[datetime]):
    """An RFC 3339 timestamp."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return read_instant(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time; write it as 2026-01-31T09:30:00Z.", param, ctx)


@click.group("audit")
def audit_group() -> None:
    """The log as evidence: who did what and when, and proof that nothing was altered."""


@audit_group.command("history")
@click.argument("id")
@org_option
@on_database
@as_json
def history_command(id: str, org_id: str | None, machine: bool) -> None:
    """Show what happened to one object, like a bank statement: when, who, what, before → after.

    \b
    Example: smartdhandha audit history inv_01J…
    """
    with session() as here:
        steps = audit.steps(here.conn, id, organizations(here.conn, org_id))
    rows = [_statement_line(step) for step in steps]
    show(rows, machine, _statement(rows))


@audit_group.command("show")
@click.argument("id")
@click.option("--as-of", "as_of", type=Moment(), metavar="TIME", help="As it was at this time.")
@click.option("--version", type=click.IntRange(1), help="As it was at this version.")
@org_option
@on_database
@as_json
def show_command(id: str, as_of: datetime | None, version: int | None, org_id: str | None, machine: bool) -> None:
    """Show one object, now or as it was.

    \b
    Example: smartdhandha audit show inv_01J… --as-of 2026-03-31T18:30:00Z
    """
    if as_of is not None and version is not None:
        raise click.UsageError("Give --as-of or --version, not both.")
    with session() as here:
        steps = audit.steps(here.conn, id, organizations(here.conn, org_id))
    state = audit.state_at(steps, as_of, version)
    if state is None:
        raise click.ClickException(
            f"{id} was not there yet; its first event is of {instant(steps[0].record.recorded_at)}."
        )
    show(state, machine, "\n".join(f"{name}: {as_text(value)}" for name, value in state.items()))


@audit_group.command("replay")
@click.argument("id")
@org_option
@on_database
@as_json
def replay_command(id: str, org_id: str | None, machine: bool) -> None:
    """Step through the states of one object, event by event.

    \b
    Example: smartdhandha audit replay inv_01J…
    """
    with session() as here:
        steps = audit.steps(here.conn, id, organizations(here.conn, org_id))
    rows = [{**audit.entry(step.record, step.org_id), "state": step.after} for step in steps]
    blocks = [
        f"── version {step.record.originator_version}: {step.record.name} at {instant(step.record.recorded_at)}\n"
        + "\n".join(f"  {name}: {as_text(value)}" for name, value in step.after.items())
        for step in steps
    ]
    show(rows, machine, "\n".join(blocks))


@audit_group.command("diff")
@click.argument("id")
@click.option("--from", "first", type=click.IntRange(1), required=True, metavar="VERSION")
@click.option("--to", "last", type=click.IntRange(1), required=True, metavar="VERSION")
@org_option
@on_database
@as_json
def diff_command(id: str, first: int, last: int, org_id: str | None, machine: bool) -> None:
    """Show in which fields two versions of an object differ.

    \b
    Example: smartdhandha audit diff inv_01J… --from 1 --to 4
    """
    with session() as here:
        steps = audit.steps(here.conn, id, organizations(here.conn, org_id))
    if max(first, last) > len(steps):
        raise click.UsageError(f"{id} has {len(steps)} versions.")
    changed = differing(steps[first - 1].after, steps[last - 1].after)
    rows = [{"field": name, "from": before, "to": after} for name, (before, after) in changed.items()]
    show(
        rows,
        machine,
        table([{name: as_text(value) for name, value in row.items()} for row in rows]) or "No difference.",
    )


@audit_group.command("log")
@click.option("--after", type=click.IntRange(0), default=0, show_default=True, help="Begin behind this position.")
@click.option("--follow", is_flag=True, help="Go on with what is recorded later, until Ctrl-C.")
@click.option("--org", "org_id", required=True, metavar="ID", help="Whose log.")
@on_database
@as_json
def log_command(after: int, follow: bool, org_id: str, machine: bool) -> None:
    """Print an organization's log, an event a line; --follow survives a restart of the database.

    \b
    Example: smartdhandha audit log --org org_01J… --after 1200 --follow
    """
    with session() as here:
        organizations(here.conn, org_id)
        try:
            tail = _Tail(org_id, after, machine)
            tail.print_log(here.conn)
            while follow:
                _follow(here, tail)
        except (KeyboardInterrupt, BrokenPipeError):
            return


@audit_group.command("verify")
@org_option
@click.option(
    "--seal", "seal_path", type=click.Path(path_type=Path), help="Also compare with the heads sealed in this file."
)
@click.option("--public-key", metavar="HEX", help="The seal must be signed with this key.")
@on_database
@as_json
def verify_command(org_id: str | None, seal_path: Path | None, public_key: str | None, machine: bool) -> None:
    """Recompute the hash chain of each log; print the first broken position, and end with status 1 if there is one.

    \b
    Example: smartdhandha audit verify --seal heads-2026-03.json
    """
    sealed = read_seal(seal_path, public_key) if seal_path else None
    heads = {head.org: (head.position, bytes.fromhex(head.hash)) for head in sealed.heads} if sealed else {}
    results, broken = [], []
    with session() as here:
        orgs = organizations(here.conn, org_id)
        total = here.conn.execute("SELECT coalesce(sum(position), 0) FROM org_log WHERE org_id = ANY(%s)", (orgs,))
        with progress("verifying events", int((total.fetchone() or (0,))[0])) as advance:
            for org in orgs:
                found = audit.verify_chain(here.conn, org, heads.get(org))
                position = audit.head_of(here.conn, org)[0]
                advance(position)
                result = {"org": org, "events": position, "whole": found is None}
                if found is not None:
                    result |= {"position": found.position, "reason": found.reason}
                    broken.append(result)
                results.append(result)
        missing = [org for org in heads if org not in orgs] if org_id is None else []
    broken += [
        {"org": org, "events": 0, "whole": False, "position": 1, "reason": "the sealed log is gone"} for org in missing
    ]
    human = "\n".join(
        f"{r['org']}: whole, {r['events']} events"
        if r["whole"]
        else f"{r['org']}: broken at position {r['position']}: {r['reason']}"
        for r in [*(r for r in results if r["whole"]), *broken]
    )
    show(
        {"logs": [*results, *(r for r in broken if r not in results)], "whole": not broken},
        machine,
        human or "There is no log.",
    )
    if broken:
        raise SystemExit(1)


@audit_group.command("seal")
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path),
    required=True,
    help="PEM file of an Ed25519 key; made if missing.",
)
@click.option("--out", "out_path", type=click.Path(path_type=Path), required=True, help="Where the seal is written.")
@org_option
@on_database
@as_json
def seal_command(key_path: Path, out_path: Path, org_id: str | None, machine: bool) -> None:
    """Sign the heads of the logs. Keep seal and public key where whoever could alter the logs cannot.

    \b
    Example: smartdhandha audit seal --key ~/seal.pem --out heads-2026-03.json
    """
    with session() as here, here.conn.transaction():
        here.conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        heads = []
        for org in organizations(here.conn, org_id):
            position, chain_hash = audit.head_of(here.conn, org)
            heads.append(SealedHead(org, position, chain_hash.hex()))
    made = seal(heads, instant(datetime.now(UTC)), private_key(key_path))
    _write(out_path, msgspec.json.format(msgspec.json.encode(made), indent=2) + b"\n")
    shown = {"file": str(out_path), "logs": len(heads), "publicKey": made.public_key}
    show(shown, machine, f"{out_path}: {len(heads)} heads, signed with the public key {made.public_key}")


@audit_group.command("export")
@click.option(
    "--out", "out_path", type=click.Path(path_type=Path), required=True, help="The file to write; - is standard output."
)
@org_option
@on_database
@as_json
def export_command(out_path: Path, org_id: str | None, machine: bool) -> None:
    """Write a portable, verifiable copy of the logs as JSON Lines.

    \b
    Example: smartdhandha audit export --out logs.jsonl
    """
    with session() as here:
        orgs = organizations(here.conn, org_id)
        if str(out_path) == "-":
            export(here.conn, orgs, sys.stdout.buffer)
            return
        unfinished = out_path.with_name(f"{out_path.name}.unfinished")
        try:
            with unfinished.open("wb") as out:
                count = export(here.conn, orgs, out)
            unfinished.replace(out_path)
        except OSError as error:
            raise click.ClickException(f"{out_path} cannot be written: {error.strerror}.") from None
    shown = {"file": str(out_path), "organizations": len(orgs), "events": count}
    show(shown, machine, f"{out_path}: {count} events of {len(orgs)} organizations")


@audit_group.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@on_database
@as_json
def import_command(path: Path, machine: bool) -> None:
    """Take a copy into this installation, checking every hash; then rebuild the projections.

    \b
    Example: smartdhandha audit import logs.jsonl && smartdhandha projections rebuild
    """
    with session() as here, path.open("rb") as lines:
        count, events = import_(here.conn, lines)
    shown = {"organizations": count, "events": events}
    show(shown, machine, f"{events} events of {count} organizations; now run: smartdhandha projections rebuild")


def _statement_line(step: audit.Step) -> dict[str, Any]:
    shown = audit.entry(step.record, step.org_id)
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

    def __init__(self, org_id: str, after: int, machine: bool) -> None:
        self._org_id, self._after, self._machine = org_id, after, machine

    def print_log(self, conn: Connection[Row]) -> None:
        for record in audit.log_of(conn, self._org_id, self._after):
            click.echo(self._line(record))
            self._after = record.position
        sys.stdout.flush()

    def _line(self, record: RecordedEvent) -> bytes | str:
        shown = audit.entry(record, self._org_id)
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


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from None
