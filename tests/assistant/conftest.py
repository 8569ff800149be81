"""The assistant's passages and its index, as in the application."""

import pytest

from api.assistant.passages import Library
from api.docs.guides import guides
from api.resources import BASE
from infra.assistant.index import PostgresIndex
from tests.support.openapi import made_document


@pytest.fixture(scope="session")
def library():
    """All passages of the documentation."""
    return Library(made_document(), guides(), BASE)


@pytest.fixture(scope="session")
def index(pool):
    """The search index in the shared database."""
    return PostgresIndex(pool)
