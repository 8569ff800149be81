"""The processes that run the programs of guides and of the reference."""

from contextlib import closing

import pytest

from tests.support.interpreters import Interpreters


@pytest.fixture(scope="session")
def interpreters():
    with closing(Interpreters()) as running:
        yield running
