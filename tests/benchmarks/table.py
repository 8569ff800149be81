"""The goals of docs/performance.md, and the two tables of a run: how we compare, and what a request costs."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import Any, NamedTuple

Measurements = Mapping[str, list[dict[str, Any]]]
"""The figures of each round, for each name of a measurement: what is done, and who does it."""


class Goal(NamedTuple):
    """A line of the table: our figure compared with another one, or with the goal itself when `other` is empty.

    `at_most`: less is better.
    """

    what: str
    ours: str
    other: str
    is_limit: bool
    goal: float
    at_most: bool = False
    figure: str = "rate"


GOALS = (
    Goal("create, against FastAPI", "create ours", "create FastAPI", False, 4),
    Goal("create, against Django REST", "create ours", "create Django REST", False, 6),
    Goal("list, against FastAPI", "list ours", "list FastAPI", False, 6),
    Goal("list, against Django REST", "list ours", "list Django REST", False, 8),
    Goal("list, against pgbench", "list ours", "list pgbench", True, 0.5),
    Goal("PATCH, against the create", "patch ours", "create ours", True, 1),
    Goal("constant, against gunicorn's gthread", "constant ours", "constant gthread", False, 3),
    Goal("fairness: p99 beside another's flood (ms)", "flooded ours", "alone ours", True, 3, True, "p99"),
    Goal("append, against the stock library", "append ours", "append stock", False, 3),
    Goal("append, against pgbench", "append ours", "append pgbench", True, 0.6),
    Goal("command with its row, against the stock library", "command ours", "append stock", False, 3),
    Goal("command with its row, against pgbench", "command ours", "command pgbench", True, 0.6),
    Goal("load 5 events (ms)", "load 5 ours", "load 5 stock", False, 0.35, True),
    Goal("load 50 events (ms)", "load 50 ours", "load 50 stock", False, 0.15, True),
    Goal("load 500 events (ms)", "load 500 ours", "load 500 stock", False, 0.1, True),
    Goal("admission of 1 key, against a bare INSERT", "admit 1", "bare insert", True, 0.15),
    Goal("admission of 100 keys, against a bare INSERT", "admit 100", "bare insert", True, 0.4),
    Goal("memory of a server process after 100,000 requests (MiB)", "memory ours", "", True, 90, True),
    Goal("start with a new database (s)", "start new", "", True, 5, True),
    Goal("start with its own database (s)", "start again", "", True, 2, True),
)
COST_GOALS = {"list ours": (350, 450), "create ours": (600, 600)}
"""The most µs of processor time that a request may take, in Python and in PostgreSQL."""
WORKS = ("create", "list", "patch", "constant")
_LEFT_OUT = {"create Django REST", "list Django REST"}
"""What a quick run does not measure. The table has no line for it."""


def medians(rounds: list[dict[str, Any]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {figure: median(one[figure] for one in rounds) for figure in rounds[0]}


def compare(measurements: Measurements) -> list[dict[str, Any]]:
    """Return the lines of the table: one for each goal whose figure of ours was measured."""
    return [line for goal in GOALS if (line := _line(goal, measurements))]


def costs(measurements: Measurements) -> list[dict[str, Any]]:
    """Return what a request of each kind costs: rate, latencies in ms, processor time in µs and its goals."""
    names = sorted(
        (name for name, rounds in measurements.items() if name.partition(" ")[0] in WORKS and "python" in rounds[0]),
        key=lambda name: WORKS.index(name.partition(" ")[0]),
    )
    lines = []
    for name in names:
        work, _, target = name.partition(" ")
        python, postgres = COST_GOALS.get(name, (None, None))
        figures = {key: value for key, value in medians(measurements[name]).items() if key != "foreign"}
        lines.append(
            {"what": work, "who": target, **figures, "python_goal": python, "postgres_goal": postgres},
        )
    return lines


def comparison_text(lines: list[dict[str, Any]]) -> str:
    """Return the lines of `compare` as a table."""
    head = f"{'what':58}{'ours':>10}{'peer':>10}{'limit':>10}{'ratio':>8}  goal"
    body = [
        f"{line['what']:58}{_cell(line['ours'])}{_cell(line['peer'])}{_cell(line['limit'])}"
        f"{'-' if line['ratio'] is None else format(line['ratio'], '.2f'):>8}  {line['goal']}"
        f"{'' if line['reached'] is None or line['reached'] else '  missed'}"
        for line in lines
    ]
    return "\n".join([head, "-" * len(head), *body])


def costs_text(lines: list[dict[str, Any]]) -> str:
    """Return the lines of `costs` as a table."""
    head = f"{'one request':24}{'per s':>10}{'p50 ms':>10}{'p99 ms':>10}{'Python µs':>12}{'PostgreSQL µs':>15}  goal"
    body = [
        f"{line['what'] + ' ' + line['who']:24}{_cell(line['rate'])}{_cell(line['p50'])}{_cell(line['p99'])}"
        f"{line['python']:>12,.0f}{line['postgres']:>15,.0f}{_cost_goal(line)}"
        for line in lines
    ]
    return "\n".join([head, "-" * len(head), *body])


def _line(goal: Goal, measurements: Measurements) -> dict[str, Any] | None:
    if goal.ours not in measurements or goal.other in _LEFT_OUT - set(measurements):
        return None
    ours, other = _figure(measurements, goal.ours, goal.figure), _figure(measurements, goal.other, goal.figure)
    ratio = ours / other if ours and other else None
    compared = ratio if goal.other else ours
    reached = None if compared is None else compared <= goal.goal if goal.at_most else compared >= goal.goal
    return {
        "what": goal.what,
        "ours": ours,
        "peer": None if goal.is_limit else other,
        "limit": other if goal.is_limit else None,
        "ratio": ratio,
        "goal": f"{'≤' if goal.at_most else '≥'} {goal.goal:g}",
        "reached": reached,
    }


def _figure(measurements: Measurements, name: str, figure: str) -> float | None:
    return medians(measurements[name])[figure] if name in measurements else None


def _cost_goal(line: dict[str, Any]) -> str:
    if line["python_goal"] is None:
        return ""
    missed = line["python"] > line["python_goal"] or line["postgres"] > line["postgres_goal"]
    return f"  ≤ {line['python_goal']} + {line['postgres_goal']}{'  missed' if missed else ''}"


def _cell(value: float | None) -> str:
    return f"{'-' if value is None else format(value, ',.0f') if value >= 100 else format(value, ',.2f'):>10}"
