"""Holidays work over HTTP, in the log, in the past, in the reference, in rebuilds and in the audit tools."""

import json
import os
import re

import pytest
from falcon import testing

from infra.bootstrap import app_on
from infra.identity import users
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.postgres.pool import open_pool
from tests.support.command_line import environment, run
from tests.support.console import open_session
from tests.support.openapi import build_document, operations
from tests.support.postgres import logins_of

URL = os.environ["DATABASE_URL"]


@pytest.fixture(scope="module")
def client():
    """A client of the application on the migrated database, with a key and a session of a new organization."""
    with connect_as_table_owner(URL) as conn:
        migrate(conn)
        org = create_organization(conn, "Toys").id
        user = users.create_user(conn, org, "toys@example.in", "owner").user.id
        cookie = f"smartdhandha_session={open_session(conn, user)}"
        key = create_key(conn, org, "toys", ("holidays:read", "holidays:write"), 1000, None)
    with open_pool(logins_of(URL), 2) as pool:
        headers = {"Authorization": f"Bearer {key.raw}", "Host": "localhost", "Cookie": cookie}
        yield testing.TestClient(app_on(pool), headers=headers)


@pytest.fixture(scope="module")
def holiday(client):
    """A holiday that was planned and cancelled."""
    response = client.simulate_post("/api/v1/holidays", json={"name": "Diwali", "day": "2026-11-08"})
    assert response.status_code == 201, response.text
    changed = client.simulate_patch(f"/api/v1/holidays/{response.json['data']['id']}", json={"status": "cancelled"})
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
    assert "This public holiday is cancelled" in response.json["error"]["message"]


@pytest.mark.parametrize(("method", "field"), [("POST", "status"), ("PATCH", "day"), ("PATCH", "updatedAt")])
def test_a_field_that_it_declares_read_only_is_refused(client, holiday, method, field):
    path = "/api/v1/holidays" if method == "POST" else f"/api/v1/holidays/{holiday['id']}"
    body = {"name": "Holi", "day": "2026-03-04"} if method == "POST" else {"status": "cancelled"}
    response = client.simulate_request(method, path, json={**body, field: "2026-03-04"})

    details = response.json["error"]["details"]
    assert (response.status_code, [(each["field"], each["code"]) for each in details]) == (
        422,
        [(field, "read_only_field")],
    )


def test_its_ids_begin_with_its_prefix(holiday):
    assert holiday["id"].startswith("hol_")


def test_a_key_without_its_scope_is_refused(client):
    with connect_as_table_owner(URL) as conn:
        other = create_key(conn, create_organization(conn, "Others").id, "others", ("leaves:read",), 1000, None)
    response = client.simulate_get("/api/v1/holidays", headers={"Authorization": f"Bearer {other.raw}"})

    assert response.json["error"]["requiredScope"] == "holidays:read"


def test_the_activity_page_tells_of_it(client, holiday):
    page = client.simulate_get("/activity").text
    words = [" ".join(re.sub("<[^>]+>", " ", line).split()) for line in re.findall(r"<li.*?</li>", page, re.DOTALL)]

    sentences = [line for line in words if "public holiday Diwali on 8 Nov 2026" in line]
    assert len(sentences) == 2
    assert "cancelled public holiday" in sentences[0] and "planned public holiday" in sentences[1]
    assert "Public holiday: planned" in page  # the filter of types


def test_its_history_is_a_page(client, holiday):
    page = client.simulate_get(f"/activity/{holiday['id']}").text

    assert "Public holiday Diwali on 8 Nov 2026" in page or "public holiday Diwali on 8 Nov 2026" in page
    assert "<bdi>8 Nov 2026</bdi>" in page  # The field `day` is declared as a date.


def test_its_scopes_are_offered_for_a_new_key(client):
    form = client.simulate_get("/settings/developer/new").text

    assert 'value="holidays:read"' in form
    assert "Plan and cancel holidays." in form


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
