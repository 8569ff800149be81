"""The budget of an organization: shows it, with what is used of it, and sets it for the command line."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from api.ports.keys import BudgetUse
from commands.accounts.budget import SetBudget
from commands.command import Context
from domain.accounts.budget import budget_id
from infra.identity.keys import ACTOR
from infra.identity.organizations import require_organization
from infra.identity.security_events import operator
from infra.log.command_bus import execute_on
from infra.postgres.database import Row, open_pipeline_of, set_organization
from infra.postgres.pool import Pool, borrow_connection

SELECT_OWN = "SELECT credit_limit, used, reset_at, fully_reset_at, version FROM own_budget() WHERE used IS NOT NULL"


class ShownBudget(msgspec.Struct, rename="camel"):
    """A budget as `org budget` prints it. All fields but the organization are None if there is none."""

    org_id: str
    limit: int | None = None
    used: int | None = None
    remaining: int | None = None
    reset_at: datetime | None = None
    fully_reset_at: datetime | None = None


def read_budget(pool: Pool, org_id: str) -> BudgetUse | None:
    """Return the budget of an organization; None if it has none. Raises Unavailable."""
    with borrow_connection(pool) as conn, open_pipeline_of(conn, org_id):
        found = conn.execute(SELECT_OWN)
    return _budget(found.fetchall())


def show_budget(conn: Connection[Row], org_id: str) -> ShownBudget:
    """Return the budget of an organization, and what is used of it now. Raises NotFound."""
    require_organization(conn, org_id)
    with conn.transaction():
        conn.execute(set_organization(org_id))
        budget = _budget(conn.execute(SELECT_OWN).fetchall())
    if budget is None:
        return ShownBudget(org_id)
    return ShownBudget(org_id, budget.limit, budget.used, budget.remaining, budget.reset_at, budget.fully_reset_at)


def set_budget(conn: Connection[Row], org_id: str, limit: int | None) -> None:
    """Set the credits that all keys of an organization share; None removes the budget. Raises NotFound."""
    before = show_budget(conn, org_id)
    if before.limit is None and limit is None:
        return
    context = Context(org_id=org_id, actor=ACTOR, request_id=f"cli_{secrets.token_hex(12)}", person=operator())
    execute_on(conn, SetBudget(id=budget_id(org_id), credit_limit=limit), context)


def _budget(rows: Sequence[Any]) -> BudgetUse | None:
    return BudgetUse(*rows[0]) if rows else None
