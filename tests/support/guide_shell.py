"""A shell that stays: it runs the commands of a guide one after the other, as in the terminal of a reader."""

from __future__ import annotations

import select
import subprocess
from collections.abc import Mapping
from pathlib import Path

_LOOP = """
set -a
while read -r _script; do . "$_script" > "$_script.out" 2> "$_script.err" < /dev/null; echo; done
"""
"""Runs the script of each line, and answers with an empty line. A command that fails ends the shell."""
_SECONDS = 60


class Shell:
    """Runs commands of bash in a folder until `close`. Variables stay, and programs see them."""

    def __init__(self, folder: Path, env: Mapping[str, str]) -> None:
        self._scripts = folder / ".scripts"
        self._scripts.mkdir()
        self._count = 0
        self._bash = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", _LOOP],
            cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, source: str) -> str:
        """Return the output of the commands; an exit status other than 0 fails the test."""
        self._count += 1
        script = self._scripts / str(self._count)
        script.write_text(source, encoding="utf-8")
        assert self._bash.stdin is not None and self._bash.stdout is not None
        self._bash.stdin.write(f"{script}\n".encode())
        self._bash.stdin.flush()
        assert select.select([self._bash.stdout], [], [], _SECONDS)[0], f"it runs for {_SECONDS} seconds:\n{source}"
        has_ended = self._bash.stdout.readline() == b""
        out, err = (script.with_name(f"{script.name}.{each}").read_text("utf-8") for each in ("out", "err"))
        assert not has_ended, f"{source}\n{out}\n{err}"
        return out

    def environment(self) -> dict[str, str]:
        """Return the variables that programs see."""
        return dict(each.split("=", 1) for each in self.run("env -0").split("\0") if each)

    def close(self) -> None:
        """End the shell, also if a command still runs."""
        self._bash.kill()
        self._bash.communicate()
