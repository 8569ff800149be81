"""The log as evidence: an object's history, its states then and now, what differs, and the log as it goes on."""

import json
import re
import subprocess
import threading

import pytest

from infra.identity.keys import create_key
from infra.identity.organizations import create_organization
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import COMMAND, environment, run
from tests.support.fork_server import start_process
from tests.support.organization import Organization
from tests.support.postgres import stoppable_server
from tests.support.scenarios import draft_invoice
from tests.support.service import Service
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def service(database):
    with Service(database, "--no-worker") as running_service:
        yield running_service


@pytest.fixture(scope="module")
def organization(service, database):
    with connect_as_table_owner(database) as conn:
        new_organization = Organization(service.url, conn)
        yield new_organization
        new_organization.close()


@pytest.fixture(scope="module")
def invoice(organization):
    """Drafted, changed, sent and paid in part: four versions."""
    api = organization.api()
    drafted = draft_invoice(api, clientName="Acme Traders")
    api.update(f"invoices/{drafted['id']}", {"clientName": "Acme & Sons"})
    api.update(f"invoices/{drafted['id']}", {"status": "sent"})
    api.create(f"invoices/{drafted['id']}/payments", {"amount": "100.00", "paidOn": "2026-01-20"})
    return api.read(f"invoices/{drafted['id']}")


@pytest.fixture(scope="module")
def drafted_at(invoice):
    return invoice["createdAt"]


def test_history_says_when_who_and_what_in_aligned_columns(invoice, env):
    lines = run("audit", "history", invoice["id"], env=env).out.splitlines()
    assert re.fullmatch(r"time +actor +what +before → after", lines[0])
    columns = [lines[0].index(name) for name in ("actor", "what", "before")]
    entries = [line for line in lines[1:] if line[0] != " "]
    assert [line[columns[1] :].split()[0] for line in entries] == [
        "invoice.drafted",
        "invoice.updated",
        "invoice.sent",
        "invoice.payment_recorded",
    ]
    assert all(line[columns[0] :].startswith("api_key key_") for line in entries)
    assert all(line[column - 2 : column] == "  " for line in lines[1:] for column in columns if len(line) > column)


def test_history_shows_each_change_before_and_after(invoice, env):
    shown = run("audit", "history", invoice["id"], env=env).out
    assert "clientName: Acme Traders → Acme & Sons" in shown
    assert "status: draft → sent" in shown
    assert "balanceDue: 82600.00 → 82500.00" in shown


def test_history_for_machines_has_the_same(invoice, ask):
    updated = ask("audit", "history", invoice["id"])[1]
    assert updated["changes"] == {"clientName": {"before": "Acme Traders", "after": "Acme & Sons"}}
    assert updated["type"] == "invoice.updated" and updated["version"] == 2
    assert updated["requestId"].startswith("req_")


def test_show_is_what_the_api_answers(invoice, ask):
    assert ask("audit", "show", invoice["id"]) == invoice


@pytest.mark.parametrize(("version", "status"), [(1, "draft"), (2, "draft"), (3, "sent"), (4, "partially_paid")])
def test_show_goes_back_to_a_version(invoice, ask, version, status):
    shown = ask("audit", "show", invoice["id"], "--version", str(version))
    assert (shown["version"], shown["status"]) == (version, status)


def test_show_goes_back_to_a_time(invoice, drafted_at, ask):
    assert ask("audit", "show", invoice["id"], "--as-of", drafted_at)["version"] == 1


def test_show_says_when_an_object_was_not_there_yet(invoice, drafted_at, env):
    done = run("audit", "show", invoice["id"], "--as-of", "2001-01-01T00:00:00Z", env=env, status=1)
    assert f"did not exist yet: its first event was recorded at {drafted_at}" in done.err


def test_replay_steps_through_the_states(invoice, ask, env):
    steps = ask("audit", "replay", invoice["id"])
    assert [step["state"]["status"] for step in steps] == ["draft", "draft", "sent", "partially_paid"]
    assert steps[-1]["state"] == invoice
    shown = run("audit", "replay", invoice["id"], env=env).out
    assert re.findall(r"── version (\d): (\S+) at", shown)[1] == ("2", "invoice.updated")


def differing(ask, invoice, first, last):
    lines = ask("audit", "diff", invoice["id"], "--from", str(first), "--to", str(last))
    return {line["field"]: (line["from"], line["to"]) for line in lines}


def test_diff_names_the_fields_that_differ(invoice, ask):
    differences = differing(ask, invoice, 1, 3)
    assert differences["status"] == ("draft", "sent") and differences["clientName"] == ("Acme Traders", "Acme & Sons")
    assert "balanceDue" not in differences


def test_diff_goes_backwards_too(invoice, ask):
    differences = differing(ask, invoice, 4, 3)
    assert differences["balanceDue"] == ("82500.00", "82600.00")


def test_diff_of_a_version_that_is_not_there_is_refused(invoice, env):
    done = run("audit", "diff", invoice["id"], "--from", "1", "--to", "9", env=env, status=2)
    assert "has 4 versions" in done.err


def test_an_object_that_nobody_has_is_one_sentence(env, organization):
    done = run("audit", "history", "inv_01J00000000000000000000000", env=env, status=1)
    assert len(done.err.splitlines()) == 1


def test_an_object_is_looked_for_in_the_named_organization_only(invoice, env, org_id):
    run("audit", "history", invoice["id"], "--org", org_id, env=env, status=1)


def test_a_damaged_event_is_named_in_one_sentence(organization, database, env):
    drafted = draft_invoice(organization.api())
    with connect_as_table_owner(database) as conn:
        conn.execute("UPDATE events SET state = '{}', personal = NULL WHERE originator_id = %s", (drafted["id"],))
    done = run("audit", "history", drafted["id"], env=env, status=1)
    assert "'invoice.drafted'" in done.err and len(done.err.splitlines()) == 1


def positions(text):
    return [json.loads(line)["position"] for line in text.splitlines()]


def test_log_prints_every_event_from_a_position_on(invoice, organization, env):
    words = ("audit", "log", "--org", organization.id, "--json")
    every = positions(run(*words, env=env).out)
    assert every == list(range(1, len(every) + 1))
    assert positions(run(*words, "--after", "3", env=env).out) == every[3:]


@pytest.mark.parametrize("follow", [(), ("--follow",)])
@pytest.mark.parametrize("beyond", [1, 2, 10**9])
def test_log_refuses_a_position_beyond_the_end_and_names_the_end(invoice, organization, env, follow, beyond):
    words = ("audit", "log", "--org", organization.id, *follow)
    head = len(positions(run(*words[:4], "--json", env=env).out))
    refused = run(*words, "--after", str(head + beyond), env=env, status=2)
    assert refused.out == "" and f"no position {head + beyond}" in refused.err and f"is {head}." in refused.err
    assert run(*words[:4], "--after", str(head), env=env).out == ""


@pytest.fixture
def restartable():
    """A PostgreSQL of this test's own, which can be stopped and started."""
    with stoppable_server() as server:
        yield server


@pytest.mark.process
def test_follow_goes_on_after_a_restart_of_the_database_with_nothing_missing_or_twice(restartable):
    conninfo = restartable.conninfo

    def record(count):
        with connect_as_table_owner(conninfo) as conn:
            for _ in range(count):
                create_key(conn, org_id, "a key", ("billing:read",), 10, None)

    with connect_as_table_owner(conninfo) as conn:
        org_id = create_organization(conn, "Test Traders").id
    record(3)
    command = [*COMMAND, "audit", "log", "--org", org_id, "--follow", "--json"]
    seen: list[int] = []
    with start_process(
        command, environment(DATABASE_URL=conninfo), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        reader = threading.Thread(target=collect, args=(process.stdout, seen))
        reader.start()
        try:
            wait_until(lambda: len(seen) == 3)
            restartable.stop("immediate")
            restartable.start()
            record(2)
            wait_until(lambda: len(seen) >= 5)
        finally:
            process.terminate()
            reader.join()
    assert seen == [1, 2, 3, 4, 5]


def collect(lines, seen):
    """Each position as it comes."""
    for line in lines:
        seen += [json.loads(line)["position"]]
