"""Files that only their owner may read: new ones, which appear when they are complete, and ones that are replaced."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click


def check_new(path: Path) -> Path:
    """Return the path if a file can be made there. Raises UsageError if there is one, or no folder for it."""
    if os.path.lexists(path):
        raise click.UsageError(f"{path} exists already: choose another name, or remove it first.")
    if not path.parent.is_dir():
        raise click.UsageError(f"There is no folder {path.parent}: make it first, or choose another.")
    return path


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Yield the path of an empty file with mode 0600 in a folder of its own, beside `path`. At the end of the block, it
    gets its name, and the folder is removed with all else that is in it.

    After an error, nothing is left. Raises ClickException if the file cannot be written.
    """
    try:
        with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            unfinished = Path(folder) / path.name
            unfinished.touch(mode=0o600)
            yield unfinished
            unfinished.rename(check_new(path))
    except OSError as error:
        raise click.ClickException(f"Cannot write {path}: {error.strerror}.") from None


def write_for_owner(path: Path, text: str) -> None:
    """Write a text to a file with mode 0600, in place of what is there. A pipe or a device keeps its mode.

    Raises ClickException if the file cannot be written.
    """
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as out:
            if stat.S_ISREG(os.fstat(out.fileno()).st_mode):
                os.fchmod(out.fileno(), 0o600)
                out.truncate()
            out.write(text)
    except OSError as error:
        raise click.ClickException(f"Cannot write {path}: {error.strerror}.") from None
