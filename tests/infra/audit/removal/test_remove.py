"""`org remove`: nothing is left of an organization but the record, and everything else stays as it was."""

import json
import os
import signal
import stat
from hashlib import sha256

import pytest

from infra.audit.removal.tables import OF_KEY, OF_ORGANIZATION, OF_USER, list_tables
from infra.identity.organizations import get_test_organization
from infra.postgres.database import connect_as_table_owner
from infra.projector.tables.lock import LOCK
from infra.worker.leader import run_round
from tests.support import fork_server
from tests.support.client import Api
from tests.support.command_line import COMMAND, run
from tests.support.console import PASSWORD, Console, new_user, open_session
from tests.support.organization import Organization
from tests.support.removal import NAME, Leaving, columns, rows, rows_with, tables_that_name
from tests.support.scenarios import BILLS, INVOICES, LEAVES, NOTES
from tests.support.service import Service
from tests.support.waiting import wait_until

WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
RECORDS = {"removed_organizations", "security_events"}
"""The tables that name a removed organization: its record, and who has removed it."""
OF_INSTALLATION = {
    "assistant_askers",
    "assistant_passages",
    "assistant_words",
    "login_failures",  # hashes of what was typed, for 15 minutes
    "mail_setup",
    "passkey_challenges",  # hashes of tokens, for some minutes
    "removed_organizations",
    "schema_migrations",
    "secret_keys",
    "setup_codes",
    "signups",  # addresses that belong to no user yet, for some hours
    "worker_runs",
}
"""Tables in which no row belongs to an organization or a user."""
FURTHER = {
    ("events", "originator_id"),
    ("organizations", "live_organization"),
    ("request_records", "org_ending"),
    ("organizations", "test_organization"),
    ("user_links", "shown_in"),
}
"""Columns with ids of organizations or people under other names; the rows go for other reasons."""


@pytest.fixture
def lived(own_database, conn, env, tmp_path):
    """An organization that has used what the service offers, and its people; a second one beside it."""
    with Service(own_database) as service:
        leaving, other = Organization(service.url, conn, NAME), Organization(service.url, conn, "Other Traders")
        test = Organization(service.url, conn, id=get_test_organization(conn, leaving.id))
        for organization in (leaving, test, other):
            use(organization.api())
            organization.close()
        people = [new_user(conn, leaving.id, role).user for role in ("owner", "viewer")]
        tokens = [open_session(conn, person.id) for person in people]
        assert all(tokens)
        run_round(conn)  # as the service's own worker does every 20 seconds
        wait_until(lambda: conn.execute("SELECT FROM request_records").rowcount)
        yield Leaving(conn, env, leaving.id, tmp_path / "copy.jsonl"), [test.id, *(each.id for each in people)]


def use(api):
    for makers in (INVOICES, BILLS, LEAVES, *NOTES.values()):
        for make in makers.values():
            make(api)
    api.create("webhooks", {"url": "https://127.0.0.1/hooks"})


def test_nothing_of_it_is_left_but_the_records(lived, conn):
    leaving, others = lived
    sql = "SELECT id FROM api_keys WHERE org_id = ANY(%s)"
    others += [id for (id,) in conn.execute(sql, ([leaving.id, *others],))]
    texts = [leaving.id, *others]
    before = tables_that_name(conn, texts)
    assert {"credits", "credit_windows"} & before
    assert {"events", "invoices", "webhooks", "memberships", "user_sessions", "past_rows", "request_records"} <= before
    leaving.remove()
    assert wait_until(lambda: tables_that_name(conn, texts) <= RECORDS) is True
    assert tables_that_name(conn, others) <= {"removed_organizations"}
    assert tables_that_name(conn, [NAME]) == set()


def test_every_table_belongs_to_organizations_or_users_or_to_the_installation(conn):
    of_somebody = {table for name in (OF_ORGANIZATION, OF_USER, OF_KEY) for table in list_tables(conn, name)}
    assert {*columns(conn)} - of_somebody == OF_INSTALLATION


def test_no_column_names_organizations_or_people_in_another_way(conn):
    named = {
        (table, column)
        for table, names in columns(conn).items()
        for column in names
        if any(word in column for word in ("org", "user", "member", "person", "shown_in"))
        and column not in (OF_ORGANIZATION, OF_USER)
        and (table, column) != ("events", "personal")  # goes with its event
    }
    assert named - FURTHER == set()


def test_other_organizations_stay_as_they_were(leaving, staying, conn):
    person = new_user(conn, staying).user
    before = rows_with(conn, staying, person.id)
    leaving.remove()
    assert rows_with(conn, staying, person.id) == before
    assert before["events"] and before["users"]


def test_the_copy_is_for_its_owner_and_gives_the_same_log_again(leaving, conn):
    sql = "SELECT * FROM events ORDER BY org_id, position"
    before = conn.execute(sql).fetchall()
    made = leaving.removed()
    assert made["events"] == len(before) == 9 and len(made["organizations"]) == 2
    assert stat.S_IMODE(leaving.copy.stat().st_mode) == 0o600
    assert sha256(leaving.copy.read_bytes()).hexdigest() in made["record"]
    run("audit", "import", str(leaving.copy), env=leaving.env)
    assert conn.execute(sql).fetchall() == before
    run("audit", "verify", env=leaving.env)
    assert leaving.remove(export=f"{leaving.copy}.2").out.startswith(f"{leaving.id} is removed: 9 events, 0 users.")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"confirm": "Sharma"}, "is called 'Sharma Textiles': repeat this name with --confirm"),
        ({"org": "org_x"}, "There is no organization 'org_x'"),
        ({"export": "/nowhere/copy.jsonl"}, "There is no folder /nowhere"),
        ({"export": __file__}, "exists already"),
        ({"org": "org_test_01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "is removed with its live organization"),
    ],
)
def test_a_wrong_call_removes_nothing(options, message, leaving, conn):
    before = rows(conn)
    assert message in leaving.remove(status=2, **options).err
    assert rows(conn) == before


def test_without_a_copy_nothing_is_removed(leaving):
    words = leaving.words()[: -len(("--export", "path"))]
    assert "Missing option '--export'" in run(*words, env=leaving.env, status=2).err


def test_a_log_that_is_not_whole_is_not_removed(leaving, conn):
    conn.execute("UPDATE events SET state = '{}' WHERE org_id = %s AND position = 4", (leaving.id,))
    before = rows(conn)
    message = leaving.remove(status=1).err
    assert "Line 5" in message and "the chain" in message and "nothing was removed" in message
    assert {**rows(conn), "log_keys": [], "security_events": []} == {**before, "log_keys": [], "security_events": []}
    assert not leaving.copy.exists()


def test_while_projections_are_rebuilt_nothing_is_removed(leaving, conn, own_database):
    with connect_as_table_owner(own_database) as rebuild:
        rebuild.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        assert "Projections are being rebuilt" in leaving.remove(status=1).err
    leaving.remove()


def test_a_removal_that_is_killed_has_removed_nothing_and_can_be_repeated(leaving, conn, own_database):
    before = rows(conn)
    with connect_as_table_owner(own_database) as holder, holder.transaction():
        holder.execute("SELECT FROM organizations WHERE org_id = %s FOR UPDATE", (leaving.id,))
        process = fork_server.start_process([*COMMAND, *leaving.words()], leaving.env)
        wait_until(lambda: conn.execute(WAITING).rowcount)  # all rows but this one are deleted
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    wait_until(lambda: not conn.execute(WAITING).rowcount)
    kept = rows(conn)
    assert {table for table in before if kept[table] != before[table]} <= {"log_keys"}
    assert leaving.copy.exists()
    assert "exists already" in leaving.remove(status=2).err
    leaving.remove(export=f"{leaving.copy}.2")
    assert tables_that_name(conn, [leaving.id]) == RECORDS


def test_people_who_belong_to_another_organization_stay_there(leaving, staying, conn):
    both, only, removed = (new_user(conn, leaving.id, role).user for role in ("owner", "viewer", "hr"))
    for person in (both, removed):
        run("user", "create", "--org", staying, "--email", person.email, "--role", "viewer", env=leaving.env)
    run("user", "create", "--org", staying, "--email", "boss@example.in", "--role", "owner", env=leaving.env)
    run("user", "remove", removed.email, "--org", staying, env=leaving.env)
    open_session(conn, both.id)
    leaving.remove()
    sql = "SELECT user_id, org_id, removed_at IS NOT NULL FROM users WHERE user_id = ANY(%s)"
    found = {row[0]: row[1:] for row in conn.execute(sql, ([both.id, only.id, removed.id],))}
    assert found == {both.id: (staying, False), removed.id: (staying, True)}
    assert conn.execute("SELECT user_id FROM user_sessions").fetchall() == []
    listed = json.loads(run("user", "list", "--org", staying, "--json", env=leaving.env).out)
    assert both.email in {each["email"] for each in listed}


def test_its_keys_and_log_ins_are_unknown_from_then_on(conn, env, own_database, tmp_path):
    with Service(own_database, "--no-worker") as service:
        organization = Organization(service.url, conn, NAME)
        api = organization.api()
        assert api.get("me").status_code == 200
        with Console(service.url) as browser:
            link = new_user(conn, organization.id)
            browser.fill(link.path, {"password": PASSWORD, "again": PASSWORD})
            Leaving(conn, env, organization.id, tmp_path / "copy").remove()
            assert api.get("me").status_code == 401
            with Api(service.url, api.key) as again:
                assert again.get("invoices").status_code == 401
            assert browser.get("/home").status_code in (302, 303)
        organization.close()


def test_who_has_removed_it_is_a_security_event_of_the_installation(leaving, conn):
    leaving.remove()
    sql = "SELECT org_id, object_id, actor_type, details FROM security_events WHERE kind = 'organization.removed'"
    ((org, removed, actor, details),) = conn.execute(sql).fetchall()
    assert (org, removed, actor, json.loads(details)["position"]) == (None, leaving.id, "operator", 7)
