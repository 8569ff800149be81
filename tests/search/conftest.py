"""The index of the search, made from the guides and the OpenAPI document as the service makes it."""

import pytest

from api.docs.guides import guides
from api.search.entries import all_entries
from api.search.index import Index
from tests.support.openapi import build_document


@pytest.fixture(scope="session")
def entries():
    return all_entries(guides(origin=""), build_document())


@pytest.fixture(scope="session")
def index(entries):
    return Index(entries)
