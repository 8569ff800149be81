"""`make psql`: psql on the database of the settings."""

import subprocess
import sys

import click
import psycopg
import pytest

from infra.cli import psql
from infra.postgres.embedded import EmbeddedError
from tests.support.command_line import environment


def psql_process(*arguments, database):
    command = [sys.executable, "-m", "infra.cli.psql", *arguments]
    return subprocess.run(command, env=environment(DATABASE_URL=database), capture_output=True, text=True, check=False)


def test_it_runs_on_the_database_of_the_settings(shared_database):
    done = psql_process("-Atc", "SELECT current_database()", database=shared_database)
    assert done.stdout.strip() == psycopg.conninfo.conninfo_to_dict(shared_database)["dbname"], done.stderr


def test_its_exit_status_is_that_of_psql(shared_database):
    assert psql_process("-c", "SELECT nonsense", database=shared_database).returncode == 1


def test_the_password_is_not_in_the_list_of_processes(shared_database):
    password = psycopg.conninfo.conninfo_to_dict(shared_database)["password"]
    done = psql_process("-c", r"\! tr '\0' ' ' < /proc/$PPID/cmdline", database=shared_database)
    assert "dbname=" in done.stdout and password not in done.stdout


def test_without_psql_it_says_what_to_install(monkeypatch):
    def no_programs(owner):
        raise EmbeddedError("There is no bundled PostgreSQL for this platform.")

    monkeypatch.setattr(psql, "programs", no_programs)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(click.ClickException, match="psql is not installed: install PostgreSQL's client"):
        psql._psql()
