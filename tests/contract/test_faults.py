"""Faults: the database is not reachable (503), and an unexpected error (500)."""

import psycopg
import pytest
from psycopg import sql

from infra.postgres.database import connect_as_table_owner
from tests.support.client import error_of
from tests.support.organization import Organization
from tests.support.scenarios import invoice_body
from tests.support.service import Service
from tests.support.waiting import wait_until


@pytest.fixture
def damaged(own_database):
    """A service on a database of its own, an API of it, and a connection with which to damage the database."""
    with Service(own_database) as service, connect_as_table_owner(own_database) as owner:
        organization = Organization(service.url, owner)
        yield organization.api(), owner
        organization.close()


def test_a_database_that_is_away_503_and_the_service_recovers(damaged, postgres):
    api, owner = damaged
    name = owner.info.dbname
    with connect_as_table_owner(psycopg.conninfo.make_conninfo(postgres)) as admin:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        admin.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND application_name = %s",
            (name, "smartdhandha"),
        )
        for response in (api.get("invoices"), api.post("invoices", json=invoice_body())):
            error_of(response, 503, "unavailable")
            assert int(response.headers["Retry-After"]) > 0
        admin.execute(allow.format(sql.Identifier(name), sql.SQL("true")))
    wait_until(lambda: api.get("invoices").status_code == 200)


def test_an_unexpected_fault_500_shows_no_internals(damaged):
    api, owner = damaged
    owner.execute("DROP VIEW invoice_list")
    response = api.get("invoices")
    error_of(response, 500, "internal_error")
    assert not [word for word in ("SELECT", "invoice_list", "psycopg", "Traceback", ".py") if word in response.text]
    assert response.headers["X-RateLimit-Limit"]


def test_the_stored_response_and_the_events_are_saved_together_or_not_at_all(damaged):
    api, owner = damaged
    retry, body = {"Idempotency-Key": "again"}, invoice_body()
    owner.execute("ALTER TABLE idempotency_keys ADD CONSTRAINT out_of_order CHECK (key <> 'again')")
    error_of(api.post("invoices", json=body, headers=retry), 500, "internal_error")
    assert (api.read("invoices"), api.read("events")) == ([], [])
    owner.execute("ALTER TABLE idempotency_keys DROP CONSTRAINT out_of_order")
    responses = [api.post("invoices", json=body, headers=retry) for _ in range(2)]
    assert responses[0].status_code == 201 and responses[0].content == responses[1].content
    assert len(api.read("events")) == 1
