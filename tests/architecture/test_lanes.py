"""The fast lane stays fast: a test in it cannot connect or start a process. These tests are in it themselves."""

import os
import socket
import subprocess

import psycopg
import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.lanes import REPORTED_IDS

NOWHERE = "host=127.0.0.1 port=1 dbname=none user=nobody"


def connect_socket():
    with socket.socket() as client:
        client.connect(("127.0.0.1", 1))


FORBIDDEN = {
    "a process": lambda: subprocess.run(["true"], check=True),
    "a fork": os.fork,
    "a socket": connect_socket,
    "PostgreSQL": lambda: psycopg.connect(NOWHERE),
    "PostgreSQL, as the product connects": lambda: connect_as_table_owner(NOWHERE),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_a_fast_test_that_needs_more_than_memory_fails(what):
    with pytest.raises(pytest.fail.Exception, match="A fast test called"):
        FORBIDDEN[what]()


def test_a_test_with_a_database_is_not_fast(request, shared_database):
    assert request.node.get_closest_marker("fast") is None


def test_a_test_without_one_is_fast(request):
    assert request.node.get_closest_marker("fast") is not None


@pytest.fixture(scope="module")
def module_fixture(shared_database):
    """A fixture of this module, which several workers would make again."""


@pytest.mark.alone
def test_tests_that_must_run_alone_run_on_one_worker(request, module_fixture):
    (group,) = request.node.iter_markers("xdist_group")
    assert group.args == ("alone",)


def test_tests_that_share_a_module_fixture_run_on_one_worker(request, module_fixture):
    """The scheduler of pytest-xdist goes by the end of the id, see tests/support/lanes.py."""
    (group,) = request.node.iter_markers("xdist_group")
    reported = request.config.stash.get(REPORTED_IDS, None)
    assert group.args == ("tests/architecture/test_lanes.py",)
    assert reported is None or f"{request.node.nodeid}@{group.args[0]}" in reported
