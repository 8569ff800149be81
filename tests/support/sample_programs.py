"""Runs code samples. One process runs all samples of a language, to save time."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import environment
from tests.support.interpreters import INTERPRETED, Interpreters

_END = "=== end of a sample ==="
_DRIVERS = {
    "curl": """
for path in "$@"; do . "$path"; printf '\\n%s\\n' {end!r}; done
""",
    "go": """
go build -ldflags='-s -w' -o program .
for path in "$@"; do ./program "$path"; printf '%s\\n' {end!r}; done
""",
}
_FILES = {"python": "{}.py", "javascript": "{}.mjs", "php": "{}.php", "curl": "{}.sh", "go": "{}.go"}


def run_samples(
    language: str, sources: Sequence[str], folder: Path, interpreters: Interpreters, **env: str
) -> list[str]:
    """Run samples one after the other; return what each has printed. Skip the test if the language is missing here.

    An exit status other than 0 fails the test.
    """
    if language not in INTERPRETED and shutil.which(language) is None:
        pytest.skip(f"{language} is not installed here")
    if language == "go":
        sources = _in_one_program(sources, folder)
    paths = [_save(folder / _FILES[language].format(number), source) for number, source in enumerate(sources)]
    variables = environment(no_proxy="*", **env)
    if language in INTERPRETED:
        return [interpreters.run(language, path, variables) for path in paths]
    return _run_by_shell(_DRIVERS[language].replace("{end!r}", repr(_END)), paths, variables)


def _run_by_shell(driver: str, paths: Sequence[Path], env: Mapping[str, str]) -> list[str]:
    ran = subprocess.run(
        ["bash", "-euc", driver, "bash", *paths],
        cwd=paths[0].parent, env=env, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    outputs = ran.stdout.split(_END)
    assert len(outputs) == len(paths) + 1, f"{ran.stdout}\n{ran.stderr}"
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


def _save(path: Path, source: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return path
