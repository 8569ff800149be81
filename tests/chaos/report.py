"""The lines of a scenario: what was done, what was measured, and the goal; and the table of a whole run."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.chaos.load.load import Load


class Line(NamedTuple):
    what: str
    measured: str
    goal: str
    is_missed: bool
    is_timed: bool = False
    """Whether the goal is a duration, which a busy machine may miss."""


class Report:
    """The lines of one scenario. Each is written to standard error as soon as it is known."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.notes: list[str] = []
        self.requests = self.acknowledged = 0
        """How many requests of the load were answered, and how many writes were acknowledged."""

    def add(self, what: str, measured: str, goal: str, *, reached: bool, is_timed: bool = False) -> None:
        line = Line(what, measured, goal, not reached, is_timed)
        self.lines.append(line)
        note("  " + _cells(line, 0, 0))

    def at_most(self, what: str, seconds: float, goal: float, detail: str = "") -> None:
        """Add a line about a time in seconds that is at most the goal."""
        measured = duration(seconds) + (f" ({detail})" if detail else "")
        self.add(what, measured, f"≤ {duration(goal)}", reached=seconds <= goal, is_timed=not math.isinf(seconds))

    def none(self, what: str, wrong: Sequence[str], of: int) -> None:
        """Add a line about so many things, of which none may be wrong."""
        examples = f": {', '.join(sorted(set(wrong))[:3])}" if wrong else ""
        self.add(what, f"{len(wrong)} of {of}{examples}", "0", reached=not wrong and of > 0)

    def count(self, load: Load) -> None:
        """Add the requests and the writes of a load that has ended."""
        self.requests += load.answers
        self.acknowledged += load.outcomes()["acknowledged"]

    def leave_out(self, text: str) -> None:
        """Say what was not measured, and why."""
        self.notes.append(text)
        note(f"  {text}")

    @property
    def missed(self) -> list[Line]:
        return [line for line in self.lines if line.is_missed]

    @property
    def broken(self) -> list[Line]:
        """The lines whose goal was missed and is no duration."""
        return [line for line in self.missed if not line.is_timed]

    def text(self) -> str:
        """Return the table of the lines."""
        what = max((len(line.what) for line in self.lines), default=0) + 2
        measured = max((len(line.measured) for line in self.lines), default=0) + 2
        head = f"{'what':{what}}{'measured':{measured}}goal"
        return "\n".join([head, "-" * len(head), *(_cells(line, what, measured) for line in self.lines), *self.notes])


def summary(scenarios: Mapping[str, tuple[Report, float]]) -> str:
    """Return the table of a run: one line for each scenario, with the seconds that it took."""
    head = f"{'scenario':12}{'goals':>9}{'requests':>10}{'writes':>8}{'seconds':>9}"
    lines = [head, "-" * len(head)]
    for name, (report, seconds) in scenarios.items():
        goals = f"{len(report.lines) - len(report.missed)} of {len(report.lines)}"
        figures = f"{name:12}{goals:>9}{report.requests or '':>10}{report.acknowledged or '':>8}{seconds:>9.0f}"
        missed = "  missed: " + "; ".join(f"{line.what} {line.measured}" for line in report.missed)
        lines.append(figures + (missed if report.missed else "") + "".join(f"  {it}" for it in report.notes))
    return "\n".join(lines)


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
