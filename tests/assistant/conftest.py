"""The library of the assistant, as in the application, and its index."""

import pytest

from api.app import RESOURCE_TYPES
from api.assistant.knowledge.library import Library
from api.docs.guides import guides
from api.resources import BASE
from infra.assistant.index import PostgresIndex
from tests.support.openapi import build_document


@pytest.fixture(scope="session")
def library():
    """All operations and sections."""
    return Library(build_document(), guides(), BASE, RESOURCE_TYPES)


@pytest.fixture(scope="session")
def index(pool):
    """Their full-text index in PostgreSQL."""
    return PostgresIndex(pool)
