"""The worker sums approved days of leave; `projections list`, `rebuild` and `verify` know the sums."""

import json
import os
from datetime import date
from decimal import Decimal

import pytest

from commands.command import Actor, Context
from commands.leave import UpdateLeave, RequestLeave
from infra.identity.organizations import create_organization
from infra.log.command_bus import execute_on
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.worker.leader import run_tasks
from tests.support.command_line import environment, run

ENV = environment(DATABASE_URL=os.environ["DATABASE_URL"])


@pytest.fixture(scope="module")
def conn():
    """A connection to the migrated database, in which an employee has three approved days."""
    with connect_as_table_owner(os.environ["DATABASE_URL"]) as conn:
        migrate(conn)
        context = Context(org_id=create_organization(conn, "Toys").id, actor=Actor("cli", "toys"), request_id="toys")
        days = {"start_date": date(2026, 11, 9), "end_date": date(2026, 11, 11)}
        leave = execute_on(conn, RequestLeave(employee_id="emp-7", type="earned", **days), context)
        execute_on(conn, UpdateLeave(id=leave.id, status="approved"), context)
        yield conn


def sums(conn):
    return conn.execute("SELECT employee_id, amount, objects FROM leave_days").fetchall()


def test_the_worker_adds_to_it(conn):
    run_tasks(conn)

    assert sums(conn) == [("emp-7", Decimal(3), 1)]


def test_it_is_listed_rebuilt_and_verified(conn):
    run("projections", "rebuild", "leave_days", env=ENV)
    run("projections", "verify", "leave_days", env=ENV)
    listed = json.loads(run("projections", "list", "--json", env=ENV).out)

    assert sums(conn) == [("emp-7", Decimal(3), 1)]
    assert "leave_days" in {row["name"] for row in listed}


def test_verify_finds_a_wrong_sum(conn):
    conn.execute("UPDATE leave_days SET amount = 4")

    run("projections", "verify", "leave_days", env=ENV, status=1)
