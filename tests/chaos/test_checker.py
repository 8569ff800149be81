"""The checker of the scenarios: it finds nothing after a calm run, and finds whatever is made wrong."""

import copy

import pytest

from infra.postgres.database import connect_as_table_owner
from tests.chaos.checker import check, check_over_http
from tests.chaos.checks.credits import LOST_SECONDS
from tests.chaos.checks.documents import money_errors
from tests.chaos.load.load import Load, new_tenants
from tests.chaos.load.record import ABSENT, STORED, UNKNOWN, Crash
from tests.support.client import Api
from tests.support.command_line import environment
from tests.support.postgres import database_settings
from tests.support.scenarios import partially_paid_invoice, reverse_payment
from tests.support.service import Service

LOST, DOUBLED = "acknowledged writes that are missing or differ", "writes that are stored twice"
GHOSTS, MISSED = "events that nobody caused", "events that a consumer missed or saw twice"


@pytest.fixture(scope="module")
def calm(new_database):
    """A service, what its clients remember of a calm run, and the settings of its database."""
    conninfo = new_database()
    with Service(conninfo) as service, connect_as_table_owner(conninfo) as owner:
        tenants = new_tenants(service.url, owner, organizations=1)
        with Load(service.url, tenants, writes=0.8) as load:
            for _ in range(20):
                load.go_on()
        yield service.url, tenants[0], environment(**database_settings(conninfo)), owner


@pytest.fixture
def tenant(calm):
    """A copy of what the clients remember, which a test may change."""
    return copy.deepcopy(calm[1])


def broken(calm, tenant, crashes=()):
    """The promises that the checker finds broken over HTTP, and how often."""
    return _counts(check_over_http(calm[0], [tenant], crashes))


def broken_with_commands(calm, tenant):
    """The same, also of what the commands say."""
    return _counts(check(calm[0], [tenant], calm[2]))


def _counts(findings):
    return {finding.what: len(finding.wrong) for finding in findings if not finding.is_kept}


def change(tenant, known, **values):
    """Change what a client remembers of the first write whose outcome was `known`."""
    for record in tenant.clients:
        for number, write in enumerate(record.writes):
            if write.outcome == known:
                record.writes[number] = write._replace(**values)
                return


def test_after_a_calm_run_nothing_is_wrong(calm, tenant):
    outcomes = {write.outcome for record in tenant.clients for write in record.writes}
    assert broken_with_commands(calm, tenant) == {} and {STORED, ABSENT} <= outcomes
    assert len(tenant.consumer.positions) > 40


@pytest.mark.parametrize("values", [{"version": 99}, {"id": "inv_other"}, {"event": "bill.voided"}], ids=str)
def test_a_write_that_was_stored_otherwise_is_found(calm, tenant, values):
    change(tenant, STORED, **values)
    assert broken(calm, tenant) == {LOST: 1}


def test_a_lost_write_is_found_whatever_was_refused(calm, tenant):
    change(tenant, ABSENT, outcome=STORED)
    assert broken(calm, tenant) == {LOST: 1}


def test_a_write_without_an_answer_may_be_stored_or_not(calm, tenant):
    change(tenant, STORED, outcome=UNKNOWN)
    change(tenant, ABSENT, outcome=UNKNOWN)
    assert broken(calm, tenant) == {}


def test_a_refused_write_that_is_stored_is_found(calm, tenant):
    change(tenant, STORED, outcome=ABSENT)
    assert broken(calm, tenant) == {"refused writes that are stored": 1}


def test_an_event_that_nobody_caused_is_found(calm, tenant):
    last = next(record for record in tenant.clients if record.writes[-1].outcome == STORED)
    last.writes.pop()
    assert broken(calm, tenant) == {GHOSTS: 1}


@pytest.mark.parametrize("times", [0, 2], ids=["missed", "twice"])
def test_an_event_that_a_consumer_did_not_see_once_is_found(calm, tenant, times):
    positions = tenant.consumer.positions
    positions[10:11] = type(positions)("Q", [positions[10]] * times)
    assert MISSED in broken(calm, tenant)


@pytest.mark.parametrize("field", ["answered", "sent"])
def test_credits_that_are_too_few_or_too_many_are_found(calm, tenant, field):
    credits = tenant.clients[0].credits
    setattr(credits, field, 10**6 if field == "answered" else 1)
    assert broken(calm, tenant) == {"keys whose credits are not between answered and sent": 1}


def test_the_credits_of_the_moment_before_a_crash_may_be_missing(calm, tenant):
    credits = tenant.clients[0].credits
    for _ in range(50):
        credits.sent += 1
        credits.count_answer()
    (now,) = {max(credits._by_tick) / 10}
    assert broken(calm, tenant) != {}
    assert broken(calm, tenant, [Crash(now + LOST_SECONDS, now + 9)]) == {}
    assert broken(calm, tenant, [Crash(now - 9, now)]) == {}
    assert broken(calm, tenant, [Crash(now + 2 * LOST_SECONDS, now + 9)]) != {}


def test_a_row_that_differs_from_its_events_is_found(calm, tenant):
    owner = calm[3]
    update = "UPDATE invoices SET summary = {} WHERE id = (SELECT min(id) FROM invoices)"
    (kept,) = owner.execute("SELECT summary::text FROM invoices ORDER BY id LIMIT 1").fetchone()
    owner.execute(update.format("replace(summary::text, 'acme', 'acne')::json"))
    try:
        found = broken_with_commands(calm, tenant)
    finally:
        owner.execute(update.format("%s::json"), (kept,))
    assert found == {"objects that differ from their events": 1, "smartdhandha projections verify": 1}


def test_money_that_does_not_add_up_is_found(calm):
    url, _, _, owner = calm
    with Api(url, new_tenants(url, owner, organizations=1, clients=0)[0].key) as api:
        paid = partially_paid_invoice(api, "100.00")
        back = reverse_payment(api, "invoices", paid)
        assert money_errors(paid) == [] and money_errors(back) == []
        assert money_errors(paid | {"balanceDue": "82600.00"}) == ["balanceDue"]
        assert money_errors(paid | {"payments": []}) == ["amountPaid", "balanceDue"]
        assert money_errors(back | {"subTotal": "70000.01"}) == ["subTotal"]
        line = back["items"][0] | {"taxAmount": "12600.01"}
        assert money_errors(back | {"items": [line]}) == ["line 0", "taxTotal"]
