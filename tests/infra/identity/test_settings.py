"""The settings of an organization on a real database: in both modes, through a switch of zones, and in a rebuild."""

import secrets
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from commands.accounts.organization import UpdateOrganization
from commands.command import Actor, Context
from domain.accounts.zones import Zones
from domain.calendar import day_in, instant
from domain.errors import NotFound, StaleVersion
from domain.reading import parse_instant
from domain.tax.supplier import Supplier
from infra.identity.organizations import get_test_organization, list_organizations, show_organization
from infra.identity.settings import PostgresOrganizations, show_settings, update_organization
from infra.log.command_bus import execute_on
from infra.log.unit_of_work import PostgresUnitOfWork
from infra.projector.runner import runner_of
from infra.worker.leader import run_tasks
from projections.accounts.organization import ORGANIZATIONS
from tests.support.client import data_of, error_of, list_events
from tests.support.scenarios import draft_invoice, pay_invoice, sent_invoice

KOLKATA, NEW_YORK = "Asia/Kolkata", "America/New_York"
STORED = """
SELECT name, series_prefix, time_zone, new_time_zone, new_time_zone_from FROM organizations WHERE org_id = %s
"""
SUPPLIER = "SELECT supplier FROM organizations WHERE org_id = %s"
PROFILE = {
    "legal_name": "Sharma Textiles Private Limited",
    "gstin": "27AAPFU0939F1ZV",
    "address": "12 MG Road\nPune 411001",
    "email": "accounts@sharma.example",
    "upi_id": "sharma@okhdfcbank",
    "bank_line": "HDFC Bank, 50200012345678, HDFC0000007",
}
SHARMA = Supplier(
    name="Sharma Textiles Private Limited",
    legal_name="Sharma Textiles Private Limited",
    gstin="27AAPFU0939F1ZV",
    state_code="27",
    address="12 MG Road\nPune 411001",
    email="accounts@sharma.example",
)
SHORTEST, DAY = timedelta(microseconds=1), timedelta(days=1)


@pytest.fixture
def tester(sibling):
    """A client with a key of test mode."""
    return sibling.api()


def stored(owner, org_id):
    return owner.execute(STORED, (org_id,)).fetchone()


def supplier_of(owner, org_id):
    """What documents say of the organization, as it is stored for commands."""
    stored = owner.execute(SUPPLIER, (org_id,)).fetchone()[0]
    return None if stored is None else msgspec.json.decode(stored, type=Supplier)


def zones_of(owner, org_id):
    return Zones(*stored(owner, org_id)[2:])


def let_it_count(owner, org_id):
    """Let the new zone count, as if its midnight was an hour ago."""
    sql = "UPDATE organizations SET new_time_zone_from = clock_timestamp() - interval '1 hour' WHERE org_id = %s"
    owner.execute(sql, (org_id,))


def move(api, at):
    return data_of(api.post("test/clock", json={"now": instant(at)}), 200)


def events_of(owner, org_id):
    sql = "SELECT state::json FROM events WHERE org_id = %s AND name = 'organization.updated' ORDER BY position"
    return [state for (state,) in owner.execute(sql, (org_id,))]


def test_a_name_is_shown_in_both_modes_at_once(organization, sibling, api, tester, owner):
    changed = update_organization(owner, organization.id, name="Sharma Textiles")
    assert changed == show_organization(owner, organization.id) and changed.name == "Sharma Textiles"
    for each in (api, tester):
        assert each.read("me")["organization"]["name"] == "Sharma Textiles"
    assert events_of(owner, organization.id) == [b'{"name":"Sharma Textiles"}']


def test_what_stays_the_same_records_no_event(organization, owner):
    before = stored(owner, organization.id)
    update_organization(owner, organization.id, name=before[0], time_zone=KOLKATA, series_prefix="INV")
    assert (stored(owner, organization.id), events_of(owner, organization.id)) == (before, [])


def test_a_test_organization_and_an_unknown_one_have_no_settings_of_their_own(sibling, owner):
    for id in (sibling.id, "org_unknown"):
        with pytest.raises(NotFound):
            update_organization(owner, id, name="x")


def test_a_change_on_an_older_version_is_refused_also_before_the_first_change(organization, owner):
    update_organization(owner, organization.id, name="One")
    command = UpdateOrganization(id=organization.id, name="Two")
    context = Context(org_id=organization.id, actor=Actor("user", "u"), request_id="r", if_match=frozenset((0,)))
    with pytest.raises(StaleVersion):
        execute_on(owner, command, context)
    assert stored(owner, organization.id)[0] == "One"


def test_a_new_zone_is_ahead_until_its_midnight_and_then_counts_everywhere(organization, api, owner):
    update_organization(owner, organization.id, time_zone=NEW_YORK)
    listed = show_organization(owner, organization.id)
    assert (listed.time_zone, listed.new_time_zone) == (KOLKATA, NEW_YORK)
    assert listed.new_time_zone_from == Zones(KOLKATA).choose(NEW_YORK, datetime.now(UTC)).new_from
    assert api.read("me")["organization"]["timeZone"] == KOLKATA
    days = [bucket["start"] for bucket in api.read("usage", granularity="day")["buckets"]]
    assert all(day.endswith("18:30:00.000000Z") for day in days)

    let_it_count(owner, organization.id)

    listed = show_organization(owner, organization.id)
    assert (listed.time_zone, listed.new_time_zone, listed.new_time_zone_from) == (NEW_YORK, None, None)
    assert api.read("me")["organization"]["timeZone"] == NEW_YORK
    days = [bucket["start"] for bucket in api.read("usage", granularity="day")["buckets"]]
    assert all(day[14:] == "00:00.000000Z" and day[11:13] in ("04", "05") for day in days)


def test_the_days_of_a_test_log_are_those_of_its_own_clock_before_and_after_the_switch(
    organization, sibling, tester, owner
):
    """The clock of the test log is ten days ahead: there, the zone counts from its next midnight."""
    now = parse_instant(move(tester, datetime.now(UTC) + 10 * DAY)["now"])
    update_organization(owner, organization.id, time_zone=NEW_YORK)
    live, test = zones_of(owner, organization.id), zones_of(owner, sibling.id)
    assert live.new_from <= datetime.now(UTC) + DAY
    assert (test.time_zone, test.new) == (KOLKATA, NEW_YORK)
    assert test.new_from == Zones(KOLKATA).choose(NEW_YORK, now).new_from

    last = day_in(KOLKATA, test.new_from - SHORTEST)
    due = sent_invoice(tester, invoiceDate=f"{last}", dueDate=f"{last}")
    assert move(tester, test.new_from - timedelta(minutes=1))["today"] == f"{last}"
    assert tester.read("me")["organization"]["timeZone"] == KOLKATA
    # In New York the same day goes on: nothing is overdue, and a payment of the day after is in the future.
    assert move(tester, test.new_from)["today"] == f"{last}"
    assert tester.read("me")["organization"]["timeZone"] == NEW_YORK
    run_tasks(owner)
    assert tester.read(f"invoices/{due['id']}")["isOverdue"] is False
    body = {"amount": "1.00", "paidOn": f"{last + DAY}"}
    error_of(tester.post(f"invoices/{due['id']}/payments", json=body), 422, "validation_failed")
    pay_invoice(tester, due, "1.00")

    midnight = Zones(NEW_YORK).choose(KOLKATA, test.new_from).new_from
    assert move(tester, midnight)["today"] == f"{last + DAY}"
    run_tasks(owner)
    assert tester.read(f"invoices/{due['id']}")["isOverdue"] is True
    assert list_events(tester, "events")[-1]["occurredAt"].endswith("Z")


def test_a_reset_gives_a_test_log_the_zones_of_live_mode_again(organization, sibling, tester, owner):
    move(tester, datetime.now(UTC) + 10 * DAY)
    update_organization(owner, organization.id, time_zone=NEW_YORK, series_prefix="ST")
    assert zones_of(owner, sibling.id) != zones_of(owner, organization.id)
    data_of(tester.post("test/reset"), 200)
    assert stored(owner, sibling.id) == stored(owner, organization.id)
    assert draft_invoice(tester)["invoiceNumber"].startswith("ST-")


def test_a_test_organization_that_is_made_later_has_the_same_settings(organization, owner):
    update_organization(owner, organization.id, name="Sharma", time_zone=NEW_YORK, series_prefix="ST")
    assert stored(owner, get_test_organization(owner, organization.id)) == stored(owner, organization.id)


def test_two_changes_of_mind_and_a_second_change(organization, owner):
    update_organization(owner, organization.id, time_zone=NEW_YORK)
    begins = zones_of(owner, organization.id).new_from
    update_organization(owner, organization.id, time_zone="Asia/Dubai")
    assert zones_of(owner, organization.id) == Zones(KOLKATA, "Asia/Dubai", begins)
    update_organization(owner, organization.id, time_zone=KOLKATA)
    assert show_organization(owner, organization.id).new_time_zone is None
    update_organization(owner, organization.id, time_zone=NEW_YORK)
    let_it_count(owner, organization.id)
    update_organization(owner, organization.id, time_zone="Europe/Berlin")
    zones = zones_of(owner, organization.id)
    assert zones == Zones(NEW_YORK).choose("Europe/Berlin", zones.new_from - SHORTEST)
    assert [b'"timeZone":"Europe/Berlin"' in each for each in events_of(owner, organization.id)][-1]


def test_a_rebuild_writes_the_settings_again(organization, sibling, owner, shared_database):
    update_organization(owner, organization.id, name="Sharma", series_prefix="ST")
    update_organization(owner, organization.id, time_zone=NEW_YORK)
    before = stored(owner, organization.id), stored(owner, sibling.id)
    damage = "UPDATE organizations SET name = 'x', series_prefix = 'X' WHERE org_id = %s"
    owner.execute(damage, (organization.id,))
    runner_of(ORGANIZATIONS, shared_database).rebuild(owner, organization.id, lambda events: None)
    assert (stored(owner, organization.id), stored(owner, sibling.id)) == before


def test_the_console_reads_the_settings_of_the_live_organization_in_both_modes(organization, sibling, pool, owner):
    update_organization(owner, organization.id, name="Sharma", series_prefix="ST")
    reads = PostgresOrganizations(pool)
    live, test = (reads.get_settings(each.id) for each in (organization, sibling))
    assert live == test and (live.id, live.version, live.name) == (organization.id, 1, "Sharma")
    assert reads.get_next_number(sibling.id, 2026) == "ST-2026-27-0001"
    assert sum(each.id == organization.id for each in list_organizations(owner)) == 1


def supplier_in_command(conn, org_id):
    """The supplier that a command on this log sees."""
    uow = PostgresUnitOfWork(
        conn, Context(org_id=org_id, actor=Actor("user", "u"), request_id="r"), secrets.token_bytes
    )
    uow.begin(UpdateOrganization(id=org_id))
    uow.rollback()
    return uow.supplier


def test_a_command_sees_the_profile_of_the_organization_in_both_modes(organization, sibling, owner):
    assert [supplier_in_command(owner, each.id) for each in (organization, sibling)] == [None, None]
    update_organization(owner, organization.id, **PROFILE)
    assert [supplier_in_command(owner, each.id) for each in (organization, sibling)] == [SHARMA, SHARMA]
    assert (SHARMA.pan, SHARMA.is_registered) == ("AAPFU0939F", True)


def test_what_leads_to_payments_is_not_what_documents_say_of_the_organization(organization, owner):
    update_organization(owner, organization.id, upi_id=PROFILE["upi_id"], bank_line=PROFILE["bank_line"])
    assert supplier_of(owner, organization.id) is None
    changed = show_settings(owner, organization.id).changed
    assert changed is not None
    assert (changed.upi_id, changed.bank_line) == (PROFILE["upi_id"], PROFILE["bank_line"])


def test_without_a_legal_name_documents_have_the_name_also_after_it_changes(organization, sibling, owner):
    before = show_organization(owner, organization.id).name
    update_organization(owner, organization.id, state_code="27")
    assert supplier_of(owner, organization.id) == Supplier(name=before, state_code="27")
    update_organization(owner, organization.id, name="Sharma")
    assert (
        supplier_of(owner, organization.id)
        == supplier_of(owner, sibling.id)
        == Supplier(name="Sharma", state_code="27")
    )


def test_a_profile_that_is_taken_away_is_gone(organization, sibling, owner):
    update_organization(owner, organization.id, **PROFILE)
    update_organization(owner, organization.id, **dict.fromkeys(PROFILE, ""))
    assert supplier_of(owner, organization.id) == Supplier(
        name=show_organization(owner, organization.id).name, state_code="27"
    )
    update_organization(owner, organization.id, state_code="")
    assert [supplier_of(owner, each.id) for each in (organization, sibling)] == [None, None]


def test_the_same_profile_again_records_no_event(organization, owner):
    for _ in range(2):
        update_organization(owner, organization.id, **PROFILE)
    assert len(events_of(owner, organization.id)) == 1


def test_a_rebuild_and_a_later_test_organization_have_the_profile(organization, owner, shared_database):
    update_organization(owner, organization.id, **PROFILE)
    owner.execute("UPDATE organizations SET supplier = NULL WHERE org_id = %s", (organization.id,))
    runner_of(ORGANIZATIONS, shared_database).rebuild(owner, organization.id, lambda events: None)
    test = get_test_organization(owner, organization.id)
    assert [supplier_of(owner, each) for each in (organization.id, test)] == [SHARMA, SHARMA]


def test_a_reset_of_the_test_log_leaves_the_profile(organization, sibling, tester, owner):
    update_organization(owner, organization.id, **PROFILE)
    data_of(tester.post("test/reset"), 200)
    assert supplier_in_command(owner, sibling.id) == SHARMA


def test_the_application_reads_the_profile_of_its_own_organization_only(organization, other_organization, pool, owner):
    update_organization(owner, organization.id, **PROFILE)
    reads = PostgresOrganizations(pool)
    own, others = (reads.get_settings(each.id).changed for each in (organization, other_organization))
    assert own is not None and own.bank_line == PROFILE["bank_line"] and others is None
