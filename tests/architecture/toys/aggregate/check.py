"""Holidays work over HTTP, in the log, in the past, in the reference, in rebuilds and in the audit tools."""

import json
import os

import pytest
from falcon import testing

from infra.bootstrap import app_on
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.postgres.pool import open_pool
from tests.support.command_line import environment, run
from tests.support.openapi import build_document, operations

URL = os.environ["DATABASE_URL"]


@pytest.fixture(scope="module")
def client():
    """A client of the application on the migrated database, with a key of a new organization."""
    with connect_as_table_owner(URL) as conn:
        migrate(conn)
        org = create_organization(conn, "Toys")["id"]
        key = create_key(conn, org, "toys", ("leaves:read", "leaves:write"), 1000, None)
    with open_pool(URL, 2) as pool:
        headers = {"Authorization": f"Bearer {key.raw}"}
        yield testing.TestClient(app_on(pool), headers=headers)


@pytest.fixture(scope="module")
def holiday(client):
    """A holiday that was planned and cancelled."""
    made = client.simulate_post("/api/v1/holidays", json={"name": "Diwali", "day": "2026-11-08"})
    assert made.status_code == 201, made.text
    changed = client.simulate_patch(f"/api/v1/holidays/{made.json['data']['id']}", json={"status": "cancelled"})
    assert changed.status_code == 200, changed.text
    return changed.json["data"]


def get(client, path):
    response = client.simulate_get(f"/api/v1{path}")
    assert response.status_code == 200, response.text
    return response.json["data"]


def test_it_is_listed_and_found(client, holiday):
    assert get(client, "/holidays?status=cancelled&dateFrom=2026-11-01") == [holiday]
    assert get(client, f"/holidays/{holiday['id']}") == holiday


def test_it_is_shown_as_it_was(client, holiday):
    assert get(client, f"/holidays/{holiday['id']}?version=1")["status"] == "planned"


def test_its_events_are_shown(client, holiday):
    names = ["holiday.planned", "holiday.cancelled"]

    assert [event["type"] for event in get(client, "/events")] == names
    assert [event["type"] for event in get(client, f"/holidays/{holiday['id']}/events")] == names


def test_a_second_cancellation_is_refused_by_its_own_rule(client, holiday):
    response = client.simulate_patch(f"/api/v1/holidays/{holiday['id']}", json={"status": "cancelled"})

    assert (response.status_code, response.json["error"]["code"]) == (409, "invalid_transition")


def test_the_reference_describes_it_with_examples():
    described = operations(build_document())
    create = described["createHoliday"][2]["responses"]["201"]["content"]["application/json"]["example"]

    assert {f"{verb}Holiday" for verb in ("create", "get", "update")} <= set(described)
    assert {"listHolidays", "listHolidayEvents"} <= set(described)
    assert create["data"]["status"] == "planned"


def test_its_table_is_rebuilt_and_verified(client, holiday):
    env = environment(DATABASE_URL=URL)
    run("projections", "rebuild", "holidays", env=env)
    run("projections", "verify", "holidays", env=env)
    listed = json.loads(run("projections", "list", "--json", env=env).out)

    assert get(client, "/holidays") == [holiday]
    assert "holidays" in {row["name"] for row in listed}


def test_the_audit_tools_tell_its_history(client, holiday):
    history = run("audit", "history", holiday["id"], env=environment(DATABASE_URL=URL)).out

    assert "holiday.planned" in history
    assert "holiday.cancelled" in history


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("list cancelled holidays", "/api/v1/holidays?status=cancelled'"),
        ("who cancelled the holiday", "/events'"),
    ],
)
def test_the_assistant_answers_questions_about_it(client, question, code):
    response = client.simulate_post("/api/v1/assistant", json={"question": question, "language": "curl"})
    (sample,) = response.json["data"]["samples"]

    assert code in sample["code"], response.text
    assert "/holidays" in sample["code"]
