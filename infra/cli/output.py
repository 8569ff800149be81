"""What the command line writes. Nothing else writes, so that no text of others is printed as words of this service.

A line is always one line. What is in it may come from anybody: `printable` shows what would move the cursor, begin
another line or turn the line round. Only JSON holds texts as they are stored.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, BinaryIO, NoReturn, TextIO

import click
import msgspec

from api.pages.printable import printable

CLOSED_PIPE = 128 + 13
"""The exit status of a command whose reader has gone: that of programs which are ended by SIGPIPE."""


def show(value: Any, json_output: bool, lines: str | Iterable[str]) -> None:
    """Print the result on standard output: the value as JSON, or the lines for people. A text is one line."""
    if json_output:
        show_json(value)
    else:
        show_lines(lines)


def show_json(value: Any) -> None:
    """Print a value on standard output as one line of JSON, with its texts as they are stored."""
    _write(msgspec.json.encode(value, enc_hook=str) + b"\n", is_error=False)


def show_lines(lines: str | Iterable[str]) -> None:
    """Print lines on standard output."""
    _write(_bytes(lines, sys.stdout), is_error=False)


def note(lines: str | Iterable[str]) -> None:
    """Print messages on standard error, one a line; standard output is for data."""
    _write(_bytes(lines, sys.stderr), is_error=True)


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Yield standard output for a copy of bytes, which are written as they are."""
    out = sys.stdout.buffer
    with _named_failures():
        yield out
        out.flush()


@contextmanager
def exit_status() -> Iterator[None]:
    """Let the commands of this block end as Unix programs do: nothing more is said when the reader has gone."""
    sys.excepthook = note_fault
    try:
        yield
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BrokenPipeError:
        _end()


def note_fault(type_: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Print the trace of an unexpected fault, whose message may quote anybody's text."""
    with suppress(OSError):
        for text in traceback.format_exception(type_, fault, trace):
            note(text.splitlines())


def _bytes(lines: str | Iterable[str], stream: TextIO) -> bytes:
    """Return the lines as the terminal's locale writes them; a character that it lacks is shown by its code, too."""
    each = (lines,) if isinstance(lines, str) else lines
    return "".join(f"{printable(line)}\n" for line in each).encode(stream.encoding or "utf-8", "backslashreplace")


def _write(line: bytes, *, is_error: bool) -> None:
    with _named_failures():
        click.echo(line, nl=False, err=is_error)


@contextmanager
def _named_failures() -> Iterator[None]:
    """Let an output that fails, such as on a full disk, be one message. A pipe without a reader ends the command."""
    try:
        yield
    except BrokenPipeError:
        _end()
    except OSError as error:
        _discard_output(sys.stdout)
        raise click.ClickException(f"The output cannot be written: {error.strerror}.") from None


def _end() -> NoReturn:
    """End the command. click would end it with status 1."""
    _discard_output(sys.stdout, sys.stderr)
    sys.exit(CLOSED_PIPE)


def _discard_output(*streams: TextIO) -> None:
    """Let what is still buffered go nowhere when the interpreter ends: it would fail once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
