"""The assistant's library, as the application has it."""

import pytest

from api.assistant.passages import Library
from api.docs.guides import guides
from api.resources import BASE
from infra.assistant.index import PostgresIndex
from tests.support.openapi import made_document


@pytest.fixture(scope="session")
def library():
    """All passages."""
    return Library(made_document(), guides(), BASE)


@pytest.fixture(scope="session")
def index(pool):
    """Where they are looked up."""
    return PostgresIndex(pool)
