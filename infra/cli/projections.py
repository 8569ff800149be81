"""`smartdhandha projections`: the read tables, seen, rebuilt and checked."""

from __future__ import annotations

import getpass
import time
from typing import Any

import click
from psycopg import Connection

from infra.cli.base import (
    Session,
    database_option,
    json_option,
    note,
    org_option,
    render_table,
    select_organizations,
    session,
    show,
)
from infra.cli.progress import progress
from infra.log.reader import count_kind
from infra.postgres.database import Row
from infra.projector import balances, usage
from infra.projector.rows import Rebuilt, rebuild_organization, skip
from infra.projector.swap import TableLocked
from infra.projector.table import AnotherRebuild, rebuild_table
from infra.projector.verify import differences, usage_differences
from infra.projector.verify_balances import balance_differences
from projections import balances as outstanding
from projections.projection import RowProjection
from projections.rebuild import UnreadableEvent
from projections.registry import ROWS
from projections.usage import LAG, NAME, TABLE

ROW_PROJECTIONS: dict[str, RowProjection[Any]] = {projection.name: projection for projection in ROWS.values()}
NAMES = (*ROW_PROJECTIONS, NAME, outstanding.NAME)
names_argument = click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar="[NAME]...")


@click.group()
def projections() -> None:
    """The read tables: list them, rebuild them from the log, verify them against it."""


@projections.command("list")
@org_option
@database_option
@json_option
def list_command(org_id: str | None, json_output: bool) -> None:
    """Show each projection: its version, rows, rows of older versions, and how far it is behind.

    \b
    Example: smartdhandha projections list
    """
    with session() as (conn, _):
        select_organizations(conn, org_id)
        found = [_row_state(conn, projection, org_id) for projection in ROW_PROJECTIONS.values()]
        found += [_usage_state(conn, org_id), _balances_state(conn, org_id)]
    show(found, json_output, render_table(found))


@projections.command("rebuild")
@names_argument
@org_option
@click.option("--skip", "position", type=click.IntRange(1), help="Leave out the event at this position (with --org).")
@database_option
@json_option
def rebuild_command(names: tuple[str, ...], org_id: str | None, position: int | None, json_output: bool) -> None:
    """Rebuild projections from the log, all of them unless named, while the service goes on.

    A whole table is built beside the served one and put in its place; with --org, one organization's rows are folded
    again in place. An event that cannot be taken stops that organization, and is named.

    \b
    Example: smartdhandha projections rebuild invoices
    Example: smartdhandha projections rebuild invoices --org org_01J… --skip 4711
    """
    if position is not None and (org_id is None or len(names) != 1 or names[0] not in ROW_PROJECTIONS):
        raise click.UsageError("--skip goes with --org and the name of one projection.")
    results, failures = [], []
    with session() as here:
        select_organizations(here.conn, org_id)
        for name in names or NAMES:
            result, seconds = _rebuild(here, name, org_id, position)
            failures += result.failures
            rate = round(result.events / seconds) if seconds else 0
            results.append(
                {
                    "name": name,
                    "events": result.events,
                    "rows": result.rows,
                    "seconds": round(seconds, 2),
                    "eventsPerSecond": rate,
                }
            )
    for failure in failures:
        note(f"Left as it was: {failure}")
    show({"rebuilt": results, "failures": failures}, json_output, render_table(results))
    if failures:
        raise SystemExit(1)


@projections.command("verify")
@names_argument
@org_option
@database_option
@json_option
def verify_command(names: tuple[str, ...], org_id: str | None, json_output: bool) -> None:
    """Compare projections with the log; name every difference, and end with status 1 if there is one.

    \b
    Example: smartdhandha projections verify
    """
    found: list[dict[str, Any]] = []
    failures: list[str] = []
    wanted = names or NAMES
    with session() as here:
        orgs = select_organizations(here.conn, org_id)
        with progress("verifying", len(orgs) * len(wanted)) as advance:
            for name in wanted:
                for org in orgs:
                    _verify(here, name, org, found, failures)
                    advance(1)
    for failure in failures:
        note(failure)
    human = "\n".join(
        f"{d['table']} {d['org']} {d['id']} {d['column']}: the log says {d['expected']}, stored is {d['stored']}"
        for d in found
    )
    show({"differences": found, "failures": failures}, json_output, human or f"No difference in {', '.join(wanted)}.")
    if found or failures:
        raise SystemExit(1)


def _verify(here: Session, name: str, org: str, found: list[dict[str, Any]], failures: list[str]) -> None:
    try:
        if name == NAME:
            differing = usage_differences(here.conn, org)
        elif name == outstanding.NAME:
            differing = balance_differences(here.conninfo, org)
        else:
            differing = differences(here.conninfo, ROW_PROJECTIONS[name], org)
        found += [
            {
                "table": d.table,
                "org": d.org_id,
                "id": d.id,
                "column": d.column,
                "expected": d.expected,
                "stored": d.stored,
            }
            for d in differing
        ]
    except UnreadableEvent as unreadable:
        failures.append(str(unreadable))


def _rebuild(here: Session, name: str, org_id: str | None, position: int | None) -> tuple[Rebuilt, float]:
    start, conn = time.monotonic(), here.conn
    if name == NAME:
        summed = usage.rebuild(conn, org_id)
        return Rebuilt(summed, 0, []), time.monotonic() - start
    if name == outstanding.NAME:
        return _rebuild_balances(conn, org_id), time.monotonic() - start
    projection = ROW_PROJECTIONS[name]
    if position is not None and org_id is not None:
        try:
            skip(conn, projection, org_id, position, getpass.getuser())
        except LookupError as error:
            raise click.UsageError(str(error)) from None
    with progress(f"rebuilding {name}", count_kind(conn, projection.kind, org_id)) as advance:
        if org_id is None and not projection.in_place:
            try:
                result = rebuild_table(here.conninfo, projection, advance)
            except (AnotherRebuild, TableLocked) as error:
                raise click.ClickException(str(error)) from None
        else:
            result = _in_place(conn, projection, select_organizations(conn, org_id), advance)
    return result, time.monotonic() - start


def _rebuild_balances(conn: Connection[Row], org_id: str | None) -> Rebuilt:
    events, failures, orgs = 0, [], select_organizations(conn, org_id)
    with progress(f"rebuilding {outstanding.NAME}", len(orgs)) as advance:
        for org in orgs:
            try:
                events += balances.rebuild(conn, org)
            except UnreadableEvent as unreadable:
                failures.append(str(unreadable))
            advance(1)
    return Rebuilt(events, balances.state(conn, org_id).rows, failures)


def _in_place(conn: Connection[Row], projection: RowProjection[Any], orgs: list[str], advance: Any) -> Rebuilt:
    events, rows, failures = 0, 0, []
    for org in orgs:
        try:
            part = rebuild_organization(conn, projection, org, advance)
            events, rows = events + part.events, rows + part.rows
        except UnreadableEvent as unreadable:
            failures.append(str(unreadable))
    return Rebuilt(events, rows, failures)


def _row_state(conn: Connection[Row], projection: RowProjection[Any], org_id: str | None) -> dict[str, Any]:
    row = conn.execute(
        f"SELECT count(*), count(*) FILTER (WHERE projection_version < %s) FROM {projection.table} "
        "WHERE %s::text IS NULL OR org_id = %s",
        (projection.version, org_id, org_id),
    ).fetchone()
    assert row is not None
    # Rows are written with their events, in one transaction: they are never behind.
    return {"name": projection.name, "version": projection.version, "rows": row[0], "older": row[1], "lag": 0}


def _usage_state(conn: Connection[Row], org_id: str | None) -> dict[str, Any]:
    rows = conn.execute(
        f"SELECT count(*) FROM {TABLE} WHERE %s::text IS NULL OR org_id = %s", (org_id, org_id)
    ).fetchone()
    lag = conn.execute(LAG, {"org": org_id}).fetchone()
    assert rows is not None and lag is not None
    return {"name": NAME, "version": 1, "rows": rows[0], "older": 0, "lag": int(lag[0])}


def _balances_state(conn: Connection[Row], org_id: str | None) -> dict[str, Any]:
    return {"name": outstanding.NAME, "version": outstanding.VERSION, **balances.state(conn, org_id)._asdict()}
