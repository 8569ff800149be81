"""A folder for the bundled PostgreSQL of one test, `serve` on it, and a database for the command line."""

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
    """A data folder of its own, in a parent that is open to the server's user; nothing is left running in it."""
    with folder_for_servers() as parent:
        yield parent / "data"


@pytest.fixture
def start(data):
    """Starts `serve` on the test's folder; whatever still runs in the end is killed."""
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
    """One database for all of these; each test has organizations of its own in it."""
    return new_database()


@pytest.fixture
def env(database):
    return environment(DATABASE_URL=database)


@pytest.fixture
def ask(env):
    """Runs a command with --json; the value that it wrote, and nothing else was written."""

    def answer(*arguments):
        done = run(*arguments, "--json", env=env)
        assert done.err == ""
        return json.loads(done.out)

    return answer


@pytest.fixture
def org_id(ask):
    return ask("org", "create", "Sharma Textiles")["id"]
