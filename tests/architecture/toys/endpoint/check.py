"""The endpoint needs a key, answers, and is described in the reference with an example."""

import os

import pytest
from falcon import testing

from infra.bootstrap import app_on
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization
from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import open_pool
from tests.support.openapi import build_document, operations
from tests.support.postgres import logins_of


@pytest.fixture(scope="module")
def key():
    """A key of a new organization."""
    with connect_as_table_owner(os.environ["DATABASE_URL"]) as conn:
        return create_key(conn, create_organization(conn, "Toys").id, "toys", ("billing:read",), 1000, None)


@pytest.fixture(scope="module")
def client():
    with open_pool(logins_of(os.environ["DATABASE_URL"]), 2) as pool:
        yield testing.TestClient(app_on(pool))


def test_it_answers_any_client_that_has_a_key(client, key):
    response = client.simulate_get("/api/v1/clock", headers={"Authorization": f"Bearer {key.raw}"})

    assert response.status_code == 200
    assert response.json["data"].keys() == {"now"}


def test_it_needs_a_key(client):
    assert client.simulate_get("/api/v1/clock").status_code == 401


def test_the_reference_describes_it():
    method, path, operation = operations(build_document())["getClock"]

    assert (method, path, operation["tags"]) == ("GET", "/clock", ["Account"])
    assert operation["responses"]["200"]["content"]["application/json"]["example"]["data"].keys() == {"now"}
