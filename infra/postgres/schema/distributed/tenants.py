"""Gives one organization a shard of its own, and moves it to another node."""

from __future__ import annotations

from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import args_row, scalar_row

from infra.postgres.database import Row, is_distributed
from infra.postgres.schema.distributed.distribute import NotDistributable
from infra.postgres.schema.distributed.tables import BY_ORGANIZATION

_TABLE = BY_ORGANIZATION[0]
_SELECT_SHARD = "SELECT get_shard_id_for_distribution_column(%s, %s::text)"
_IS_ALONE = "SELECT shardminvalue = shardmaxvalue FROM pg_dist_shard WHERE shardid = %s"
_ISOLATE = "SELECT isolate_tenant_to_new_shard(%s, %s::text, 'CASCADE')"
_SELECT_NODE = """
SELECT n.nodename, n.nodeport FROM pg_dist_placement p JOIN pg_dist_node n USING (groupid)
WHERE p.shardid = %s AND n.noderole = 'primary'
"""
_MOVE = "SELECT citus_move_shard_placement(%s, %s, %s, %s, %s)"


class Node(NamedTuple):
    """A node of a distributed database, as the other nodes reach it."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Place(NamedTuple):
    """Where the rows of an organization are, and whether no other organization shares their shards."""

    shard: int
    node: Node
    is_alone: bool


def find_place(conn: Connection[Row], org_id: str) -> Place:
    """Return where the rows of an organization are. Raises NotDistributable if the database is not distributed."""
    if not is_distributed(conn):
        raise NotDistributable("The database is not distributed: run 'smartdhandha db distribute' first.")
    ask = conn.cursor(row_factory=scalar_row)
    shard = ask.execute(_SELECT_SHARD, (_TABLE, org_id)).fetchone()
    node = conn.cursor(row_factory=args_row(Node)).execute(_SELECT_NODE, (shard,)).fetchone()
    assert shard is not None and node is not None, "each organization has a shard on a node"
    return Place(int(shard), node, bool(ask.execute(_IS_ALONE, (shard,)).fetchone()))


def isolate(conn: Connection[Row], org_id: str, to: Node | None = None) -> Place:
    """Give an organization shards of its own, in all tables, and move them to a node. Return where they are then.

    What is so already stays as it is. Citus copies the rows while they are written, if `wal_level` is `logical`;
    otherwise writes of the organizations of the shard wait. Raises NotDistributable.
    """
    place = find_place(conn, org_id)
    if not place.is_alone:
        conn.execute(_ISOLATE, (_TABLE, org_id))
        place = find_place(conn, org_id)
    if to is not None and to != place.node:
        conn.execute(_MOVE, (place.shard, *place.node, *to))
        place = find_place(conn, org_id)
    return place
