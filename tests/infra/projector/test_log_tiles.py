"""The tiles of the Merkle trees: added by the worker, built again, and verified against the log."""

import json

import pytest

from infra.audit.proofs.trees import MOST_BEHIND
from infra.identity.organizations import create_organization, get_test_organization
from infra.log.proofs.merkle import root
from infra.log.proofs.tiles import WIDTH, GrowingTree, TiledTree
from infra.log.reading.proofs import start_query
from infra.log.reading.tiles import get_roots, list_hashes
from infra.postgres.database import connect_as_table_owner, set_organization
from infra.postgres.pool import borrow_connection, open_pool
from infra.postgres.statements import untyped
from infra.projector.following.log_tiles import LogTileTable
from projections.registry import LOG_TILES
from tests.support.command_line import run
from tests.support.long_log import append_events
from tests.support.postgres import logins_of
from tests.support.waiting import run_at_once

TABLE = LogTileTable(LOG_TILES)
TILES = "SELECT level, number FROM log_tiles WHERE org_id = %s ORDER BY level, number"
EVENTS = 3 * WIDTH + 20


@pytest.fixture(scope="module")
def conn(database):
    with connect_as_table_owner(database) as opened:
        yield opened


@pytest.fixture
def org_id(conn):
    """An organization with a log of three whole tiles, and the worker has added them."""
    id = create_organization(conn, "Test Traders").id
    append_events(conn, id, EVENTS)
    add_all(conn, id)
    return id


def add_all(conn, org_id):
    while TABLE.add_page(conn, org_id):
        pass


def differences(conn, org_id):
    return [(each.id, each.column) for each in TABLE.differences(conn, org_id)]


def test_tiles_are_added_when_they_are_whole(conn, org_id):
    assert conn.execute(TILES, (org_id,)).fetchall() == [(0, 0), (0, 1), (0, 2)]
    assert TABLE.state(conn, org_id) == (3, 0, 0)
    append_events(conn, org_id, WIDTH - 21)
    assert TABLE.add_page(conn, org_id) == 0
    append_events(conn, org_id, 1)
    assert TABLE.state(conn, org_id).lag == WIDTH
    assert TABLE.add_new(conn).events == WIDTH
    assert conn.execute(TILES, (org_id,)).fetchall() == [(0, 0), (0, 1), (0, 2), (0, 3)]


def test_the_tree_of_the_tiles_is_that_of_the_log(conn, org_id):
    hashes = list_hashes(conn, org_id, 0, EVENTS)
    tree, grown = TiledTree(3, {}, get_roots(conn, org_id, 3), hashes[3 * WIDTH :]), GrowingTree()
    for hash in hashes:
        grown.add(hash)
    assert root(EVENTS, tree.subtree) == grown.root()


def test_workers_that_add_at_once_add_each_tile_once(conn, database, org_id):
    append_events(conn, org_id, 2 * WIDTH)

    def add(_number):
        with connect_as_table_owner(database) as own:
            return TABLE.add_page(own, org_id, WIDTH)

    assert sorted(run_at_once(3, add)) == [0, WIDTH, WIDTH]
    assert differences(conn, org_id) == []


@pytest.mark.parametrize("position", [1, WIDTH, WIDTH + 1, EVENTS])
def test_an_event_is_found_by_the_beginning_of_its_hash(position, conn, org_id):
    (hash,) = list_hashes(conn, org_id, position - 1, position)
    assert [row[0] for row in conn.execute(*start_query(org_id, hash))] == [position]
    assert conn.execute(*start_query(org_id, bytes(8))).fetchall() == []


def test_a_proof_does_not_read_the_whole_log(own_database):
    """In a database with one log, PostgreSQL expects a third of all events after a position that it does not know."""
    with connect_as_table_owner(own_database) as conn:
        id = create_organization(conn, "Test Traders").id
        append_events(conn, id, 20_000)
        conn.execute("ANALYZE events")
        TABLE.rebuild(conn)
        assert conn.execute("SELECT FROM pg_stats WHERE tablename = 'log_tiles'").rowcount
        sql = untyped(start_query(id, b"12345678", "log_tile_list", MOST_BEHIND)[0]).sql.decode()
        with open_pool(logins_of(own_database), 1) as pool, borrow_connection(pool) as app:
            app.execute(set_organization(id))
            plan = "\n".join(line for (line,) in app.execute(f"EXPLAIN (GENERIC_PLAN) {sql}"))
        assert "Seq Scan on events" not in plan, plan
        assert plan.count("events_pkey") == 2, plan


def test_a_rebuild_makes_the_same_tiles_from_a_whole_log(conn, org_id):
    conn.execute("UPDATE log_tiles SET root = '' WHERE org_id = %s AND number = 1", (org_id,))
    assert TABLE.rebuild(conn, org_id).events == 3 * WIDTH
    assert differences(conn, org_id) == []


DAMAGES = {
    "root": ("UPDATE log_tiles SET root = sha256(root) WHERE org_id = %s AND number = 1", "level 0 tile 1"),
    "hashes": (
        "UPDATE log_tiles SET hashes = sha256(hashes) WHERE org_id = %s AND number = 2",
        "level 0 tile 2",
    ),
    "starts": ("UPDATE log_tiles SET starts[9] = 7 WHERE org_id = %s AND number = 0", "level 0 tile 0"),
    "*": ("DELETE FROM log_tiles WHERE org_id = %s AND number = 1", "level 0 tile 1"),
    "* ": (
        "INSERT INTO log_tiles SELECT org_id, 1, 0, root, hashes FROM log_tiles WHERE org_id = %s AND number = 1",
        "level 1 tile 0",
    ),
}


@pytest.mark.parametrize("column", DAMAGES)
def test_a_changed_tile_is_found_and_named(column, conn, env, org_id):
    damage, tile = DAMAGES[column]
    found = (tile, column.strip())
    assert differences(conn, org_id) == []
    conn.execute(damage, (org_id,))
    assert differences(conn, org_id) == [found]
    done = run("projections", "verify", "log_tiles", "--org", org_id, "--json", env=env, status=1)
    assert [(each["id"], each["column"]) for each in json.loads(done.out)["differences"]] == [found]


def test_a_changed_event_no_longer_fits_its_tile(conn, org_id):
    conn.execute("UPDATE events SET chain_hash = sha256('x') WHERE org_id = %s AND position = 300", (org_id,))
    assert ("level 0 tile 1", "hashes") in differences(conn, org_id)


def test_emptying_a_test_log_removes_its_tiles(conn, org_id):
    test_log = get_test_organization(conn, org_id)
    append_events(conn, test_log, EVENTS)
    add_all(conn, test_log)
    with conn.transaction():
        conn.execute(set_organization(test_log))
        assert conn.execute("SELECT empty_test_log(%s)", (test_log,)).fetchone() == (True,)
    for table in ("log_tiles", "log_tile_progress"):
        assert conn.execute(f"SELECT FROM {table} WHERE org_id = %s", (test_log,)).fetchall() == []
    assert TABLE.state(conn, org_id) == (3, 0, 0)
    append_events(conn, test_log, WIDTH)
    add_all(conn, test_log)
    assert conn.execute(TILES, (test_log,)).fetchall() == [(0, 0)]
    assert differences(conn, test_log) == []
