"""Short forms of the scenarios that leave all processes alone: `make chaos` has them at length."""

import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infra.postgres.database import connect_as_table_owner
from tests.chaos.faults import (
    changes,
    clocks,
    cuts,
    delays,
    flood,
    hang,
    held_log,
    restored,
    rolling_restart,
    slow_peers,
    two_versions,
)
from tests.chaos.stage import quiet_service

pytestmark = pytest.mark.process
COMMANDS = ((("projections", "rebuild"), ("db", "migrate"), ("projections", "verify")),)


@pytest.fixture
def empty_database(postgres):
    name = sql.Identifier("restored_under_load")
    with connect_as_table_owner(postgres) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(name))
        yield make_conninfo(postgres, dbname="restored_under_load")
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def test_connections_of_clients_are_cut(report, place):
    cuts.cut_clients(report, place, seconds=1)


def test_connections_to_the_database_are_cut(report, own_database):
    cuts.cut_database(report, own_database, quiet_service, seconds=1)


def test_the_network_of_postgresql_is_slow(report, own_database):
    delays.run(report, own_database, quiet_service, seconds=3)


def test_the_clock_of_the_host_is_wrong(report, own_database):
    clocks.run_host(report, own_database, seconds=0.5)


@pytest.mark.parametrize("has_library", [True, False], ids=["the clock", "only times"])
def test_the_clock_of_the_database_is_set_ahead_and_back(report, monkeypatch, has_library):
    """Without the library, both set only times."""
    if not has_library:
        monkeypatch.setattr(clocks, "LIBRARY", None)
    clocks.run_database(report, ("+25h", "+0"), seconds=2)


def test_postgresql_hangs(report, own_database):
    hang.run(report, "a socket", own_database, seconds=3)


def test_the_log_of_one_organization_is_locked(report, place):
    held_log.run(report, place, [place.new_key()], seconds=3, quiet_seconds=1)


def test_peers_are_slow(report, own_database):
    plan = {16: 0.5, 64: 0.5}
    slow_peers.run(report, own_database, None, {"dripping head": plan, "not reading": plan})


def test_one_organization_floods(report, place):
    flood.run(report, place, {16: 1.0})


def test_commands_run_under_load(report, place, own_database):
    changes.run(report, place, own_database, COMMANDS)


def test_services_are_replaced_in_turn(report, own_database):
    rolling_restart.run(report, own_database, lambda: quiet_service(own_database), rounds=1)


def test_two_versions_serve_side_by_side(report, own_database):
    two_versions.run(report, own_database)


def test_a_dump_under_load_is_restored(report, own_database, empty_database):
    restored.run(report, own_database, empty_database, quiet_service)
