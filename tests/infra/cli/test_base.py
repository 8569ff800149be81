"""What all commands share: the choice of the database, and their progress."""

import json
import os
import pty
import subprocess

import pytest
from click.testing import CliRunner
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.cli import cli
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.cases import all_cases
from tests.support.command_line import COMMAND, environment, run

PROJECTIONS = [("projections", name) for name in ("list", "rebuild", "verify")]
READS = ("history", "show", "replay", "diff", "log", "verify", "export", "seal", "prove", "checkpoint")
AUDIT = [("audit", name) for name in READS]


@pytest.fixture(scope="module")
def org_id(database):
    """An organization with an invoice."""
    with connect_as_table_owner(database) as conn:
        books = Books(conn)
        books.sent_invoice()
    return books.id


@all_cases("words", [*PROJECTIONS, *AUDIT], ids=" ".join)
def test_the_commands_on_logs_take_an_organization_and_a_database(words):
    shown = CliRunner().invoke(cli, [*words, "--help"]).output
    assert all(option in shown for option in ("--org", "--database-url", "--json"))


def test_the_option_for_the_database_has_priority_over_the_setting(database, org_id):
    elsewhere = environment(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    target = {name: str(value) for name, value in conninfo_to_dict(database).items()}
    env = {**elsewhere, "PGPASSWORD": target.pop("password")}
    done = run("projections", "list", "--database-url", make_conninfo(**target), "--org", org_id, "--json", env=env)
    (invoices,) = [projection for projection in json.loads(done.out) if projection["name"] == "invoices"]
    assert invoices["rows"] == 1


@pytest.mark.parametrize(
    "url", ["postgresql://me:sesame@h/d", "host=h password=sesame", "postgresql://h/d?password=sesame"]
)
def test_a_password_in_the_list_of_processes_is_refused(url):
    """Seen red before `--database-url` was checked: the command tried to connect."""
    said = run("projections", "list", "--database-url", url, env=environment(), status=2).err
    assert "must not contain a password" in said and "sesame" not in said


def on_a_terminal(*words, env):
    """Return what a command writes on standard error when that is a terminal."""
    master, slave = pty.openpty()
    command = [*COMMAND, *words]
    settings = {**env, "TERM": "xterm-256color", "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=slave
    ) as process:
        os.close(slave)
        output = b""
        try:
            while piece := os.read(master, 65536):
                output += piece
        except OSError:
            pass  # at the end, Linux raises this instead of returning nothing
    os.close(master)
    assert process.returncode == 0
    return output.decode()


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("projections", "rebuild", "invoices"), "rebuilding invoices"),
        (("projections", "verify"), "verifying"),
        (("audit", "verify"), "verifying events"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_progress_is_a_bar_on_a_terminal_and_lines_elsewhere(env, org_id, words, what):
    shown = on_a_terminal(*words, env=env)
    assert what in shown and "━" in shown
    lines = run(*words, env=env).err.splitlines()
    assert lines and all(line.startswith(f"{what}: ") for line in lines) and "━" not in "".join(lines)
