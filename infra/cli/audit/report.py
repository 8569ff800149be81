"""`smartdhandha audit report`: the edit log of a period for an auditor, as a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from functools import partial
from pathlib import Path

import click
from psycopg import Connection

from api.console.activity.edit_log.csv_file import CsvFile
from api.console.activity.edit_log.facts import Source
from api.console.activity.edit_log.pdf_file import MAX_LINES, PdfFile, TooManyLines
from api.console.activity.edit_log.xlsx_file import XlsxFile
from api.ports.reads import PrintingTimedOut
from domain.accounts.security_event import SecurityEventKind
from domain.reading import parse_date
from domain.reading.period import Days, parse_financial_year
from domain.text import counted
from infra.cli.audit.edit_log import EditLog, EditLogFile, check_edit_log
from infra.cli.audit.new_file import check_new, new_file
from infra.cli.base import Parsed, database_option, json_option, select_organizations, session
from infra.cli.output import show
from infra.identity.security_events import record_as_operator
from infra.postgres.database import Row
from infra.reads.objects.pdf.printer import Printer, PrintingFailed

CSV, XLSX, PDF = FORMATS = ".csv", ".xlsx", ".pdf"


@click.command("report")
@click.option("--org", "org_id", required=True, metavar="ID", help="The organization.")
@click.option(
    "--fy", "year", type=Parsed(parse_financial_year), metavar="YEAR", help="The financial year, such as 2025-26."
)
@click.option("--from", "first", type=Parsed(parse_date), metavar="DAY", help="The first day, instead of --fy.")
@click.option("--to", "last", type=Parsed(parse_date), metavar="DAY", help="The last day, together with --from.")
@click.option(
    "--out",
    "out_path",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write; its name ends in .csv, .xlsx or .pdf. It must not exist.",
)
@database_option
@json_option
def report_command(
    org_id: str, year: Days | None, first: date | None, last: date | None, out_path: Path, json_output: bool
) -> None:
    """Write the edit log of a financial year for an auditor: who changed what, when, from which value to which one.

    The hashes of the whole log are computed again before. If the chain is broken, the file says where and has no lines
    from there on, and the exit status is 1. A PDF has at most 5,000 lines.

    \b
    Example: smartdhandha audit report --org org_01J… --fy 2025-26 --out edit-log.xlsx
    """
    days = _days(year, first, last)
    suffix = _checked_suffix(check_new(out_path))
    with session() as (conn, _):
        select_organizations(conn, org_id)
        edit_log = check_edit_log(conn, org_id, days)
        period = {"from": str(days.first), "to": str(days.last)}
        with new_file(out_path) as path:
            with _opened(path, suffix, edit_log.source) as file:
                lines = _written(conn, edit_log, file)
            record_as_operator(conn, SecurityEventKind.LOG_EXPORTED, org_id, **period, format=suffix[1:])
    _show(out_path, edit_log, lines, json_output)


def _days(year: Days | None, first: date | None, last: date | None) -> Days:
    if (year is None) == (first is None) or (first is None) != (last is None):
        raise click.UsageError("Give either --fy, or --from and --to.")
    if year is not None:
        return year
    assert first is not None and last is not None
    if last < first:
        raise click.UsageError("The day of --to must not be before that of --from.")
    return Days(first, last)


def _checked_suffix(path: Path) -> str:
    if path.suffix not in FORMATS:
        raise click.UsageError("The name of the file must end in .csv, .xlsx or .pdf.")
    return path.suffix


@contextmanager
def _opened(path: Path, suffix: str, source: Source) -> Iterator[EditLogFile]:
    """Yield the file in the format that its suffix names."""
    if suffix == XLSX:
        yield XlsxFile(path, source.time_zone)
        return
    printer = Printer()
    with path.open("wb") as out, ExitStack() as stack:
        stack.callback(printer.stop)
        print_ = partial(printer.make, source.org_id)
        yield CsvFile(out, source.time_zone) if suffix == CSV else PdfFile(out, source.time_zone, print_)


def _written(conn: Connection[Row], edit_log: EditLog, file: EditLogFile) -> int:
    """Write the file, and return the number of its lines. Raises ClickException."""
    try:
        return edit_log.write(conn, file)
    except TooManyLines:
        raise click.ClickException(
            f"A PDF has at most {MAX_LINES} lines, and this edit log has more: end the name of the file with .csv, or "
            "give fewer days with --from and --to."
        ) from None
    except (PrintingTimedOut, PrintingFailed) as error:
        raise click.ClickException(
            f"The PDF could not be made: {error}. End the name of the file with .csv, or give fewer days with --from "
            "and --to."
        ) from None


def _show(path: Path, edit_log: EditLog, lines: int, json_output: bool) -> None:
    """Print what the file has and what was found. End with status 1 if the chain is broken."""
    check, period = edit_log.check, edit_log.log
    events = period.last.position - period.before.position
    result = {
        "file": str(path),
        "lines": lines,
        "events": events,
        "position": edit_log.source.head[0],
        "chainHash": edit_log.source.head[1],
        "brokenAt": check.broken_at,
        "reason": check.reason,
    }
    text = [f"{path}: {counted(lines, 'line')} about {counted(events, 'event')}"]
    if check.broken_at is None:
        text.append(f"The chain is whole from position {check.first} to position {check.last}.")
    else:
        text.append(f"THE CHAIN IS BROKEN at position {check.broken_at}: {check.reason}. The file ends before it.")
    show(result, json_output, text)
    if check.broken_at is not None:
        raise SystemExit(1)
