"""Runs tests of changed copies of the tree, each in a fork of one process, which has imported pytest and the libraries.

That process imports nothing of the tree, so a fork imports the modules of its copy. `python toy_checks.py` is that
process: it forks for each line of its input, and answers with a line that has the exit status of pytest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

_LIBRARIES = (
    "click.testing, cryptography.fernet, eventsourcing.persistence, falcon.testing, httpx, jinja2, markdown_it, "
    "msgspec, prometheus_client, psutil, psycopg_pool, pygments.lexers"
)
"""What takes long to import, among what the tests and the service import."""


class Checker:
    """Runs tests of copies of the tree until `close`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/", text=True
        )

    def check(self, root: Path, tests: tuple[str, ...], environ: dict[str, str]) -> None:
        """Run these tests in the copy. Fails with their output unless all pass."""
        output = root.with_suffix(".log")
        order = {"root": str(root), "tests": tests, "environ": environ, "output": str(output)}
        stdin, stdout = self._pipes()
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        status = stdout.readline()
        assert status == "0\n", output.read_text(encoding="utf-8")

    def close(self) -> None:
        for pipe in self._pipes():
            pipe.close()
        self._process.wait()

    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin is not None and self._process.stdout is not None
        return self._process.stdin, self._process.stdout


def _run(root: str, tests: list[str], environ: dict[str, str], output: str) -> int:
    """Run tests as `python -m pytest` does in this folder, and write what they say to a file."""
    with Path(output).open("wb") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    os.chdir(root)
    os.environ.update(environ, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", PYTHONPATH=root)
    sys.path[0] = root
    return int(pytest.main(["-q", "-p", "no:cacheprovider", "--noconftest", *tests]))


def _wait_for_orders() -> None:
    for line in sys.stdin:
        if (forked := os.fork()) == 0:
            status = 1
            try:
                status = _run(**json.loads(line))
            finally:
                sys.stdout.flush()
                os._exit(status)
        print(os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]), flush=True)


if __name__ == "__main__":
    # The modules that were compiled before a change stay: the next change must not find those of this one.
    sys.dont_write_bytecode = True
    exec(f"import {_LIBRARIES}")  # noqa: S102 -- the names above
    _wait_for_orders()
