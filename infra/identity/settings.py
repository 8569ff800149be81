"""The settings of an organization: reads them for the console, and changes them for the command line."""

from __future__ import annotations

import secrets
from typing import Any

from psycopg import Connection
from psycopg.rows import scalar_row

from api.ports.organization import OrganizationSettings
from commands.accounts.organization import ChangeLogo, UpdateOrganization
from commands.command import Context
from infra.identity.keys import ACTOR
from infra.identity.organizations import ListedOrganization, show_organization
from infra.identity.security_events import operator
from infra.log.command_bus import execute_on
from infra.postgres.database import SET_ORGANIZATION, Row, open_pipeline_of
from infra.postgres.pool import Pool, borrow_connection
from projections.accounts.organization import ORGANIZATIONS

SELECT_OWN = """
SELECT id, name, version, prefix, time_zone, new_time_zone, new_time_zone_from, settings FROM own_organization()
"""
SELECT_LOGO = "SELECT png FROM own_logo()"
SELECT_NEXT_NUMBER = "SELECT number FROM next_invoice_number(%s, %s)"


class PostgresOrganizations:
    """Implements the port Organizations with a pool of connections."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def get_settings(self, org_id: str) -> OrganizationSettings:
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            found = conn.execute(SELECT_OWN)
        return _settings(*found.fetchall()[0])

    def get_logo(self, org_id: str) -> bytes | None:
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            found = conn.cursor(binary=True, row_factory=scalar_row).execute(SELECT_LOGO)
        return next(iter(found.fetchall()), None)

    def get_next_number(self, org_id: str, year: int) -> str | None:
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            found = conn.cursor(row_factory=scalar_row).execute(SELECT_NEXT_NUMBER, (org_id, year))
        number: str | None = found.fetchall()[0]
        return number


def _settings(*row: Any) -> OrganizationSettings:
    """Return the settings in a row of SELECT_OWN."""
    *own, changed = row
    return OrganizationSettings._make((*own, None if changed is None else ORGANIZATIONS.restore(changed)))


def show_settings(conn: Connection[Row], org_id: str) -> OrganizationSettings:
    """Return the settings of an organization for its operator. Raises NotFound, also for one of test mode."""
    show_organization(conn, org_id)
    with conn.transaction():
        conn.execute(SET_ORGANIZATION, (org_id,))
        return _settings(*conn.execute(SELECT_OWN).fetchall()[0])


def change_logo(conn: Connection[Row], org_id: str, png: bytes | None) -> None:
    """Give an organization another logo, or none. Raises NotFound, also for an organization of test mode."""
    show_organization(conn, org_id)
    context = Context(org_id=org_id, actor=ACTOR, request_id=f"cli_{secrets.token_hex(12)}", person=operator())
    execute_on(conn, ChangeLogo(id=org_id, png=png), context)


def update_organization(conn: Connection[Row], org_id: str, **changes: Any) -> ListedOrganization:
    """Change an organization, and return it as it is now. `changes` are fields of UpdateOrganization.

    Raises NotFound, also for an organization of test mode, and Invalid with a violation for each wrong field.
    """
    before = show_organization(conn, org_id)
    chosen = before.new_time_zone or before.time_zone
    present = {"name": before.name, "time_zone": chosen, "series_prefix": before.series_prefix}
    different = {name: value for name, value in changes.items() if name not in present or value != present[name]}
    if different:
        context = Context(org_id=org_id, actor=ACTOR, request_id=f"cli_{secrets.token_hex(12)}", person=operator())
        execute_on(conn, UpdateOrganization(id=org_id, **different), context)
    return show_organization(conn, org_id)
