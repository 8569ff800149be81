"""A copy of the tree in which a test makes a change, to see which files the change needs."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.architecture.toy_checks import Checker
from tests.architecture.tree import ROOMS, ROOT, section

TOYS = Path("tests/architecture/toys")
_COPIED = (*ROOMS, "tests", "docs", "setup.cfg", ".env.example", ".mypy_cache")
"""With the compiled modules and the cache of mypy, if there is one, so that a check reads only what was changed."""


def copy_tree(folder: Path) -> None:
    """Copy the project into an empty folder. Files keep their modification times: compiled modules stay valid."""
    present = [ROOT / name for name in _COPIED if (ROOT / name).exists()]
    subprocess.run(["cp", "-a", "--reflink=auto", *present, folder], check=True)


class ToyTree:
    """A copy of the project in a temporary folder. `undo` takes back what was changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._changed: set[str] = set()

    def undo(self) -> None:
        """Make the copy equal to the project again."""
        for path in self._changed:
            if (ROOT / path).exists():
                shutil.copy2(ROOT / path, self.root / path)
            else:
                (self.root / path).unlink()

    def insert(self, path: str, *lines: str, below: str) -> None:
        """Insert lines below the first line that reads exactly `below`, which must be there."""
        present = self._read(path).splitlines()
        assert below in present, f"{path} has no line {below!r}; adapt this test"
        place = present.index(below) + 1
        self._write(path, "\n".join([*present[:place], *lines, *present[place:], ""]))

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace the first occurrence of a text, which must be there."""
        text = self._read(path)
        assert old in text, f"{path} does not contain {old!r}; adapt this test"
        self._write(path, text.replace(old, new, 1))

    def register(self, path: str, module: str, name: str, *, below: str) -> None:
        """Add the name to a registry: a line below that of another name, and its import."""
        line = re.search(rf"^ +{below},$", self._read(path), re.MULTILINE)
        assert line, f"{path} has no line for {below}; adapt this test"
        self.insert(path, line[0].replace(below, name), below=line[0])
        self.insert(path, f"from {module} import {name}", below="from __future__ import annotations")

    def append(self, path: str, text: str) -> None:
        """Add text at the end of a file."""
        self._write(path, self._read(path) + text)

    def add(self, path: str, toy: str) -> None:
        """Add a new file: the toy of that name."""
        self._write(path, (ROOT / TOYS / toy).read_text(encoding="utf-8"))

    def next_migration(self) -> str:
        """Return the number of the next migration, such as `0008`."""
        numbers = [int(path.name[:4]) for path in (self.root / "infra/postgres/migrations").glob("*.sql")]
        return f"{max(numbers) + 1:04}"

    def touched(self) -> set[str]:
        """Return every file of the copy that is new or differs from the original."""
        files = {path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file()}
        generated = re.compile(r"(^|/)(__pycache__|\.[a-z_]+_cache)/")
        return {
            file.as_posix()
            for file in files
            if not generated.search(file.as_posix())
            and not ((ROOT / file).is_file() and filecmp.cmp(self.root / file, ROOT / file, shallow=False))
        }

    def _read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def _write(self, path: str, text: str) -> None:
        self._changed.add(path)
        (self.root / path).write_text(text, encoding="utf-8")


class CheckedTree(ToyTree):
    """The same, with checks of what was changed."""

    def __init__(self, root: Path, checker: Checker) -> None:
        super().__init__(root)
        self._checker = checker

    def check(self, *tests: str, **environ: str) -> None:
        """Run these tests in the copy, in a process of its own. Fails with their output unless all pass."""
        self._checker.check(self.root, tests, environ)

    def check_types(self) -> None:
        """Run mypy on the rooms of the copy. Fails with its output unless they are free of errors."""
        packages = [option for room in ROOMS for option in ("--package", room)]
        self._run([sys.executable, "-m", "mypy", "--no-warn-unused-configs", *packages])

    def check_imports(self) -> None:
        """Check the import contracts of the copy. Fails with what breaks them."""
        self._run([str(Path(sys.executable).with_name("lint-imports"))], PYTHONPATH=str(self.root))

    def _run(self, command: list[str], **environ: str) -> None:
        """Run a command in the copy. Fails with its output unless it succeeds."""
        variables = {**os.environ, **environ}
        run = subprocess.run(command, cwd=self.root, env=variables, capture_output=True, text=True, check=False)
        assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"


def rows() -> list[str]:
    """Return the changes of the table in ARCHITECTURE.md."""
    return re.findall(r"^\| (?!change \|)(.*?) \|", _table(), re.MULTILINE)


def files_of_row(change: str, **names: str) -> set[str]:
    """Return the files that ARCHITECTURE.md names for a change, with its placeholders (`<name>`) filled in."""
    row = next((line for line in _table().splitlines() if line.startswith(f"| {change} |")), None)
    assert row, f"ARCHITECTURE.md has no row '{change}'"
    paths = re.findall(r"`([\w./<>-]+/[\w./<>-]+|\.[\w.]+|setup\.cfg)`", row)
    return {re.sub(r"<(\w+)>", lambda placeholder: names[placeholder[1]], path) for path in paths}


def _table() -> str:
    return section((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8"), "Where a change goes")
