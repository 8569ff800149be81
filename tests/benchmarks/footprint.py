"""What one command uses: processor time and memory of its own processes and of the database sessions that it opens."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

import psutil

from tests.benchmarks.meter import tree_seconds
from tests.benchmarks.process import MEBIBYTE

_LOOK_SECONDS = 0.1


class Footprint(NamedTuple):
    """What the command used. The seconds of PostgreSQL are those of the whole server, also for other clients.

    The memory is what the processes do not share with others, at its highest.
    """

    python_seconds: float
    postgres_seconds: float
    python_mebibytes: int
    postgres_mebibytes: int


def run(command: Sequence[str], env: Mapping[str, str], postgres: int) -> tuple[bytes, Footprint]:
    """Run the command; return its output and what it used. `postgres` is the id of the server's first process.

    Raises SystemExit if the command fails; it has said why.
    """
    server = psutil.Process(postgres)
    others, before = {child.pid for child in server.children()}, tree_seconds(postgres)
    process = subprocess.Popen(command, env=dict(env), stdout=subprocess.PIPE)
    seconds: dict[int, float] = {}
    python = sessions = 0
    while process.poll() is None:
        with suppress(psutil.Error):
            own = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
            seconds |= {each.pid: sum(each.cpu_times()[:2]) for each in own}
            python = max(python, _unshared(own))
        sessions = max(sessions, _unshared(child for child in server.children() if child.pid not in others))
        time.sleep(_LOOK_SECONDS)
    assert process.stdout is not None
    output = process.stdout.read()  # the output is short, so the command does not wait for its reader
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with status {process.returncode}.")
    used = (sum(seconds.values()), tree_seconds(postgres) - before)
    return output, Footprint(round(used[0], 1), round(used[1], 1), python // MEBIBYTE, sessions // MEBIBYTE)


def _unshared(processes: Iterable[psutil.Process]) -> int:
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            total += process.memory_full_info().uss
    return total
