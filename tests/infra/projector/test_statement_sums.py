"""The usage projection: credits per key, hour and route are summed, rebuilt and verified."""

import json

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.projector.statement_sums import StatementSums
from projections.accounts.usage import USAGE
from tests.support.command_line import run
from tests.support.organization import Organization
from tests.support.waiting import run_at_once


@pytest.fixture
def asked(organization):
    """Five requests to two routes by one key."""
    api = organization.api()
    for path in ("invoices", "invoices", "bills", "invoices", "bills"):
        api.read(path)


def sums(owner, organization):
    sql = "SELECT route, sum(credits)::int FROM usage_hours WHERE org_id = %s GROUP BY 1 ORDER BY 1"
    return dict(owner.execute(sql, (organization.id,)).fetchall())


SUMS_OF_USAGE = StatementSums(USAGE)
SUMS = {"GET /api/v1/bills": 2, "GET /api/v1/invoices": 3}


def lag(env, *options):
    listed = json.loads(run("projections", "list", "--json", *options, env=env).out)
    return next(projection["lag"] for projection in listed if projection["name"] == "usage")


def verified(env, organization, status=0):
    done = run("projections", "verify", "usage", "--org", organization.id, "--json", env=env, status=status)
    return json.loads(done.out)["differences"]


def test_the_worker_sums_by_route(asked, organization, owner):
    SUMS_OF_USAGE.add_new(owner)
    assert sums(owner, organization) == SUMS


def test_the_worker_adds_each_request_once(asked, organization, owner):
    SUMS_OF_USAGE.add_new(owner)
    assert SUMS_OF_USAGE.add_new(owner).events == 0
    assert sums(owner, organization) == SUMS


def test_requests_that_are_not_summed_yet_are_the_lag(asked, organization, owner, env):
    assert lag(env, "--org", organization.id) == 5
    SUMS_OF_USAGE.add_new(owner)
    assert lag(env, "--org", organization.id) == 0


def test_the_lag_of_one_organization_is_its_own(asked, organization, other, env):
    assert lag(env, "--org", other.id) == 0


def test_requests_that_are_not_summed_yet_are_not_a_difference(asked, organization, env):
    assert verified(env, organization) == []


def test_verify_finds_an_altered_sum_and_a_rebuild_repairs_it(asked, organization, owner, env):
    SUMS_OF_USAGE.add_new(owner)
    owner.execute("UPDATE usage_hours SET credits = 9 WHERE org_id = %s AND route LIKE '%%bills'", (organization.id,))
    (difference,) = verified(env, organization, status=1)
    assert (difference["table"], difference["column"], difference["expected"], difference["stored"]) == (
        "usage_hours",
        "credits",
        "2",
        "9",
    )
    assert "GET /api/v1/bills" in difference["id"]
    run("projections", "rebuild", "usage", "--org", organization.id, env=env)
    assert sums(owner, organization) == SUMS and verified(env, organization) == []


def test_verify_finds_a_deleted_sum_and_a_rebuild_restores_it(asked, organization, owner, env):
    SUMS_OF_USAGE.add_new(owner)
    owner.execute("DELETE FROM usage_hours WHERE org_id = %s", (organization.id,))
    assert {(difference["expected"], difference["stored"]) for difference in verified(env, organization, status=1)} == {
        ("2", None),
        ("3", None),
    }
    run("projections", "rebuild", "usage", env=env)
    assert sums(owner, organization) == SUMS


def test_a_rebuild_keeps_the_hours_before_the_ledgers_first_month(asked, organization, owner, env):
    """Their month was dropped from the ledger; a request that is still there is not counted again."""
    (key_id,) = owner.execute("SELECT id FROM api_keys WHERE org_id = %s", (organization.id,)).fetchone()
    old = "2020-01-01T10:00:00Z"
    owner.execute("UPDATE credits SET seq = seq + 1 WHERE key_id = %s", (key_id,))
    owner.execute("INSERT INTO credits VALUES (%s, 1, %s, 'GET', '/api/v1/me')", (key_id, old))
    SUMS_OF_USAGE.add_new(owner)
    owner.execute("UPDATE usage_hours SET credits = 40 WHERE key_id = %s AND hour = %s", (key_id, old))
    run("projections", "rebuild", "usage", "--org", organization.id, env=env)
    assert sums(owner, organization) == {**SUMS, "GET /api/v1/me": 40}
    assert verified(env, organization) == []


def test_concurrent_rebuilds_and_workers_count_each_request_once(organization, database, owner, env):
    apis = [organization.api() for _ in range(2)]

    def work(number):
        with connect_as_table_owner(database) as conn:
            for _ in range(40):
                if number < 2:
                    apis[number].read("invoices")
                elif number < 4:
                    SUMS_OF_USAGE.add_new(conn)
                else:
                    SUMS_OF_USAGE.rebuild(conn, organization.id)

    run_at_once(6, work)
    SUMS_OF_USAGE.add_new(owner)
    assert sums(owner, organization) == {"GET /api/v1/invoices": 80}
    assert verified(env, organization) == []


@pytest.fixture
def other(service, owner):
    new_organization = Organization(service.url, owner, "Other Traders")
    yield new_organization
    new_organization.close()
