"""A service on the database of the module: without its background worker, which would run the projections itself."""

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.service import Service


@pytest.fixture(scope="module")
def service(database):
    with Service(database, "--no-worker") as running_service:
        yield running_service


@pytest.fixture(scope="module")
def owner(database):
    with connect_as_table_owner(database) as conn:
        yield conn
