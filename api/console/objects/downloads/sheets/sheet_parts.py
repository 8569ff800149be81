"""The parts of a sheet in XLSX around its cells.

Source: ECMA-376, part 1, 18.3 (worksheets).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from api.console.objects.downloads.sheets.workbook import MAIN

SHEET_END = "</sheetData></worksheet>"


def sheet_head(widths: Sequence[int], *, frozen: bool = True) -> str:
    """Return the beginning of a sheet with columns of these widths. A frozen first row stays in sight."""
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if frozen else ""
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(widths, 1)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{MAIN}"><sheetViews>'
        f'<sheetView workbookViewId="0">{pane}</sheetView></sheetViews><cols>{columns}</cols><sheetData>'
    )


def sheet_row(number: int, cells: Iterable[str]) -> str:
    """Return a row with these cells. The first one is 1."""
    return f'<row r="{number}">{"".join(cells)}</row>'
