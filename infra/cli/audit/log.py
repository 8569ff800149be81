"""`smartdhandha audit log`: prints an organization's log, and follows new events."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import click
import msgspec
import psycopg
from psycopg import Connection

from infra.audit import replay
from infra.cli.base import database_option, json_option, select_organizations, session
from infra.cli.output import note, show
from infra.log.heads import get_position
from infra.log.reading.pages import stream_log
from infra.log.records import RecordedEvent
from infra.postgres.database import DatabaseUnreachable, Row, connect_as_table_owner

POLL_SECONDS = 0.5
RECONNECT_SECONDS = 1.0


@click.command("log")
@click.option("--after", type=click.IntRange(0), default=0, show_default=True, help="Begin after this position.")
@click.option("--follow", is_flag=True, help="Wait for new events and print them, until Ctrl-C.")
@click.option("--org", "org_id", required=True, metavar="ID", help="The organization of the log.")
@database_option
@json_option
def log_command(after: int, follow: bool, org_id: str, json_output: bool) -> None:
    """Print an organization's log, one event per line. With --follow, continue after a restart of the database.

    \b
    Example: smartdhandha audit log --org org_01J… --after 1200 --follow
    """
    with session() as here:
        select_organizations(here.conn, org_id)
        printer = _LogPrinter(org_id, after, json_output)
        try:
            printer.print_new(here.conn)
            while follow:
                _follow(here.conninfo, printer)
        except KeyboardInterrupt:
            return


class _LogPrinter:
    """Prints a log. It remembers the last printed position, so that it can go on from it on another connection."""

    def __init__(self, org_id: str, after: int, json_output: bool) -> None:
        self._org_id, self._last, self._json_output = org_id, after, json_output

    def print_new(self, conn: Connection[Row]) -> None:
        """Print the events after the last position. Raises UsageError when the log ends before that position."""
        head = get_position(conn, self._org_id)
        if self._last > head:
            raise click.UsageError(
                f"There is no position {self._last} in this log; its last position is {head}. If the database was "
                "restored from a backup, use --after with a position before the backup."
            )
        for record in stream_log(conn, self._org_id, self._last):
            entry = replay.entry(record, self._org_id)
            show(entry, self._json_output, _line(record, entry))
            self._last = record.position


def _line(record: RecordedEvent, entry: Mapping[str, Any]) -> str:
    actor = f"{entry['actor']['type']} {entry['actor']['id']}"
    data = msgspec.json.encode(entry["data"]).decode()
    return f"{record.position:>8}  {entry['at']}  {record.name:<24}  {record.originator_id}  {actor}  {data}"


def _follow(conninfo: str, printer: _LogPrinter) -> None:
    """Print new events until the connection is lost. Then return, so that the caller can call this again."""
    try:
        with connect_as_table_owner(conninfo) as conn:
            while True:
                printer.print_new(conn)
                time.sleep(POLL_SECONDS)
    except (DatabaseUnreachable, psycopg.OperationalError) as error:
        note(f"The connection to the database was lost; connecting again: {' '.join(str(error).split())}")
        time.sleep(RECONNECT_SECONDS)
