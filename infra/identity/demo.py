"""The demo organization that `serve` creates in an empty database."""

from __future__ import annotations

from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import scalar_row

from domain.registry import SCOPES
from infra.identity.keys import NewKey, create_key
from infra.identity.organizations import create_organization, mark_as_sample
from infra.identity.users import NewLink, create_user
from infra.postgres.database import Row

DEMO_NAME = "Demo Traders"
DEMO_OWNER = "owner@demo.example"
DEMO_CREDITS = 1000

SELECT_EMAIL = "SELECT email FROM users WHERE email = %s AND removed_at IS NULL"


class Demo(NamedTuple):
    """The new demo organization: a key with every scope, and the link by which the owner sets a password."""

    key: NewKey
    owner: NewLink


def create_demo(conn: Connection[Row]) -> Demo | None:
    """Create the demo organization with a key and an owner; return None if there already is an organization."""
    if conn.execute("SELECT 1 FROM organizations LIMIT 1").fetchone():
        return None
    demo = create_organization(conn, DEMO_NAME)
    mark_as_sample(conn, demo.id)
    key = create_key(conn, demo.id, "Demo key", SCOPES, DEMO_CREDITS, None)
    return Demo(key, create_user(conn, demo.id, DEMO_OWNER, "owner"))


def get_demo_owner(conn: Connection[Row]) -> str | None:
    """Return the e-mail address of the demo's owner; None if this user does not exist or was removed."""
    return conn.cursor(row_factory=scalar_row).execute(SELECT_EMAIL, (DEMO_OWNER,)).fetchone()
