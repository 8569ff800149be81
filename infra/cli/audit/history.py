"""`smartdhandha audit history | show | replay | diff`: show one object, computed from its events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from domain.calendar import instant
from domain.reading.when import When, read_when
from infra.audit import replay
from infra.cli.base import (
    Parsed,
    checked_option,
    database_option,
    json_option,
    org_option,
    render_table,
    select_organizations,
    session,
)
from infra.cli.output import show
from infra.identity.organizations import get_time_zone
from projections.views.history import as_text, compare_states


@click.command("history")
@click.argument("id")
@org_option
@database_option
@json_option
def history_command(id: str, org_id: str | None, json_output: bool) -> None:
    """Show what happened to one object: when, who, what, and each changed field before and after.

    \b
    Example: smartdhandha audit history inv_01J…
    """
    rows = [_history_row(step) for step in _load_steps(id, org_id)]
    show(rows, json_output, _render_history(rows))


@click.command("show")
@click.argument("id")
@click.option(
    "--as-of",
    "as_of",
    type=Parsed(read_when),
    metavar="WHEN",
    help="Show the state at this time, or at the end of this day (without an offset: in the organization's time zone).",
)
@click.option("--version", type=click.IntRange(1), help="Show the state at this version.")
@org_option
@database_option
@json_option
def show_command(id: str, as_of: When | None, version: int | None, org_id: str | None, json_output: bool) -> None:
    """Show the state of one object, now or in the past.

    \b
    Example: smartdhandha audit show inv_01J… --as-of "2026-03-31 18:30"
    """
    if as_of is not None and version is not None:
        raise click.UsageError("Use --as-of or --version, not both.")
    with session() as (conn, _):
        steps = replay.steps(conn, id, select_organizations(conn, org_id))
        time_zone = get_time_zone(conn, steps[0].org_id)
    with checked_option("--as-of"):
        at = as_of.last_instant(time_zone) if as_of is not None else None
    state = replay.state_at(steps, at, version)
    if state is None:
        first = instant(steps[0].record.recorded_at)
        raise click.ClickException(f"{id} did not exist yet: its first event was recorded at {first}.")
    show(state, json_output, _render_state(state))


@click.command("replay")
@click.argument("id")
@org_option
@database_option
@json_option
def replay_command(id: str, org_id: str | None, json_output: bool) -> None:
    """Show the state of one object after each of its events.

    \b
    Example: smartdhandha audit replay inv_01J…
    """
    steps = _load_steps(id, org_id)
    rows = [{**replay.entry(step.record, step.org_id), "state": step.after} for step in steps]
    show(rows, json_output, [line for step in steps for line in _render_step(step)])


@click.command("diff")
@click.argument("id")
@click.option("--from", "first", type=click.IntRange(1), required=True, metavar="VERSION")
@click.option("--to", "last", type=click.IntRange(1), required=True, metavar="VERSION")
@org_option
@database_option
@json_option
def diff_command(id: str, first: int, last: int, org_id: str | None, json_output: bool) -> None:
    """Show the fields in which two versions of an object differ.

    \b
    Example: smartdhandha audit diff inv_01J… --from 1 --to 4
    """
    steps = _load_steps(id, org_id)
    if max(first, last) > len(steps):
        raise click.UsageError(f"{id} has {len(steps)} versions; --from and --to must be at most {len(steps)}.")
    changed = compare_states(steps[first - 1].after, steps[last - 1].after)
    rows = [{"field": name, "from": before, "to": after} for name, (before, after) in changed.items()]
    lines = render_table([{name: as_text(value) for name, value in row.items()} for row in rows])
    show(rows, json_output, lines or "No difference.")


def _load_steps(id: str, org_id: str | None) -> list[replay.Step]:
    with session() as (conn, _):
        return replay.steps(conn, id, select_organizations(conn, org_id))


def _history_row(step: replay.Step) -> dict[str, Any]:
    entry = replay.entry(step.record, step.org_id)
    changes = {name: {"before": before, "after": after} for name, (before, after) in step.changes().items()}
    facts = {name: entry[name] for name in ("position", "at", "actor", "type", "version", "requestId")}
    return {**facts, "changes": changes}


def _render_history(rows: list[dict[str, Any]]) -> list[str]:
    """Return a table like a bank statement, with one line for each changed field."""
    lines = []
    for row in rows:
        actor = f"{row['actor']['type']} {row['actor']['id']}"
        changes = [f"{name}: {as_text(c['before'])} → {as_text(c['after'])}" for name, c in row["changes"].items()]
        lines.append(_history_line(row["at"], actor, row["type"], changes[0] if changes else ""))
        lines += [_history_line("", "", "", change) for change in changes[1:]]
    return render_table(lines)


def _history_line(time: str, actor: str, what: str, change: str) -> dict[str, str]:
    return {"time": time, "actor": actor, "what": what, "before → after": change}


def _render_step(step: replay.Step) -> list[str]:
    record = step.record
    head = f"── version {record.originator_version}: {record.name} at {instant(record.recorded_at)}"
    return [head, *(f"  {line}" for line in _render_state(step.after))]


def _render_state(state: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {as_text(value)}" for name, value in state.items()]
