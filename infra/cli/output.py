"""The output of the command line.

Only this module writes to the terminal. Some characters move the cursor, begin another line or reverse the direction of
a line. `printable` replaces such characters with their codes, so that texts which other people wrote cannot look like
messages of this service. JSON contains texts as they are stored.
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
"""The exit status when the program that reads the output has ended: 128 and the number of SIGPIPE, as in a shell."""


def show(value: Any, json_output: bool, lines: str | Iterable[str]) -> None:
    """Print a result on standard output: `value` as JSON, or `lines` for people. A string counts as one line."""
    if json_output:
        show_json(value)
    else:
        show_lines(lines)


def show_json(value: Any) -> None:
    """Print a value on standard output as one line of JSON. Texts in it are printed as they are stored."""
    _write(msgspec.json.encode(value, enc_hook=str) + b"\n", is_error=False)


def show_lines(lines: str | Iterable[str]) -> None:
    """Print lines on standard output."""
    _write(_bytes(lines, sys.stdout), is_error=False)


def note(lines: str | Iterable[str]) -> None:
    """Print messages on standard error, one per line. Standard output is for data."""
    _write(_bytes(lines, sys.stderr), is_error=True)


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Yield standard output for bytes, which are written unchanged."""
    out = sys.stdout.buffer
    with _named_failures():
        yield out
        out.flush()


@contextmanager
def exit_status() -> Iterator[None]:
    """Run the block, and print its unexpected errors with `note_fault`.

    If the program that reads the output ends, end this program without a message, as other Unix programs do.
    """
    sys.excepthook = note_fault
    try:
        yield
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BrokenPipeError:
        _end()


def note_fault(type_: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Print the traceback of an unexpected error in printable lines, because its message may quote any text."""
    with suppress(OSError):
        for text in traceback.format_exception(type_, fault, trace):
            note(text.splitlines())


def _bytes(lines: str | Iterable[str], stream: TextIO) -> bytes:
    """Return the lines in the encoding of the stream. A character that the encoding lacks is written as its code."""
    each = (lines,) if isinstance(lines, str) else lines
    return "".join(f"{printable(line)}\n" for line in each).encode(stream.encoding or "utf-8", "backslashreplace")


def _write(line: bytes, *, is_error: bool) -> None:
    with _named_failures():
        click.echo(line, nl=False, err=is_error)


@contextmanager
def _named_failures() -> Iterator[None]:
    """Turn an error of writing the output, such as a full disk, into one message.

    If the output is a pipe without a reader, end the command.
    """
    try:
        yield
    except BrokenPipeError:
        _end()
    except OSError as error:
        _discard_output(sys.stdout)
        raise click.ClickException(f"The output cannot be written: {error.strerror}.") from None


def _end() -> NoReturn:
    """End the command with the status CLOSED_PIPE, before click can end it with status 1."""
    _discard_output(sys.stdout, sys.stderr)
    sys.exit(CLOSED_PIPE)


def _discard_output(*streams: TextIO) -> None:
    """Discard the data in the streams' buffers. Python would otherwise write the data at exit, and fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
