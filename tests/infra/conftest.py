"""Fixtures for the bundled PostgreSQL, `serve` on its folder, and the command line."""

import contextlib
import json
import os
import signal

import pytest

from tests.support.command_line import environment, run
from tests.support.postgres import folder_for_servers
from tests.support.terminal import Terminal


@pytest.fixture
def data():
    """A path for the data folder of this test's own PostgreSQL. Its servers are ended afterwards."""
    with folder_for_servers() as parent:
        yield parent / "data"


@pytest.fixture
def start(data):
    """Return a function that starts `serve` on the data folder. What still runs afterwards is killed."""
    started = []

    def begin():
        started.append(Terminal(data))
        return started[-1]

    yield begin
    for terminal in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait(10)
        terminal.output.close()


@pytest.fixture(scope="module")
def database(new_database):
    """One database for the tests of a module. Each test makes its own organizations."""
    return new_database()


@pytest.fixture
def env(database):
    return environment(DATABASE_URL=database)


@pytest.fixture
def ask(env):
    """Return a function that runs a command with --json and returns its value; nothing else may be written."""

    def answer(*arguments):
        done = run(*arguments, "--json", env=env)
        assert done.err == ""
        return json.loads(done.out)

    return answer


@pytest.fixture
def org_id(ask):
    return ask("org", "create", "Sharma Textiles")["id"]
