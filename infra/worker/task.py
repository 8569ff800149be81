"""A task of the background worker, and how it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from psycopg import Connection

from infra.postgres.database import Row


class TaskFailed(Exception):
    """A part of a task's work has failed. `done` is the number of items that were done."""

    def __init__(self, message: str, done: int) -> None:
        self.done = done
        super().__init__(message)


class Task(NamedTuple):
    """A function that the worker runs in the first round, and then in every n-th round.

    `run` returns the number of items that it has done. It raises TaskFailed when a part of its work has failed.
    """

    name: str
    run: Callable[[Connection[Row]], int]
    every_n_rounds: int = 1
    in_turns: bool = False
    """Whether one run does a part of the work of each organization. A round repeats it as long as much is done."""

    def is_due(self, round_number: int) -> bool:
        """Return whether the task runs in this round; the first round is 0."""
        return round_number % self.every_n_rounds == 0
