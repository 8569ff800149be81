"""Rebuilding one organization's rows in place, unreadable events, skips, and rows of an older version."""

import json

import pytest

from infra.worker.task import TaskFailed
from infra.worker.tasks import refold_older_rows
from projections.invoice import INVOICES
from tests.support.command_line import run
from tests.support.organization import Organization
from tests.support.scenarios import INVOICES as MAKERS
from tests.support.scenarios import draft_invoice, paid_invoice, sent_invoice


@pytest.fixture
def command(env):
    """Runs a command with --json, which must end with this status; returns its JSON, and all of its output."""

    def answer(*words, status=0):
        done = run(*words, "--json", env=env, status=status)
        return json.loads(done.out), done

    return answer


@pytest.fixture
def damaged(api, organization, owner):
    """The position of an event in the organization's log whose state was damaged; the teardown repairs it."""
    draft_invoice(api)
    invoice = sent_invoice(api)
    (position, state) = owner.execute(
        "SELECT position, state FROM events WHERE originator_id = %s AND name = 'invoice.sent'", (invoice["id"],)
    ).fetchone()
    change = "UPDATE events SET state = %s WHERE org_id = %s AND position = %s"
    owner.execute(change, ('{"status": 7}', organization.id, position))
    yield position
    owner.execute(change, (state, organization.id, position))
    owner.execute("DELETE FROM projection_skips")


def stored(owner, org_id):
    return owner.execute("SELECT t::text FROM invoices t WHERE org_id = %s ORDER BY id", (org_id,)).fetchall()


def rebuild_here(command, organization, *options, status=0):
    return command("projections", "rebuild", "invoices", "--org", organization.id, *options, status=status)


def test_a_rebuild_names_an_unreadable_event_with_its_position_and_cause(damaged, organization, command):
    report, done = command("projections", "rebuild", "invoices", status=1)
    (failure,) = report["failures"]
    assert f"{organization.id}: the event 'invoice.sent' at position {damaged} cannot be read: " in failure
    assert "Expected `str`, got `int`" in failure
    assert f"Not rebuilt: {failure}" in done.err


def test_the_rows_of_an_organization_with_an_unreadable_event_stay_unchanged(damaged, organization, owner, command):
    owner.execute("UPDATE invoices SET client_id = 'by hand' WHERE org_id = %s", (organization.id,))
    before = stored(owner, organization.id)
    command("projections", "rebuild", "invoices", status=1)
    assert stored(owner, organization.id) == before


def test_the_other_organizations_are_rebuilt(damaged, service, owner, command):
    other = Organization(service.url, owner, "Other Traders")
    draft_invoice(other.api())
    before = stored(owner, other.id)
    owner.execute("DELETE FROM invoices WHERE org_id = %s", (other.id,))
    command("projections", "rebuild", "invoices", status=1)
    assert stored(owner, other.id) == before
    other.close()


def test_an_unreadable_event_stops_a_rebuild_in_place(damaged, organization, owner, command):
    before = stored(owner, organization.id)
    report, _ = rebuild_here(command, organization, status=1)
    assert f"at position {damaged} cannot be read" in report["failures"][0]
    assert stored(owner, organization.id) == before


def test_verify_names_an_unreadable_event(damaged, organization, command):
    report, _ = command("projections", "verify", "invoices", "--org", organization.id, status=1)
    assert report["differences"] == [] and f"at position {damaged} " in report["failures"][0]


def test_an_event_is_skipped_on_demand_and_the_skip_is_recorded(damaged, organization, owner, command):
    rebuild_here(command, organization, "--skip", str(damaged))
    skips = owner.execute("SELECT org_id, projection, position FROM projection_skips").fetchall()
    assert skips == [(organization.id, "invoices", damaged)]
    statuses = owner.execute("SELECT status FROM invoices WHERE org_id = %s", (organization.id,)).fetchall()
    assert statuses == [("draft",), ("draft",)]


def test_later_rebuilds_and_verifications_respect_a_skip(damaged, organization, owner, command):
    rebuild_here(command, organization, "--skip", str(damaged))
    before = stored(owner, organization.id)
    assert rebuild_here(command, organization)[0]["failures"] == []
    assert command("projections", "rebuild", "invoices")[0]["failures"] == []
    assert command("projections", "verify", "invoices")[0] == {"differences": [], "failures": []}
    assert stored(owner, organization.id) == before


@pytest.mark.parametrize("names", [(), ("invoices", "bills"), ("usage",), ("balances",)], ids=" ".join)
def test_a_skip_needs_one_projection_of_rows(names, organization, env):
    words = ("projections", "rebuild", *names, "--org", organization.id, "--skip", "1")
    assert "--skip needs --org and the name of one projection of rows." in run(*words, env=env, status=2).err


def test_a_skip_needs_an_organization(env):
    words = ("projections", "rebuild", "invoices", "--skip", "1")
    assert "--skip needs --org" in run(*words, env=env, status=2).err


def test_a_skip_of_an_event_that_does_not_exist_is_refused(organization, owner, env):
    words = ("projections", "rebuild", "invoices", "--org", organization.id, "--skip", "4711")
    assert "no event of the projection invoices at position 4711" in run(*words, env=env, status=2).err
    assert owner.execute("SELECT count(*) FROM projection_skips").fetchone() == (0,)


def test_a_rebuild_in_place_deletes_a_row_that_is_not_in_the_log(api, organization, owner, command):
    draft_invoice(api)
    before = stored(owner, organization.id)
    owner.execute("CREATE TEMPORARY TABLE copied AS SELECT * FROM invoices WHERE org_id = %s", (organization.id,))
    owner.execute("UPDATE copied SET id = 'inv_smuggled', invoice_number = 'SMUGGLED', number_key = 'smuggled'")
    owner.execute("INSERT INTO invoices SELECT * FROM copied")
    owner.execute("DROP TABLE copied")
    rebuild_here(command, organization)
    assert stored(owner, organization.id) == before


def test_a_rebuild_in_place_repairs_an_altered_row_and_restores_a_deleted_one(api, organization, owner, command):
    altered, lost = sent_invoice(api), paid_invoice(api)
    before = stored(owner, organization.id)
    owner.execute("UPDATE invoices SET total_amount = 1 WHERE id = %s", (altered["id"],))
    owner.execute("DELETE FROM invoices WHERE id = %s", (lost["id"],))
    rebuild_here(command, organization)
    assert stored(owner, organization.id) == before


def test_a_rebuild_in_place_repairs_two_rows_with_exchanged_numbers(api, organization, owner, command):
    one, two = draft_invoice(api), draft_invoice(api)
    before = stored(owner, organization.id)
    change = """
        UPDATE invoices SET invoice_number = %(number)s, number_key = '2025 ' || lower(%(number)s) WHERE id = %(id)s
    """
    for number, id in (("aside", two["id"]), (two["invoiceNumber"], one["id"]), (one["invoiceNumber"], two["id"])):
        owner.execute(change, {"number": number, "id": id})
    rebuild_here(command, organization)
    assert stored(owner, organization.id) == before


def test_a_rebuild_of_one_organization_does_not_touch_another(organization, service, owner, command):
    other = Organization(service.url, owner, "Other Traders")
    draft_invoice(other.api())
    owner.execute("UPDATE invoices SET client_id = 'by hand' WHERE org_id = %s", (other.id,))
    before = stored(owner, other.id)
    rebuild_here(command, organization)
    assert stored(owner, other.id) == before
    owner.execute("DELETE FROM invoices WHERE org_id = %s", (other.id,))
    command("projections", "rebuild", "invoices", "--org", other.id)
    other.close()


@pytest.fixture
def older(api, organization, owner):
    """Invoices in every status, whose rows are of the version before this one."""
    for make in MAKERS.values():
        make(api)
    before = stored(owner, organization.id)
    change = "UPDATE invoices SET projection_version = %s WHERE org_id = %s"
    owner.execute(change, (INVOICES.version - 1, organization.id))
    return before


def test_rows_of_an_older_version_are_counted(older, organization, command):
    listed, _ = command("projections", "list", "--org", organization.id)
    (invoices,) = [projection for projection in listed if projection["name"] == "invoices"]
    assert invoices == {"name": "invoices", "version": INVOICES.version, "rows": 5, "older": 5, "lag": 0}


def test_rows_of_an_older_version_are_still_served(older, api):
    assert len(api.read("invoices")) == 5


def test_the_worker_folds_rows_of_an_older_version_again(older, organization, owner):
    assert refold_older_rows(owner) >= 5
    assert stored(owner, organization.id) == older
    assert refold_older_rows(owner) == 0


def test_the_worker_reports_an_unreadable_event_and_continues_with_the_other_organizations(
    damaged, organization, service, owner
):
    other = Organization(service.url, owner, "Other Traders")
    draft_invoice(other.api())
    older = "UPDATE invoices SET projection_version = %s WHERE org_id IN (%s, %s)"
    owner.execute(older, (INVOICES.version - 1, organization.id, other.id))
    with pytest.raises(TaskFailed, match="rows of 1 organization could not be folded again; folded again: ") as failed:
        refold_older_rows(owner)
    assert failed.value.done >= 1
    left = "SELECT DISTINCT org_id FROM invoices WHERE projection_version < %s"
    assert owner.execute(left, (INVOICES.version,)).fetchall() == [(organization.id,)]
    other.close()


def test_the_worker_does_not_touch_rows_of_this_version(older, api, organization, owner):
    draft_invoice(api)
    owner.execute("UPDATE invoices SET client_id = 'x' WHERE projection_version = %s", (INVOICES.version,))
    refold_older_rows(owner)
    count = owner.execute("SELECT count(*) FROM invoices WHERE org_id = %s AND client_id = 'x'", (organization.id,))
    assert count.fetchone() == (1,)
