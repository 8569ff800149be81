"""Shows the progress of a long command on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from infra.cli.output import note


@contextmanager
def progress(task: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yield a function that adds to the number of finished steps. `total` is the number of all steps.

    On a terminal, a bar shows the progress. Elsewhere, a line is printed after each tenth of the steps.
    """
    if sys.stderr.isatty():
        # Elsewhere it is not needed, and it takes longer to import than many a command runs.
        from rich import progress as bars  # noqa: PLC0415
        from rich.console import Console  # noqa: PLC0415

        columns = (bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn())
        times = (bars.TimeElapsedColumn(), bars.TimeRemainingColumn())
        with bars.Progress(*columns, *times, console=Console(stderr=True), transient=True) as bar:
            task_id = bar.add_task(task, total=total)
            yield lambda count: bar.advance(task_id, count)
        return
    lines = _Lines(task, total)
    yield lines.advance
    lines.finish()


class _Lines:
    """Prints a line after each tenth of the steps."""

    def __init__(self, task: str, total: int) -> None:
        self._task, self._total, self._done, self._printed_tenths = task, total, 0, 0

    def advance(self, count: int) -> None:
        self._done += count
        tenths = self._done * 10 // self._total if self._total else 10
        if tenths > self._printed_tenths:
            self._printed_tenths = tenths
            self._print()

    def finish(self) -> None:
        if self._printed_tenths < 10:
            self._print()

    def _print(self) -> None:
        note(f"{self._task}: {self._done} of {self._total}")
