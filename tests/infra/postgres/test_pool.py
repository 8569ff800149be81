"""A pool of connections when a process starts."""

import pytest

from infra.postgres import pool as module
from infra.postgres.pool import await_connection, open_pool


def test_a_new_process_waits_for_its_first_connection(shared_database):
    with open_pool(shared_database, 1) as pool:
        await_connection(pool)
        assert pool.get_stats()["pool_available"] == 1


@pytest.mark.process
def test_a_new_process_starts_while_the_database_is_away(monkeypatch):
    monkeypatch.setattr(module, "FIRST_CONNECTION_TIMEOUT_SECONDS", 0.2)
    with open_pool("postgresql://nobody@127.0.0.1:1/nothing", 1) as pool:
        await_connection(pool)
        assert not pool.closed
