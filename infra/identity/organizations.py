"""Creates and lists organizations for the command line and for `serve`."""

from __future__ import annotations

import secrets
from datetime import datetime

import msgspec
from psycopg import Connection
from psycopg.rows import class_row, scalar_row

from domain.accounts.mode import TEST_ORGANIZATION
from domain.calendar import DEFAULT_TIME_ZONE
from domain.errors import NotFound
from infra.log.chain import genesis
from infra.log.ids import new_id
from infra.postgres.database import Row, get_now

INSERT_ORGANIZATION = "INSERT INTO organizations (org_id, name, time_zone) VALUES (%s, %s, %s)"
INSERT_LOG = "INSERT INTO org_log (org_id, chain_hash) VALUES (%s, %s)"
SELECT_ORGANIZATIONS = """
SELECT org_id AS id, name, time_zone, created_at, test_organization FROM organizations
WHERE live_organization IS NULL ORDER BY created_at, org_id
"""
SELECT_TEST_ORGANIZATION = (
    "SELECT test_organization_of(coalesce(live_organization, org_id), %s) FROM organizations WHERE org_id = %s"
)
UPDATE_ORGANIZATION = """
UPDATE organizations SET name = coalesce(%(name)s, name), time_zone = coalesce(%(time_zone)s, time_zone)
WHERE %(org)s IN (org_id, live_organization)
"""
SELECT_TIME_ZONE = "SELECT time_zone FROM organizations WHERE org_id = %s"


class NewOrganization(msgspec.Struct):
    """An organization that was just created."""

    id: str
    name: str


class ListedOrganization(msgspec.Struct, rename="camel"):
    """A row of SELECT_ORGANIZATIONS."""

    id: str
    name: str
    time_zone: str
    created_at: datetime
    test_organization: str | None
    """The id of its test organization; None until test mode is first used."""


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


def update_organization(
    conn: Connection[Row], org_id: str, *, name: str | None = None, time_zone: str | None = None
) -> ListedOrganization:
    """Change the name or the time zone of an organization and of its test sibling. Return it as it is now.

    Raises NotFound for an unknown organization and for one of test mode, which has no name of its own.
    """
    with conn.transaction():
        conn.execute(UPDATE_ORGANIZATION, {"org": org_id, "name": name, "time_zone": time_zone})
        found = next((each for each in list_organizations(conn) if each.id == org_id), None)
        if found is None:
            raise NotFound("organization", org_id)
    return found


def list_organizations(conn: Connection[Row]) -> list[ListedOrganization]:
    """Return all organizations but those of test mode, the oldest first."""
    return conn.cursor(row_factory=class_row(ListedOrganization)).execute(SELECT_ORGANIZATIONS).fetchall()


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
    """Return the IANA name of an organization's time zone. Raises NotFound for an unknown organization."""
    time_zone: str | None = conn.cursor(row_factory=scalar_row).execute(SELECT_TIME_ZONE, (org_id,)).fetchone()
    if time_zone is None:
        raise NotFound("organization", org_id)
    return time_zone


def require_organization(conn: Connection[Row], org_id: str) -> None:
    """Raise NotFound for an unknown organization."""
    get_time_zone(conn, org_id)
