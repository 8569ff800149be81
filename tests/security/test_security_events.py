"""Whatever a person does that security depends on leaves a row and a line: who, from where, to what, in which request.

Seen red with commands that stored no events, and without `write_lines`: in `operator_transaction` (users, copies of
the log) and in `execute_on` (keys).
"""

import json
import re
from typing import Any

import pytest

from domain.accounts.security_event import SecurityEventKind
from infra.audit.security_events import SecurityEventFilter, list_security_events
from infra.identity import users
from infra.identity.organizations import get_test_organization
from infra.postgres.database import connect_as_table_owner
from tests.support.client import data_of
from tests.support.command_line import environment, run, run_process
from tests.support.console import ADDRESS_HEADER, PASSWORD, SESSION, Console, new_user, open_session
from tests.support.mcp import call
from tests.support.organization import Organization
from tests.support.postgres import is_denied
from tests.support.senders import LOOPBACK
from tests.support.service import Service

SETTINGS: dict[str, Any] = {"SMARTDHANDHA_ADDRESS_HEADER": ADDRESS_HEADER, "SMARTDHANDHA_WEBHOOK_ALLOW": LOOPBACK}


@pytest.fixture
def log(tmp_path):
    return tmp_path / "stderr"


@pytest.fixture
def place(own_database, log):
    """A service of this test alone, whose log is `log`, and the owner of its database."""
    with (
        Service(own_database, "--workers", "1", log=log, **SETTINGS) as service,
        connect_as_table_owner(own_database) as owner,
    ):
        yield service, owner


@pytest.fixture
def said():
    """The lines of the program log that the commands of a test have written, parsed."""
    return []


@pytest.fixture
def cli(own_database, said):
    """Return a function that runs a command on the database of this test, and returns its JSON."""
    env = environment(DATABASE_URL=own_database)

    def ask(*words):
        done = run(*words, "--json", env=env)
        said.extend(map(json.loads, done.err.splitlines()))
        return json.loads(done.out)

    return ask


def rows(owner):
    return list_security_events(owner, SecurityEventFilter())


def lines(log):
    said = map(json.loads, log.read_text().splitlines())
    return [line for line in said if line["logger"] == "smartdhandha.security"]


def test_a_persons_way_through_the_console_leaves_a_row_and_a_line_for_each_step(place, log, cli):
    service, owner = place
    org_id = cli("org", "create", "Sharma Textiles")["id"]
    link = new_user(owner, org_id)
    user_id = link.user.id
    with Console(service.url) as browser:
        address = browser.headers[ADDRESS_HEADER]
        assert browser.fill(link.path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
        browser.cookies.set(SESSION, open_session(owner, user_id), domain="127.0.0.1")
        new = {"name": "Zapier", "scope": "billing:read", "limit": "10"}
        key_id = re.findall(r"key_\w+", browser.fill("/settings/developer/new", new).text)[0]
        path = f"/settings/developer/keys/{key_id}"
        assert "sd_live_" in browser.fill(f"{path}/rotate", {"overlap": "1"}).text
        browser.fill(f"{path}/revoke")
        browser.fill(f"{path}/revoke", on="/logout")  # changes nothing
        shown = browser.fill("/settings/webhooks/new", {"url": f"{service.url}/hooks", "scope": "billing:read"})
        webhook_id = re.findall(r"whk_\w+", shown.text)[0]
        browser.fill(f"/settings/webhooks/{webhook_id}/pause", on="/logout")
        ended = browser.fill("/logout", {"everywhere": "1"})
        browser.cookies.set(SESSION, open_session(owner, user_id), domain="127.0.0.1")
        browser.fill("/logout")
    expected = [
        ("user.created", "operator", user_id, None),
        ("link.created", "operator", user_id, None),
        ("link.used", "user", user_id, address),
        ("password.set", "user", user_id, address),
        ("key.created", "user", key_id, address),
        ("key.shown", "user", key_id, address),
        ("key.rotated", "user", key_id, address),
        ("key.shown", "user", key_id, address),
        ("key.revoked", "user", key_id, address),
        ("webhook.created", "user", webhook_id, address),
        ("webhook.shown", "user", webhook_id, address),
        ("webhook.changed", "user", webhook_id, address),
        ("session.ended_everywhere", "user", user_id, address),
        ("session.ended", "user", user_id, address),
    ]
    found = rows(owner)
    assert [(row.kind, row.actor_type, row.object, row.address) for row in found] == expected
    assert {row.org for row in found} == {org_id}
    assert {row.actor for row in found if row.actor_type == "user"} == {user_id}
    (everywhere,) = (row for row in found if row.kind == "session.ended_everywhere")
    assert everywhere.request_id == ended.headers["X-Request-Id"]
    said = lines(log)
    assert [(line["event"], line["message"], line["object"], line["address"]) for line in said] == [
        (row.id, row.kind, row.object, row.address) for row in found if row.address
    ]
    assert said[0].keys() >= {"recordedAt", "org", "actorType", "actor", "requestId"}


def test_what_keys_do_through_the_api_and_tools_leaves_a_row_and_a_line_for_each_step(place, log, cli):
    """Seen red with a reset that stores no event, and with the proxy's address in the request of a tool."""
    service, owner = place
    organization = Organization(service.url, owner, id=cli("org", "create", "Sharma Textiles")["id"])
    test_mode = Organization(service.url, owner, id=get_test_organization(owner, organization.id))
    manager, tester = organization.managing_api(), test_mode.api()
    manager_id, tester_id = (api.read("me")["key"]["id"] for api in (manager, tester))
    for address, api in (("192.0.2.7", manager), ("2001:db8::7", tester)):
        api.headers[ADDRESS_HEADER] = address
    made = manager.create("keys", {"name": "Zapier", "scopes": ["billing:read"]})["id"]
    for path in (f"keys/{made}/rotate", f"keys/{made}/revoke"):
        data_of(manager.post(path, json={}), 201)
    webhook = manager.create("webhooks", {"url": f"{service.url}/hooks"})["id"]
    manager.update(f"webhooks/{webhook}", {"description": "of nobody"})
    manager.update(f"webhooks/{webhook}", {"description": "of nobody"})  # changes nothing
    call(manager, "rotateWebhook", id=webhook)
    data_of(manager.delete(f"webhooks/{webhook}"), 200)
    reset = tester.post("test/reset")
    assert data_of(reset, 200)["position"] == 1 and not call(tester, "resetTestMode")["isError"]
    found = [row for row in rows(owner) if row.actor_type == "api_key"]
    of_key = ["key.created", "key.shown", "key.rotated", "key.shown", "key.revoked"]
    of_webhook = [f"webhook.{kind}" for kind in ("created", "shown", "changed", "rotated", "shown", "deleted")]
    assert [(row.org, row.kind, row.actor, row.object, row.address) for row in found] == [
        *((organization.id, kind, manager_id, made, "192.0.2.7") for kind in of_key),
        *((organization.id, kind, manager_id, webhook, "192.0.2.7") for kind in of_webhook),
        *[(test_mode.id, "log.emptied", tester_id, None, "2001:db8::7")] * 2,
    ]
    assert found[-2].request_id == reset.headers["X-Request-Id"]
    assert [(line["event"], line["message"], line["actor"], line["address"]) for line in lines(log)] == [
        (row.id, row.kind, row.actor, row.address) for row in found
    ]
    for each in (organization, test_mode):
        each.close()


def test_what_an_operator_does_leaves_a_row_and_a_line(cli, said, own_database, tmp_path):
    org_id = cli("org", "create", "Sharma Textiles")["id"]
    user_id = cli("user", "create", "--org", org_id, "--email", "asha@example.in", "--role", "viewer")["id"]
    cli("user", "link", "asha@example.in")
    cli("user", "role", "asha@example.in", "owner")
    cli("user", "role", "asha@example.in", "owner")  # changes nothing
    other_id = cli("user", "create", "--org", org_id, "--email", "mina@example.in", "--role", "owner")["id"]
    cli("user", "role", "asha@example.in", "admin")
    key_id = cli("key", "create", "--org", org_id, "--name", "Web", "--scope", "billing:read")["id"]
    cli("key", "show", key_id)  # shows no secret
    cli("key", "rotate", key_id)
    cli("key", "revoke", key_id)
    webhook_id = cli("webhook", "create", "--org", org_id, "--url", "https://127.0.0.1/hooks")["id"]
    cli("audit", "export", "--org", org_id, "--out", str(tmp_path / "copy"))
    cli("audit", "seal", "--key", str(tmp_path / "key"), "--out", str(tmp_path / "seal"))
    cli("user", "remove", "asha@example.in")
    with connect_as_table_owner(own_database) as owner:
        found = rows(owner)
    assert [(row.kind, row.org, row.object) for row in found] == [
        ("user.created", org_id, user_id),
        ("link.created", org_id, user_id),
        ("link.created", org_id, user_id),
        ("user.promoted", org_id, user_id),
        ("user.created", org_id, other_id),
        ("link.created", org_id, other_id),
        ("user.demoted", org_id, user_id),
        ("key.created", org_id, key_id),
        ("key.shown", org_id, key_id),
        ("key.rotated", org_id, key_id),
        ("key.shown", org_id, key_id),
        ("key.revoked", org_id, key_id),
        ("webhook.created", org_id, webhook_id),
        ("webhook.shown", org_id, webhook_id),
        ("log.exported", org_id, None),
        ("log.sealed", None, None),
        ("user.removed", org_id, user_id),
    ]
    assert [(line["event"], line["message"], line["actor"], line["requestId"]) for line in said] == [
        (row.id, row.kind, row.actor, row.request_id) for row in found
    ]
    assert {(row.actor_type, row.address) for row in found} == {("operator", None)}
    assert all(row.actor and row.request_id.startswith("cli_") for row in found)
    promoted = next(row for row in found if row.kind == "user.promoted")
    assert promoted.details == {"role": "owner", "earlierRole": "viewer"}


def test_an_import_leaves_a_row_and_a_line(cli, new_database, tmp_path):
    cli("org", "create", "Sharma Textiles")
    cli("audit", "export", "--out", str(tmp_path / "copy"))
    other = new_database()
    done = run("audit", "import", str(tmp_path / "copy"), env=environment(DATABASE_URL=other))
    with connect_as_table_owner(other) as owner:
        (row,) = rows(owner)
    assert (row.kind, row.details) == ("log.imported", {"organizations": 1, "events": 0})
    assert json.loads(done.err)["event"] == row.id and "{" not in done.out


def test_a_copy_that_goes_to_standard_output_stays_whole(cli, own_database):
    cli("org", "create", "Sharma Textiles")
    done = run_process("audit", "export", "--out", "-", env=environment(DATABASE_URL=own_database))
    assert json.loads(done.err)["message"] == "log.exported" and "log.exported" not in done.out


FORBIDDEN = [
    "SELECT FROM security_events",
    "INSERT INTO security_events (kind, request_id) VALUES ('login.succeeded', 'x')",
    "UPDATE security_events SET kind = 'x'",
    "DELETE FROM security_events",
    "TRUNCATE security_events",
]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_the_application_can_add_events_by_its_function_and_do_nothing_else(pool, sql):
    record = "SELECT record_security_event('key.shown', NULL, 'user', 'u', 'k', '192.0.2.1', 'req_1', NULL)"
    with pool.connection() as conn, conn.transaction(force_rollback=True):
        assert conn.execute(record).fetchone() is not None
        assert is_denied(conn, sql)


def test_the_database_stores_no_kind_that_the_service_does_not_know(owner):
    sql = "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosrc LIKE '%record_security%'"
    named = re.compile(r"'((?:login|throttling|session|link|password|user|key|webhook|log)\.\w+)'")
    kinds = {kind for (source,) in owner.execute(sql) for kind in named.findall(source)}
    assert kinds and kinds <= set(SecurityEventKind)


def test_an_event_carries_the_databases_time(pool, owner):
    before = owner.execute("SELECT clock_timestamp()").fetchone()
    users_id = "user_of_this_test"
    with pool.connection() as conn:
        conn.execute(
            "SELECT record_security_event('key.shown', NULL, 'user', %s, 'k', NULL, 'req_1', NULL)", (users_id,)
        )
    (row,) = list_security_events(owner, SecurityEventFilter(user=users_id))
    assert before <= (row.at,) <= owner.execute("SELECT clock_timestamp()").fetchone()


def test_a_removed_user_is_found_by_the_address_in_older_events(owner, organization):
    new_user(owner, organization.id)  # somebody must stay
    email = new_user(owner, organization.id).user.email
    users.remove_user(owner, email)
    kinds = [row.kind for row in list_security_events(owner, SecurityEventFilter(user=email.upper()))]
    assert kinds == ["user.created", "link.created", "user.removed"]
