"""`smartdhandha projections`: list the tables that are computed from the log, rebuild them, and verify them."""

from __future__ import annotations

import getpass
import time
from typing import Any

import click

from infra.cli.base import (
    Session,
    database_option,
    json_option,
    org_option,
    render_table,
    select_organizations,
    session,
)
from infra.cli.output import note, show
from infra.cli.progress import progress
from infra.projector.differences import Difference
from infra.projector.results import RebuildResult
from infra.projector.runner import runner_of
from infra.projector.skips import skip_event
from infra.projector.tables.lock import AnotherRebuild
from infra.projector.tables.rebuild import TableLocked
from projections.folding.stored_event import UnreadableEvent
from projections.projection import Projection, RowProjection
from projections.registry import PROJECTIONS

names_argument = click.argument("names", nargs=-1, type=click.Choice(list(PROJECTIONS)), metavar="[NAME]...")


@click.group()
def projections() -> None:
    """The tables that are computed from the log: list, rebuild and verify them."""


@projections.command("list")
@org_option
@database_option
@json_option
def list_command(org_id: str | None, json_output: bool) -> None:
    """Show each projection: its version, and how many rows, rows of older versions and missing events it has.

    \b
    Example: smartdhandha projections list
    """
    with session() as (conn, conninfo):
        select_organizations(conn, org_id)
        listed = []
        for name, projection in PROJECTIONS.items():
            state = runner_of(projection, conninfo).state(conn, org_id)
            listed.append({"name": name, "version": projection.version, **state._asdict()})
    show(listed, json_output, render_table(listed))


@projections.command("rebuild")
@names_argument
@org_option
@click.option("--skip", "position", type=click.IntRange(1), help="Leave out the event at this position (with --org).")
@database_option
@json_option
def rebuild_command(names: tuple[str, ...], org_id: str | None, position: int | None, json_output: bool) -> None:
    """Rebuild the named projections, or all, from the log. The service keeps running.

    A new table is built beside the served table and then replaces it. With --org, the rows of one organization are
    updated in the served table itself. If an event cannot be read, the command names the event and does not rebuild the
    rest of its organization.

    \b
    Example: smartdhandha projections rebuild invoices
    Example: smartdhandha projections rebuild invoices --org org_01J… --skip 4711
    """
    wanted = _wanted(names)
    if position is not None and (org_id is None or len(wanted) != 1 or not isinstance(wanted[0], RowProjection)):
        raise click.UsageError("--skip needs --org and the name of one projection of rows.")
    results, failures = [], []
    with session() as here:
        select_organizations(here.conn, org_id)
        if position is not None:
            _skip(here, wanted[0], org_id, position)
        for projection in wanted:
            start = time.monotonic()
            rebuilt = _rebuild(here, projection, org_id)
            results.append(_result(projection.name, rebuilt, time.monotonic() - start))
            failures += rebuilt.failures
    for failure in failures:
        note(f"Not rebuilt: {failure}")
    show({"rebuilt": results, "failures": failures}, json_output, render_table(results))
    if failures:
        raise SystemExit(1)


@projections.command("verify")
@names_argument
@org_option
@database_option
@json_option
def verify_command(names: tuple[str, ...], org_id: str | None, json_output: bool) -> None:
    """Compare the named projections, or all, with the log, column by column. The service keeps running.

    The exit status is 1 when there is a difference.

    \b
    Example: smartdhandha projections verify --org org_01J…
    """
    wanted = _wanted(names)
    found: list[Difference] = []
    failures: list[str] = []
    with session() as here:
        orgs = select_organizations(here.conn, org_id)
        with progress("verifying", len(orgs) * len(wanted)) as advance:
            for projection in wanted:
                for org in orgs:
                    try:
                        found += list(runner_of(projection, here.conninfo).differences(here.conn, org))
                    except UnreadableEvent as unreadable:
                        failures.append(str(unreadable))
                    advance(1)
    for failure in failures:
        note(failure)
    differences = [_as_json(difference) for difference in found]
    none = f"No difference in {', '.join(projection.name for projection in wanted)}."
    show({"differences": differences, "failures": failures}, json_output, [*map(_as_line, found)] or none)
    if found or failures:
        raise SystemExit(1)


def _wanted(names: tuple[str, ...]) -> list[Projection]:
    return [PROJECTIONS[name] for name in names or PROJECTIONS]


def _skip(here: Session, projection: Projection, org_id: str | None, position: int) -> None:
    assert isinstance(projection, RowProjection) and org_id is not None
    try:
        skip_event(here.conn, projection, org_id, position, getpass.getuser())
    except LookupError as error:
        raise click.UsageError(str(error)) from None


def _rebuild(here: Session, projection: Projection, org_id: str | None) -> RebuildResult:
    runner = runner_of(projection, here.conninfo)
    try:
        with progress(f"rebuilding {projection.name}", runner.steps(here.conn, org_id)) as advance:
            return runner.rebuild(here.conn, org_id, advance)
    except (AnotherRebuild, TableLocked) as error:
        raise click.ClickException(str(error)) from None


def _result(name: str, rebuilt: RebuildResult, seconds: float) -> dict[str, Any]:
    return {
        "name": name,
        "events": rebuilt.events,
        "rows": rebuilt.rows,
        "seconds": round(seconds, 2),
        "eventsPerSecond": round(rebuilt.events / seconds) if seconds else 0,
    }


def _as_json(difference: Difference) -> dict[str, Any]:
    values = difference._asdict()
    return {"table": values.pop("table"), "org": values.pop("org_id"), **values}


def _as_line(difference: Difference) -> str:
    table, org_id, id, column, expected, stored = difference
    return f"{table} {org_id} {id} {column}: the log says {expected}, stored is {stored}"
