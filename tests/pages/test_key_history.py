"""The history on the page of a key."""

from datetime import timedelta

from falcon import testing

from api.console.keys.key_page import TITLES
from domain.api_key import ApiKey
from infra.bootstrap import app_on
from infra.identity.keys import rotate_key
from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import open_pool
from tests.support.console import SESSION, new_user, open_session
from tests.support.organization import Organization
from tests.support.postgres import logins_of
from tests.support.trips import without_haste


def test_every_event_of_a_key_has_a_title():
    assert {name.partition(".")[2] for name in ApiKey.event_classes()} == {*TITLES}


def test_a_history_that_is_too_long_for_the_page_shows_the_newest_events(own_database, monkeypatch):
    monkeypatch.setattr("api.console.keys.key_page.MAX_EVENTS", 2)
    with connect_as_table_owner(own_database) as owner, open_pool(logins_of(own_database), 2) as pool:
        organization = Organization("", owner)
        id = organization.new_key().row["id"]
        secrets = [rotate_key(owner, id, timedelta(hours=1)).raw[-4:] for _ in range(3)]
        session = open_session(owner, new_user(owner, organization.id).user.id)
        client = testing.TestClient(app_on(pool), headers={"Host": "localhost", "Cookie": f"{SESSION}={session}"})
        page = client.simulate_get(f"/settings/developer/keys/{id}", extras=without_haste()).text
    history = page.partition('<h2 id="history">')[2]
    assert history.count("<strong>Rotated</strong>") == 2
    assert f"sd_live_…{secrets[2]}" in history.partition("</li>")[0]
