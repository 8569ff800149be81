"""Compare an edit log line by line: with a naive reading of the events, and as XLSX with itself as CSV.

python -m tests.benchmarks.edit_log events CONNINFO ORGANIZATION CSV
python -m tests.benchmarks.edit_log sheets CSV XLSX

Prints the number of lines as JSON. Ends with status 1 at the first difference, which it names.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

from infra.log.reading.pages import stream_log
from infra.postgres.database import connect_as_table_owner
from tests.support.edit_logs import cell_of, read_naively, stream_csv, stream_xlsx, without_zeros


def compare_with_events(conninfo: str, org_id: str, csv_path: str) -> int:
    """Compare the lines in CSV with what the JSON of the events says. Return how many there are."""
    written = (cell_of(line) for line in stream_csv(Path(csv_path)))
    with connect_as_table_owner(conninfo) as conn:
        return _compare(_by_event(written), _by_event(read_naively(stream_log(conn, org_id))))


def compare_sheets(csv_path: str, xlsx_path: str) -> int:
    """Compare the rows of all sheets with the lines in CSV. Return how many there are."""
    lines = (without_zeros([line]) for line in stream_csv(Path(csv_path)))
    rows = (without_zeros([row]) for row in stream_xlsx(Path(xlsx_path)))
    return _compare(rows, lines)


def _by_event(cells: Iterator[Any]) -> Iterator[list[Any]]:
    """Yield what the lines of each event say, in an order of their own: that of the fields is left open."""
    for _, each in groupby(cells, lambda cell: cell.position):
        yield sorted(each)


def _compare(found: Iterator[list[Any]], expected: Iterator[list[Any]]) -> int:
    lines = 0
    for one, other in zip_longest(found, expected):
        if one != other:
            raise SystemExit(f"After {lines} lines, {one} stands where {other} was expected.")
        lines += len(one)
    return lines


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    lines = compare_sheets(*arguments) if what == "sheets" else compare_with_events(*arguments)
    print(json.dumps({"lines": lines}))
