"""Fixtures for the bundled PostgreSQL, `serve` on its folder, the command line, and trips to the database."""

import contextlib
import json
import os
import signal

import pytest

from infra.postgres.pool import open_pool
from tests.support.command_line import environment, run
from tests.support.organization import Organization
from tests.support.postgres import folder_for_servers, logins_of
from tests.support.prepared import prepare
from tests.support.terminal import Terminal
from tests.support.trips import Trips


@pytest.fixture
def data():
    """A path for the data folder of this test's own PostgreSQL. Its servers are ended afterwards."""
    with folder_for_servers() as parent:
        yield parent / "data"


@pytest.fixture
def made(data):
    """Let the data folder have the schema, and no organization. It is for tests that are not about its first start."""
    prepare(data)


@pytest.fixture
def start(data):
    """Return a function that starts `serve` on the data folder. What still runs afterwards is killed."""
    started = []

    def begin(may_fork=True):
        started.append(Terminal(data, may_fork))
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
    """Return a function that runs a command with --json and returns its value.

    Nothing else may be written but lines of the program log about security.
    """

    def answer(*arguments):
        done = run(*arguments, "--json", env=env)
        assert {json.loads(line)["logger"] for line in done.err.splitlines()} <= {"smartdhandha.security"}, done.err
        return json.loads(done.out)

    return answer


@pytest.fixture
def org_id(ask):
    return ask("org", "create", "Sharma Textiles")["id"]


@pytest.fixture(scope="module")
def trips(shared_database):
    """An application in this process on one connection, which counts its trips to the database."""
    with open_pool(logins_of(shared_database), 1) as pool:
        yield Trips(pool)


@pytest.fixture
def local(owner):
    """An organization without a service of its own."""
    return Organization("http://localhost", owner)


@pytest.fixture
def key(trips, local):
    """A key that this process has admitted once."""
    new_key = local.new_key()
    assert trips.get(new_key.raw, "bills").status_code == 200
    return new_key
