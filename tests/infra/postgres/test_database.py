"""Pools of connections, at their beginning."""

import pytest

from infra.postgres import database
from infra.postgres.database import await_connection, open_pool


def test_a_new_process_waits_for_its_first_connection(shared_database):
    with open_pool(shared_database, 1) as pool:
        await_connection(pool)
        assert pool.get_stats()["pool_available"] == 1


@pytest.mark.process
def test_a_database_that_is_away_does_not_hold_up_a_new_process_for_good(monkeypatch):
    monkeypatch.setattr(database, "FIRST_PATIENCE", 0.2)
    with open_pool("postgresql://nobody@127.0.0.1:1/nothing", 1) as pool:
        await_connection(pool)
        assert not pool.closed
