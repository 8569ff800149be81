"""An organization that is to be removed, on a database of its own, beside another one."""

import pytest

from infra.identity.organizations import create_organization, get_test_organization
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import environment
from tests.support.postgres import database_settings
from tests.support.removal import Leaving, draft


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def env(own_database):
    return environment(**database_settings(own_database))


@pytest.fixture
def leaving(conn, env, tmp_path):
    """An organization with seven events, and a test organization with two."""
    id = create_organization(conn, "Sharma Textiles").id
    draft(conn, id, 7)
    draft(conn, get_test_organization(conn, id), 2)
    return Leaving(conn, env, id, tmp_path / "sharma.jsonl")


@pytest.fixture
def staying(conn):
    """The id of another organization."""
    id = create_organization(conn, "Other Traders").id
    draft(conn, id, 3)
    return id
