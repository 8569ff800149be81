"""`smartdhandha db distribute` and `isolate`: a database on several machines, with Citus."""

from __future__ import annotations

import click

from domain.reading import InvalidValue
from infra.cli.base import Parsed, json_option, select_organizations, session
from infra.cli.output import note, show
from infra.postgres.schema.distributed.distribute import DEFAULT_SHARDS, distribute
from infra.postgres.schema.distributed.tenants import Node, Place, isolate


def _read_node(text: str) -> Node:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise InvalidValue("must be HOST:PORT")
    return Node(host, int(port))


@click.command("distribute")
@click.option("--shards", metavar="N", type=click.IntRange(1, 1024), default=DEFAULT_SHARDS, help="How many shards.")
@json_option
def distribute_command(shards: int, json_output: bool) -> None:
    """Distribute the database over the nodes of Citus, by organization. Stop the service first.

    DATABASE_URL leads to the coordinator. If this command is interrupted, run it again. There is no way back: make a
    backup first. See "Several machines: Citus" in docs/operations.md.

    \b
    Example: smartdhandha db distribute --shards 128
    """
    with session() as (conn, _):
        placed = distribute(conn, shards, note)
    lines = [f"Distributed: {', '.join(placed)}."] if placed else ["Nothing to do: all tables are in their places."]
    show({"tables": placed}, json_output, lines)


@click.command("isolate")
@click.argument("org_id", metavar="ORG")
@click.option("--to", "node", metavar="HOST:PORT", type=Parsed(_read_node), help="The node that gets its rows.")
@json_option
def isolate_command(org_id: str, node: Node | None, json_output: bool) -> None:
    """Give a large organization shards of its own, and move them to a node.

    Without --to, the organization stays on its node. The service goes on meanwhile.

    \b
    Example: smartdhandha db isolate org_01J… --to 10.0.0.7:5432
    """
    with session() as (conn, _):
        select_organizations(conn, org_id)
        place = isolate(conn, org_id, node)
    show(_to_json(org_id, place), json_output, f"{org_id} is alone in its shards, on {place.node}.")


def _to_json(org_id: str, place: Place) -> dict[str, str | int | bool]:
    return {"orgId": org_id, "shard": place.shard, "node": str(place.node), "isolated": place.is_alone}
