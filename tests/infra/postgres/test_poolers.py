"""Behind a pooler: what works, and what the service refuses with a sentence that says why.

Seen red with the checks taken out of `connect_as_table_owner`, `DatabaseHealth` and `BackgroundWorker`.
"""

import threading
from contextlib import contextmanager

import httpx
import psycopg
import pytest

from infra.identity.organizations import get_test_organization
from infra.postgres.database import APP_ROLE, PoolerFound, connect_as_table_owner
from infra.postgres.logins import LIMITS, Logins, UnfitLogin, check_application
from infra.postgres.pool import open_pool
from infra.postgres.poolers import is_pooled, shares_sessions
from infra.postgres.readiness.health import DatabaseHealth
from infra.worker.leader import TRY_TO_LEAD, BackgroundWorker
from tests.support.client import data_of
from tests.support.log_ins import GRANT, connected, new_login
from tests.support.organization import Organization
from tests.support.pooler import Pooler
from tests.support.postgres import application_login
from tests.support.scenarios import draft_invoice
from tests.support.service import Service
from tests.support.terminal import refusal
from tests.support.waiting import wait_until

SETTINGS = [f"ALTER ROLE {{}} SET {name} = '{value}'" for name, value in {**LIMITS, "timezone": "UTC"}.items()]
"""What gives a log-in the settings that a pooler drops (docs/operations.md)."""


@pytest.fixture(scope="module")
def database(new_database):
    return new_database()


@pytest.fixture(scope="module")
def fit(database):
    """A log-in of the application that has its settings by itself."""
    with new_login(database, GRANT, *SETTINGS) as conninfo:
        yield conninfo


@contextmanager
def health_through(pooler, conninfo):
    """Yield the check of `/readyz` for connections that lead through the pooler."""
    with open_pool(Logins("", pooler.address(conninfo)), 2) as pool:
        pool.wait()
        yield DatabaseHealth(pool)


def test_behind_a_pooler_the_service_serves_and_is_ready_until_the_pooler_logs_in_as_another(database, fit, tmp_path):
    """Several clients use the same sessions in turn, and each has its own statements."""
    log = tmp_path / "serve.log"
    with Pooler(fit) as pooler, connect_as_table_owner(database) as owner:
        with Service(database, log=log, SMARTDHANDHA_APP_DATABASE_URL=pooler.address(fit)) as service:
            organization = Organization(service.url, owner)
            api = organization.api()
            ids = [draft_invoice(api)["id"] for _ in range(12)]
            assert [api.read(f"invoices/{id}")["id"] for id in ids] == ids
            assert {row["id"] for row in api.read("invoices")} == {*ids}
            assert wait_until(lambda: api.read("requests", method="POST", limit=12)[11:])
            sibling = Organization(service.url, owner, id=get_test_organization(owner, organization.id))
            tester = sibling.api()
            moved = data_of(tester.post("test/clock", json={"now": "2090-01-01T00:00:00Z"}), 200)
            assert draft_invoice(tester)["createdAt"] > moved["now"]
            data_of(tester.post("test/reset"), 200)
            assert tester.read("invoices") == []
            sibling.close()
            assert readiness(service).status_code == 200
            pooler.renew(database)
            response = readiness(service)
            organization.close()
        assert pooler.shared > 0
    assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")
    assert "have the role postgres" in response.json()["error"]["message"]
    assert "the service is not ready: The connections that serve requests have the role postgres" in log.read_text()


def readiness(service):
    return httpx.get(f"{service.url}/readyz", trust_env=False)


def test_a_log_in_of_the_role_itself_is_ready(database):
    """As on a distributed database, whose nodes log in to each other as the role."""
    with connected(database) as owner:
        owner.execute(f"ALTER ROLE {APP_ROLE} LOGIN")
        try:
            with open_pool(Logins(database), 1) as pool:
                assert DatabaseHealth(pool).problem() is None
        finally:
            owner.execute(f"ALTER ROLE {APP_ROLE} NOLOGIN")


# ── Not ready ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_another_role_the_service_is_not_ready_and_logs_it_once(database, fit, caplog):
    with Pooler(database) as pooler, health_through(pooler, fit) as health:
        said = [health.problem() for _ in range(2)]
    assert said[0] == said[1]
    assert "have the role postgres" in said[0] and "row-level security" in said[0] and "Poolers" in said[0]
    logged = [line.getMessage() for line in caplog.records if line.name == "smartdhandha.database"]
    assert logged == [f"the service is not ready: {said[0]}"]


def test_without_its_limits_the_service_is_not_ready_until_the_log_in_has_them(database, caplog):
    with new_login(database, GRANT) as conninfo, connected(database) as owner:
        with Pooler(conninfo) as pooler, health_through(pooler, conninfo) as health:
            said = health.problem()
        assert all(name in said for name in LIMITS) and "ALTER ROLE" in said
        login = psycopg.conninfo.conninfo_to_dict(conninfo)["user"]
        for setting in SETTINGS:
            owner.execute(setting.format(login))
        with Pooler(conninfo) as pooler, health_through(pooler, conninfo) as health:
            assert health.problem() is None


@pytest.mark.parametrize("value", ["0", "2s"])
def test_no_limit_and_a_longer_one_are_named(database, value):
    setting = f"ALTER ROLE {{}} SET lock_timeout = '{value}'"
    with (
        new_login(database, GRANT, *SETTINGS, setting) as conninfo,
        Pooler(conninfo) as pooler,
        health_through(pooler, conninfo) as health,
    ):
        assert "lack their settings of lock_timeout:" in health.problem()


def test_a_pooler_that_mixes_up_statements_is_named_with_its_versions(database, fit):
    """As PgBouncer 1.18 of Debian 12 does."""
    with Pooler(fit, renames=False) as pooler, health_through(pooler, fit) as health:
        said = health.problem()
    assert "does not keep their prepared statements apart" in said
    assert "PgBouncer 1.21 or newer" in said and "1.18 of Debian 12" in said


def test_a_pooler_that_gives_each_client_a_session_of_its_own_may_leave_statements_as_they_are(database, fit):
    with Pooler(fit, renames=False, shares=False) as pooler, health_through(pooler, fit) as health:
        assert health.problem() is None


def test_a_pooler_that_refuses_settings_is_named_at_the_start(database, fit):
    with Pooler(fit, refuses_options=True) as pooler, connected(database) as owner:
        with pytest.raises(UnfitLogin, match=r"unsupported startup parameter.*PgBouncer 1\.21 or newer.*lock_timeout"):
            check_application(owner, pooler.address(application_login(database)))
        with pytest.raises(PoolerFound, match="that refuses the settings of the service"):
            connect_as_table_owner(pooler.address(database))


# ── The owner's connections ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_pooler_that_shares_sessions_is_refused_for_the_owner(database):
    with Pooler(database) as pooler:
        with pytest.raises(PoolerFound, match="gives one session of PostgreSQL to several clients"):
            connect_as_table_owner(pooler.address(database))
        said = refusal(DATABASE_URL=pooler.address(database))
    assert "Set DATABASE_URL to the address of PostgreSQL itself" in said and "docs/operations.md" in said


def test_a_pooler_that_shares_nothing_and_a_direct_connection_are_accepted(database):
    with Pooler(database, shares=False) as pooler, connect_as_table_owner(pooler.address(database)) as conn:
        assert is_pooled(conn)
    with connect_as_table_owner(database) as conn:
        assert not is_pooled(conn)


def test_two_clients_of_a_shared_session_hold_one_lock(database):
    """Why the owner must not use such a pooler: both would lead."""
    with Pooler(database) as pooler:
        address = pooler.address(database)
        with connected(address) as first, connected(address) as second:
            assert [conn.execute(TRY_TO_LEAD, (1,)).fetchone() for conn in (first, second)] == [(True,), (True,)]
            assert shares_sessions(first, second)


def test_a_worker_behind_such_a_pooler_does_not_lead_and_the_service_is_not_ready(database, pool, caplog):
    caplog.set_level("INFO")
    with Pooler(database) as pooler:
        worker = BackgroundWorker(pooler.address(database), retry_interval_seconds=0.02)
        thread = threading.Thread(target=worker.run)
        thread.start()
        try:
            wait_until(lambda: worker.problem is not None)
            assert DatabaseHealth(pool, others=[lambda: worker.problem]).problem() == worker.problem
        finally:
            worker.stop()
            thread.join()
    assert "DATABASE_URL leads to a pooler" in str(worker.problem)
    assert "this worker leads" not in caplog.text
