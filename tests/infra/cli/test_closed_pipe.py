"""A command whose reader has gone, as in `smartdhandha org list | head`, ends silently with the status of SIGPIPE."""

import os
import shlex
import subprocess

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import COMMAND, without_log
from tests.support.fork_server import start_process

CLOSED_PIPE = 141
COMMANDS = {
    "a list": ("org", "list"),
    "a list as JSON": ("org", "list", "--json"),
    "keys": ("key", "list", "--org", "ORG"),
    "users": ("user", "list", "--org", "ORG"),
    "projections": ("projections", "list"),
    "a sentence": ("db", "status"),
    "a log": ("audit", "log", "--org", "ORG"),
    "a log that is followed": ("audit", "log", "--follow", "--org", "ORG", "--json"),
    "a history": ("audit", "history", "OBJECT"),
    "states": ("audit", "replay", "OBJECT"),
    "a copy": ("audit", "export", "--out", "-"),
    "a new object": ("org", "create", "Sharma Textiles"),
}


@pytest.fixture(scope="module")
def books(database):
    with connect_as_table_owner(database) as conn:
        new_books = Books(conn)
        yield new_books, new_books.sent_invoice()


def end(words, env, *, closed):
    """Run a command with one stream as a pipe that nobody reads; return its status and what it wrote on the other."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        out, err = (writing, subprocess.PIPE) if closed == "stdout" else (subprocess.PIPE, writing)
        with start_process([*COMMAND, *words], env, stdout=out, stderr=err) as process:
            written = process.communicate(timeout=60)
    finally:
        os.close(writing)
    return process.returncode, written[closed == "stdout"]


@pytest.mark.parametrize("case", COMMANDS)
def test_a_command_without_a_reader_ends_silently(books, env, case):
    values = {"ORG": books[0].id, "OBJECT": books[1]}
    words = [values.get(word, word) for word in COMMANDS[case]]
    status, err = end(words, env, closed="stdout")
    assert (status, without_log(err.decode())) == (CLOSED_PIPE, "")


def test_a_help_text_without_a_reader_ends_silently(env):
    status, err = end(("audit", "--help"), env, closed="stdout")
    assert status != 0 and err == b""


@pytest.mark.parametrize("words", [("key", "list", "--org", "none"), ("key", "eat")], ids=" ".join)
def test_a_refusal_without_a_reader_ends_silently(env, words):
    assert end(words, env, closed="stderr") == (CLOSED_PIPE, b"")


def test_a_reader_of_the_first_line_gets_it_and_nothing_else_is_said(books, env):
    script = f"set -o pipefail; {shlex.join([*COMMAND, 'audit', 'export', '--out', '-'])} | head -n 1"
    for _ in range(30):
        books[0].sent_invoice()
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith('{"type":"organization"') and done.stdout.count("\n") == 1
    assert without_log(done.stderr) == "" and done.returncode in (0, CLOSED_PIPE)


def test_a_full_disk_is_one_sentence(env):
    with open("/dev/full", "wb") as full:  # noqa: PTH123 -- a device
        process = subprocess.run(
            [*COMMAND, "org", "list"], env=env, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert process.returncode == 1
    assert process.stderr == "Error: The output cannot be written: No space left on device.\n"
