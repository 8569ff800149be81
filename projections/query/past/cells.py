"""Cells of time: where the rows of an instant are looked for among the rows of all times.

A row that stood for a time is in one cell: that of its beginning, in a grid whose step is at least as long as the row
stood. So at an instant, the row is in the cell of the instant or in the one before, in the grid of its length. The step
of a grid is four times that of the one before. An index that begins with the cell has no rows of distant times between.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_FIRST_STEP = timedelta(hours=16)
_GRIDS = 9
"""The last grid has a step of 119 years."""
_STEPS: list[timedelta] = [_FIRST_STEP * int(4**grid) for grid in range(_GRIDS)]
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_CELLS_OF_GRID = 10**9


def cell_of(begin: datetime, end: datetime) -> int:
    """Return the cell of a row that stood from `begin` until `end`."""
    grid = next((number for number, step in enumerate(_STEPS) if end - begin <= step), _GRIDS - 1)
    return _number(grid, begin)


def cells_at(at: datetime) -> list[int]:
    """Return the cells in which every row is that stood at an instant."""
    return [cell - before for cell in (_number(grid, at) for grid in range(_GRIDS)) for before in (0, 1)]


def _number(grid: int, at: datetime) -> int:
    place: int = (at - _BEGIN) // _STEPS[grid]
    return grid * _CELLS_OF_GRID + place
