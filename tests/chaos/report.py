"""The table of a run: what was done, what was measured, and the goal."""

from __future__ import annotations

import math
import sys
from typing import NamedTuple


class Line(NamedTuple):
    what: str
    measured: str
    goal: str
    is_missed: bool


class Report:
    """The lines of one run. Each is written to standard error as soon as it is known."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.notes: list[str] = []

    def add(self, what: str, measured: str, goal: str, *, reached: bool) -> None:
        line = Line(what, measured, goal, not reached)
        self.lines.append(line)
        note("  " + _cells(line, 0, 0))

    def at_most(self, what: str, seconds: float, goal: float, detail: str = "") -> None:
        """Add a line about a time in seconds that is at most the goal."""
        measured = duration(seconds) + (f" ({detail})" if detail else "")
        self.add(what, measured, f"≤ {duration(goal)}", reached=seconds <= goal)

    def none(self, what: str, wrong: list[str], of: int) -> None:
        """Add a line about so many things, of which none may be wrong."""
        examples = f": {', '.join(sorted(set(wrong))[:3])}" if wrong else ""
        self.add(what, f"{len(wrong)} of {of}{examples}", "0", reached=not wrong and of > 0)

    def leave_out(self, text: str) -> None:
        """Say what was not measured, and why."""
        self.notes.append(text)
        note(f"  {text}")

    def text(self) -> str:
        """Return the table."""
        what = max((len(line.what) for line in self.lines), default=0) + 2
        measured = max((len(line.measured) for line in self.lines), default=0) + 2
        head = f"{'what':{what}}{'measured':{measured}}goal"
        return "\n".join([head, "-" * len(head), *(_cells(line, what, measured) for line in self.lines), *self.notes])


def duration(seconds: float) -> str:
    """Return seconds for people."""
    if math.isinf(seconds):
        return "never"
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _cells(line: Line, what: int, measured: int) -> str:
    return (
        f"{line.what + '  ':{what}}{line.measured + '  ':{measured}}{line.goal}{'  missed' if line.is_missed else ''}"
    )
