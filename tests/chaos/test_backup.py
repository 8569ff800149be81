"""Backup as docs/operations.md describes it: a dump of the running service, restored, serves the same."""

import subprocess

import httpx
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.os_user import find_os_user
from tests.support.bundled import Bundled
from tests.support.client import Api, data_of, error_of
from tests.support.organization import Organization
from tests.support.postgres import folder_for_servers
from tests.support.scenarios import draft_invoice, invoice_body, sent_invoice
from tests.support.service import Service


@pytest.fixture
def new_empty_database(postgres):
    name = "restored"
    with connect_as_table_owner(postgres) as conn:
        conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield make_conninfo(postgres, dbname=name)
        conn.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def run(program, *arguments):
    done = subprocess.run(
        [programs(find_os_user()) / program, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr


def number_after(number):
    """Return the next number of the series: INV-2026-27-0009 is followed by INV-2026-27-0010."""
    series, _, serial = number.rpartition("-")
    return f"{series}-{int(serial) + 1:04}"


def test_a_dump_of_the_running_service_is_restored_and_served(own_database, new_empty_database, tmp_path):
    """Seen red with dumps without the data of `idempotency_keys`, `credit_windows` or `org_log`."""
    dump, retry = tmp_path / "smartdhandha.dump", {"Idempotency-Key": "before-the-dump"}
    with Service(own_database) as service, connect_as_table_owner(own_database) as owner:
        organization = Organization(service.url, owner)
        api = organization.api()
        sent_invoice(api)
        made = data_of(api.post("invoices", json=invoice_body(), headers=retry), 201)
        invoices, events, credits = api.read("invoices"), api.read("events"), api.read("me")["credits"]["used"]
        run("pg_dump", "--format=custom", f"--file={dump}", own_database)
        organization.close()
    run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={new_empty_database}", dump)
    with Service(new_empty_database) as service, Api(service.url, api.key) as restored:
        assert restored.read("me")["credits"]["used"] == credits > 0
        assert restored.read("invoices") == invoices
        assert restored.read("events") == events
        again = restored.post("invoices", json=invoice_body(), headers=retry)
        assert again.headers["Idempotent-Replayed"] == "true" and data_of(again, 201) == made
        assert draft_invoice(restored)["invoiceNumber"] == number_after(made["invoiceNumber"])


def test_a_consumer_that_was_ahead_of_the_backup_is_told_its_end_and_misses_nothing_from_there(
    own_database, new_empty_database, tmp_path
):
    dump = tmp_path / "smartdhandha.dump"
    with Service(own_database) as service, connect_as_table_owner(own_database) as owner:
        organization = Organization(service.url, owner)
        api = organization.api()
        sent_invoice(api)
        run("pg_dump", "--format=custom", f"--file={dump}", own_database)
        before = api.read("events")
        for _ in range(5):
            sent_invoice(api)
        seen = api.read("events")
        organization.close()
    run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={new_empty_database}", dump)
    with Service(new_empty_database) as service, Api(service.url, api.key) as restored:
        bookmark, end = seen[-1]["position"], before[-1]["position"]
        for path in ("events", f"invoices/{before[-1]['resourceId']}/events"):
            error = error_of(restored.get(path, params={"after": bookmark}), 400, "position_beyond_log")
            assert error["head"] == end < bookmark
        made = [sent_invoice(restored)["id"], draft_invoice(restored)["id"]]
        new = restored.read("events", after=end)
        assert [event["position"] for event in new] == list(range(end + 1, end + 4))
        assert [event["resourceId"] for event in new] == [made[0], made[0], made[1]]
        assert {event["id"] for event in new}.isdisjoint(event["id"] for event in seen)
        known = {event["id"] for event in seen}
        assert [event for event in restored.read("events") if event["id"] not in known] == new
        error = error_of(restored.get("events", params={"after": bookmark}), 400, "position_beyond_log")
        assert error["head"] == new[-1]["position"]


@pytest.mark.process
@pytest.mark.parametrize("is_running", [True, False], ids=["while the original runs", "after it has stopped"])
def test_a_copied_data_folder_serves_the_same_and_leaves_the_original_alone(is_running):
    """The copy has the PID file of the original, which runs or has run.

    Seen red when a server counts as found without a look at its folder (`Server.find`): the copy takes the original
    for its own.
    """
    with folder_for_servers() as folder, folder_for_servers() as elsewhere:
        original = Bundled(folder)
        with original.service, Api(original.service.url, original.new_key()) as api:
            made = sent_invoice(api)
            before = api.read("events")
            copy_folder(folder, elsewhere)
            if is_running:
                postmaster = original.postmaster()
                assert served_by(Bundled(elsewhere), api.key) == before
                assert postmaster.is_running() and original.postmaster() == postmaster
                assert [invoice["id"] for invoice in api.read("invoices")] == [made["id"]]
                draft_invoice(api)
        if not is_running:
            assert served_by(Bundled(elsewhere), api.key) == before


def copy_folder(folder, elsewhere):
    subprocess.run(["cp", "--archive", f"{folder}/.", elsewhere], check=True)


def served_by(copy, key):
    """Serve a copied folder; return the events that its service has, and write to it."""
    with copy.service, Api(copy.service.url, key) as api:
        assert httpx.get(f"{copy.service.url}/readyz", trust_env=False).status_code == 200
        events = api.read("events")
        draft_invoice(api)
    return events
