"""Fixtures of the tests of webhooks: a database with one organization, and a receiver."""

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import KEY, environment
from tests.support.postgres import database_settings
from tests.support.receiver import Receiver


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn)


@pytest.fixture
def receiver():
    with Receiver() as running:
        yield running


@pytest.fixture
def env(own_database):
    """The settings of commands on the database, with the key that encrypts secrets of webhooks."""
    return environment(**database_settings(own_database), SMARTDHANDHA_SECRET_KEY=KEY)
