"""Books on the database of the module, and a pool of connections to it."""

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import open_pool
from tests.support.books import Books
from tests.support.postgres import logins_of


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as connection:
        yield connection


@pytest.fixture(scope="module")
def module_pool(database):
    with open_pool(logins_of(database), 2) as open_connections:
        yield open_connections


@pytest.fixture
def books(conn):
    return Books(conn, "Asia/Kolkata")
