"""The page that shows a secret once: after the command is stored, nothing can keep the secret from its reader."""

import re
from urllib.parse import urlencode

import pytest
from falcon import testing

from infra.audit.security_events import SecurityEventFilter, list_security_events
from infra.bootstrap import app_on
from infra.log.command_bus import PostgresCommandBus
from infra.postgres.database import connect_as_table_owner
from infra.postgres.pool import open_pool
from tests.support.console import SESSION, new_user, open_session
from tests.support.organization import Organization
from tests.support.postgres import logins_of
from tests.support.trips import without_haste

SECRET = re.compile(r"sd_live_[0-9A-Za-z]{36}")
NEW = "/settings/developer/new"
HOST = "localhost"


class LastCommand(PostgresCommandBus):
    """A command bus whose process loses all its connections to the database as soon as a command is stored."""

    def execute(self, *args, **options):
        result = super().execute(*args, **options)
        self._pool.close()
        return result


@pytest.fixture
def owner(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def organization(owner):
    return Organization("", owner)


@pytest.fixture
def browser(own_database, owner, organization, monkeypatch):
    """A client of the console, whose first command is the last thing that reaches the database."""
    monkeypatch.setattr("infra.bootstrap.PostgresCommandBus", LastCommand)
    cookie = f"{SESSION}={open_session(owner, new_user(owner, organization.id).user.id)}"
    with open_pool(logins_of(own_database), 2) as pool:
        yield testing.TestClient(app_on(pool), headers={"Host": HOST, "Cookie": cookie})


def send(browser, path, **fields):
    page = browser.simulate_get(path, extras=without_haste())
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    form = {"Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded"}
    return browser.simulate_post(path, body=urlencode({**hidden, **fields}), headers=form, extras=without_haste())


def kinds(owner):
    return [event.kind for event in list_security_events(owner, SecurityEventFilter())]


def test_a_new_key_is_shown_whatever_happens_after_it_is_stored(browser, owner):
    response = send(browser, NEW, name="Zapier", scope="billing:read", limit="10")
    assert response.status_code == 200, response.text
    assert SECRET.search(response.text)
    assert kinds(owner)[-2:] == ["key.created", "key.shown"]


@pytest.mark.parametrize(
    ("hours", "words"), [("1", "an earlier secret still works"), ("0", "The previous secret has stopped working")]
)
def test_a_rotated_secret_is_shown_whatever_happens_after_it_is_stored(browser, owner, organization, hours, words):
    key = organization.new_key()
    response = send(browser, f"/settings/developer/keys/{key.row['id']}/rotate", overlap=hours)
    assert response.status_code == 200, response.text
    assert SECRET.search(response.text) and words in response.text
    assert kinds(owner)[-2:] == ["key.rotated", "key.shown"]
