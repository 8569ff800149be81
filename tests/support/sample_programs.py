"""Runs code samples. One process runs all samples of a language, to save time."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import environment

_END = "=== end of a sample ==="
_DRIVERS = {
    "python": """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    print({end!r}, flush=True)
""",
    "javascript": """
import { pathToFileURL } from "node:url";
for (const path of process.argv.slice(2)) {
  await import(pathToFileURL(path));
  console.log({end!r});
}
""",
    "php": """<?php
foreach (array_slice($argv, 1) as $path) {
    (static function () use ($path) { include $path; })();
    echo PHP_EOL, {end!r}, PHP_EOL;
}
""",
    "curl": """
for path in "$@"; do . "$path"; printf '\\n%s\\n' {end!r}; done
""",
    "go": """
go build -ldflags='-s -w' -o program .
for path in "$@"; do ./program "$path"; printf '%s\\n' {end!r}; done
""",
}
_COMMANDS = {
    "python": [sys.executable, "-I"],
    "javascript": ["node"],
    "php": ["php"],
    "curl": ["bash", "-eu"],
    "go": ["bash", "-eu"],
}
_PROGRAMS = {"javascript": "node", "php": "php", "curl": "curl", "go": "go"}
_FILES = {"python": "{}.py", "javascript": "{}.mjs", "php": "{}.php", "curl": "{}.sh", "go": "{}.go"}


def run_samples(language: str, sources: Sequence[str], folder: Path, **env: str) -> list[str]:
    """Run samples one after the other; return what each has printed. Skip the test if the language is missing here.

    An exit status other than 0 fails the test.
    """
    if language == "go":
        sources = _in_one_program(sources, folder)
    program = _PROGRAMS.get(language)
    if program is not None and shutil.which(program) is None:
        pytest.skip(f"{program} is not installed here")
    paths = [_save(folder / _FILES[language].format(number), source) for number, source in enumerate(sources)]
    name = "driver.mjs" if language == "javascript" else "driver"
    driver = _save(folder / name, _DRIVERS[language].replace("{end!r}", repr(_END)))
    ran = subprocess.run(
        [*_COMMANDS[language], driver, *paths],
        cwd=folder, env=environment(no_proxy="*", **env), capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    outputs = ran.stdout.split(_END)
    assert len(outputs) == len(sources) + 1, f"{ran.stdout}\n{ran.stderr}"
    return outputs[:-1]


def _in_one_program(sources: Sequence[str], folder: Path) -> Sequence[str]:
    """Let several samples in Go be files of one program, because linking one takes longer than all else.

    Each file has its own imports, so a sample stays as it is but for the name of its function `main`. The program runs
    the sample whose file its argument names.
    """
    _save(folder / "go.mod", "module samples\n\ngo 1.19\n")
    if len(sources) == 1:
        return sources
    cases = "".join(f'\tcase "{folder / f"{number}.go"}":\n\t\tsample{number}()\n' for number in range(len(sources)))
    chosen = f'package main\n\nimport "os"\n\nfunc main() {{\n\tswitch os.Args[1] {{\n{cases}\t}}\n}}\n'
    _save(folder / "main.go", chosen)
    assert all(source.count("\nfunc main() {\n") == 1 for source in sources)
    return [source.replace("\nfunc main() {", f"\nfunc sample{number}() {{") for number, source in enumerate(sources)]


def printed_json(output: str) -> Any:
    """Return the JSON that a sample has printed, perhaps after the status of the response."""
    return json.loads(output[output.index("{") :])


def _save(path: Path, source: str) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return str(path)
