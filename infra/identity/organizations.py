"""Creates, changes and lists organizations for the command line and for `serve`."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import args_row, scalar_row

from domain.accounts.mode import TEST_ORGANIZATION
from domain.accounts.zones import Zones
from domain.calendar import DEFAULT_TIME_ZONE
from domain.errors import NotFound
from infra.log.ids import new_id
from infra.log.proofs.chain import genesis
from infra.log.reading.zones import PRESENT, ZONES
from infra.postgres.database import Row, get_now

INSERT_ORGANIZATION = "INSERT INTO organizations (org_id, name, time_zone) VALUES (%s, %s, %s)"
MARK_AS_SAMPLE = "UPDATE organizations SET is_sample = true WHERE org_id = %s"
INSERT_LOG = "INSERT INTO org_log (org_id, chain_hash) VALUES (%s, %s)"
SELECT_ORGANIZATIONS = f"""
SELECT o.org_id AS id, o.name, o.created_at, o.test_organization, o.series_prefix, clock_timestamp() AS now, {ZONES}
FROM organizations o WHERE o.live_organization IS NULL AND (%(org)s::text IS NULL OR o.org_id = %(org)s)
ORDER BY o.created_at, o.org_id
"""
SELECT_TEST_ORGANIZATION = (
    "SELECT test_organization_of(coalesce(live_organization, org_id), %s) FROM organizations WHERE org_id = %s"
)
SELECT_TIME_ZONE = f"SELECT time_zone FROM {PRESENT} o WHERE org_id = %s"


class _Row(NamedTuple):
    """A row of SELECT_ORGANIZATIONS."""

    id: str
    name: str
    created_at: datetime
    test_organization: str | None
    series_prefix: str
    now: datetime
    time_zone: str
    new_time_zone: str | None
    new_time_zone_from: datetime | None


class NewOrganization(msgspec.Struct):
    """An organization that was just created."""

    id: str
    name: str


class ListedOrganization(msgspec.Struct, rename="camel"):
    """An organization as `org list` prints it."""

    id: str
    name: str
    time_zone: str
    """The zone that counts now."""
    created_at: datetime
    test_organization: str | None
    """The id of its test organization; None until test mode is first used."""
    series_prefix: str
    new_time_zone: str | None
    """The zone that counts from `new_time_zone_from` on; None if it counts already, or if there is none."""
    new_time_zone_from: datetime | None


def create_organization(conn: Connection[Row], name: str, time_zone: str = DEFAULT_TIME_ZONE) -> NewOrganization:
    """Create an organization with an empty log."""
    org_id = new_id("org", get_now(conn), secrets.token_bytes(10))
    insert_organization(conn, org_id, name, time_zone)
    return NewOrganization(org_id, name)


def insert_organization(conn: Connection[Row], org_id: str, name: str, time_zone: str) -> None:
    """Create an organization with this id and an empty log."""
    with conn.transaction():
        conn.execute(INSERT_ORGANIZATION, (org_id, name, time_zone))
        conn.execute(INSERT_LOG, (org_id, genesis(org_id)))


def mark_as_sample(conn: Connection[Row], org_id: str) -> None:
    """Note that the service has made an organization itself: somebody can still set up one of one's own."""
    conn.execute(MARK_AS_SAMPLE, (org_id,))


def list_organizations(conn: Connection[Row], org_id: str | None = None) -> list[ListedOrganization]:
    """Return all organizations but those of test mode, the oldest first. With `org_id`, return only this one."""
    rows = conn.cursor(row_factory=args_row(_Row)).execute(SELECT_ORGANIZATIONS, {"org": org_id})
    return [_listed(row) for row in rows]


def show_organization(conn: Connection[Row], org_id: str) -> ListedOrganization:
    """Return an organization. Raises NotFound, also for one of test mode, which has no settings of its own."""
    found = list_organizations(conn, org_id)
    if not found:
        raise NotFound("organization", org_id)
    return found[0]


def get_test_organization(conn: Connection[Row], org_id: str, new: str | None = None) -> str:
    """Return the id of the test organization of an organization, and make it if this is its first use.

    Then its id is `new`; by default a new one. For a test organization, return its own id. Raises NotFound for an
    unknown organization.
    """
    new = new or new_id(TEST_ORGANIZATION, get_now(conn), secrets.token_bytes(10))
    found: str | None = conn.cursor(row_factory=scalar_row).execute(SELECT_TEST_ORGANIZATION, (new, org_id)).fetchone()
    if found is None:
        raise NotFound("organization", org_id)
    return found


def get_time_zone(conn: Connection[Row], org_id: str) -> str:
    """Return the IANA name of the time zone that counts now. Raises NotFound for an unknown organization."""
    time_zone: str | None = conn.cursor(row_factory=scalar_row).execute(SELECT_TIME_ZONE, (org_id,)).fetchone()
    if time_zone is None:
        raise NotFound("organization", org_id)
    return time_zone


def require_organization(conn: Connection[Row], org_id: str) -> None:
    """Raise NotFound for an unknown organization."""
    get_time_zone(conn, org_id)


def _listed(row: _Row) -> ListedOrganization:
    zones = Zones(row.time_zone, row.new_time_zone, row.new_time_zone_from)
    is_ahead = zones.new_from is not None and zones.new_from > row.now
    return ListedOrganization(
        id=row.id,
        name=row.name,
        time_zone=zones.at(row.now),
        created_at=row.created_at,
        test_organization=row.test_organization,
        series_prefix=row.series_prefix,
        new_time_zone=zones.new if is_ahead else None,
        new_time_zone_from=zones.new_from if is_ahead else None,
    )
