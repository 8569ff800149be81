"""An organization cannot read or change another's data, also where a query does not name the organization."""

from functools import partial

import pytest

from infra.audit.chain_check import verify_part
from infra.identity.budget import set_budget
from infra.identity.settings import update_organization
from infra.log.admission import PostgresAdmissionControl
from infra.postgres.database import set_organization
from infra.projector.following.past_rows import PastRowTable
from infra.projector.runner import sum_runner_of
from infra.reads.objects.resources import PostgresObjectReads
from projections.invoice import INVOICE_LIST
from projections.registry import PAST_ROWS, SUMS
from tests.support.cases import all_cases
from tests.support.client import error_of
from tests.support.console import new_user
from tests.support.organization import Organization
from tests.support.postgres import is_denied
from tests.support.scenarios import (
    active_employee,
    active_party,
    bill_body,
    draft_invoice,
    invoice_body,
    issued_credit_note,
    issued_debit_note,
    issued_vendor_credit,
    leave_body,
)
from tests.support.senders import new_webhook
from tests.support.trips import admitted_caller
from tests.support.waiting import wait_until

READABLE = {
    "budgets": "org_id, id",
    "budget_list": "*",
    "people": "org_id, id",
    "people_list": "*",
    "log_exports": "*",
    "saved_views": "*",
    "list_files": "*",
    "pdf_files": "*",
    "list_file_pieces": "*",
    "organization_settings": "org_id, id",
    "organization_settings_list": "*",
    "erasure_request_list": "*",
    "erasures_list": "*",
    "organizations": "*",
    "org_log": "*",
    "events": "*",
    "invoices": "org_id, id",
    "invoice_list": "*",
    "bills": "org_id, id",
    "bill_list": "*",
    "leaves": "org_id, id",
    "leave_list": "*",
    "parties": "org_id, id",
    "party_list": "*",
    "employees": "org_id, id",
    "employee_list": "*",
    "credit_notes": "org_id, id",
    "credit_note_list": "*",
    "debit_notes": "org_id, id",
    "debit_note_list": "*",
    "vendor_credits": "org_id, id",
    "vendor_credit_list": "*",
    "idempotency_keys": "*",
    "usage_hours": "*",
    "balances": "*",
    "balance_items": "*",
    "balance_progress": "*",
    "past_row_progress": "*",
    "log_tile_list": "*",
    "log_tile_progress": "*",
    "past_invoice_list": "*",
    "past_credit_note_list": "*",
    "past_debit_note_list": "*",
    "past_vendor_credit_list": "*",
    "past_bill_list": "*",
    "past_leave_list": "*",
    "past_party_list": "*",
    "past_employee_list": "*",
    "chain_checks": "*",
    "api_keys": "org_id, id",
    "api_key_list": "*",
    "api_key_state_list": "*",
    "api_key_hashes": "org_id, key_id, valid_until",
    "webhooks": "org_id, id",
    "webhook_list": "*",
    "webhook_state_list": "*",
    "webhook_delivery_state_list": "*",
    "webhook_delivery_list": "*",
    "webhook_replay_list": "*",
    "webhook_progress_list": "*",
    "credit_list": "*",
    "member_list": "*",
    "usage_progress_list": "*",
    "projection_skip_list": "*",
    "credit_window_list": "*",
    "request_record_list": "*",
    "request_count_list": "*",
    "request_arrival_list": "*",
    "request_ending_list": "*",
    "security_event_list": "*",
}
"""Whatever the application's role can read that belongs to an organization, and which columns of it."""


@pytest.fixture(scope="module")
def both(service, owner):
    """Two organizations, for all tests of this module."""
    organizations = [Organization(service.url, owner, name) for name in ("Test Traders", "Other Traders")]
    yield organizations
    for each in organizations:
        each.close()


def _any(owner, sql, *values):
    return owner.execute(sql, values).fetchall()


@pytest.fixture(scope="module")
def two(both, owner, pool):
    """The same two, each with one of everything; their ids and their invoices' ids. No test changes what is there."""
    apis = [each.api() for each in both]
    retry = {"Idempotency-Key": "once"}
    mine, theirs = (api.create("invoices", invoice_body(invoiceNumber="SAME/1"), headers=retry) for api in apis)
    for api, invoice in zip(apis, (mine, theirs), strict=True):
        bill = api.create("bills", bill_body(billNumber="SAME/1"))
        leave = api.create("leaves", leave_body())
        party, employee = active_party(api, externalId="same"), active_employee(api, externalId="same")
        api.update(f"invoices/{invoice['id']}", {"status": "sent"})
        issued_credit_note(api, invoiceId=invoice["id"], amount="1")
        issued_debit_note(api, invoiceId=invoice["id"])
        api.update(f"bills/{bill['id']}", {"status": "open"})
        issued_vendor_credit(api, billId=bill["id"], number="SAME/1", amount="1")
        api.update(f"leaves/{leave['id']}", {"reason": "Rest"})
        api.update(f"parties/{party['id']}", {"name": "Acme"})
        api.update(f"employees/{employee['id']}", {"name": "Asha"})
    for sums in SUMS:
        sum_runner_of(sums).add_new(owner)
    for api, invoice in zip(apis, (mine, theirs), strict=True):
        api.update(f"invoices/{invoice['id']}", {"notes": "x"})
    PastRowTable(PAST_ROWS).add_new(owner)
    for each in both:
        owner.execute("INSERT INTO log_tiles VALUES (%s, 0, 0, '', '', '{1}') ON CONFLICT DO NOTHING", (each.id,))
        owner.execute("INSERT INTO log_tile_progress VALUES (%s, 0, 1) ON CONFLICT DO NOTHING", (each.id,))
    for each in both:
        new_user(owner, each.id)
        set_budget(owner, each.id, 1_000_000)
        update_organization(owner, each.id, name=f"Traders {each.id}")
        owner.execute("INSERT INTO erasures VALUES (%s, 'erasures_1', 1, now(), now(), 1, '{}')", (each.id,))
        asked = "INSERT INTO erasure_requests VALUES (%s, 'erasure_1', 'user_1', NULL, 'req_1', 'party', 'zq-7')"
        owner.execute(asked, (each.id,))
        owner.execute("INSERT INTO log_exports VALUES (%s, 'x')", (each.id,))
        owner.execute("INSERT INTO saved_views VALUES (%s, 'view_1', 'user_1', 'invoice', 'x', '', true)", (each.id,))
        ask = "INSERT INTO list_files VALUES (%s, 'file_1', 'user_1', 'invoice', '{}', 'en', 'UTC', 'ready')"
        owner.execute(ask, (each.id,))
        owner.execute("INSERT INTO list_file_pieces VALUES (%s, 'file_1', 0, 'x')", (each.id,))
        owner.execute(
            "INSERT INTO pdf_files VALUES (%s, 'inv_1', 1, 'invoice', '', '', '', '', '', now(), '')", (each.id,)
        )
        webhook = new_webhook(owner, each.id, "https://127.0.0.1/hooks").row["id"]
        with owner.transaction():
            owner.execute(set_organization(each.id))
            owner.execute("SELECT request_webhook_test(%s, 'invoice.sent', 'evt_1', '{}')", (webhook,))
            owner.execute("SELECT start_webhook_replay(%s, 0, NULL, '{}')", (webhook,))
        verify_part(pool, each.id)
        owner.execute("INSERT INTO projection_skips VALUES (%s, 'leaves', 1, '', now(), '')", (each.id,))
        counted = "SELECT FROM request_counts WHERE org_id = %s"
        wait_until(partial(_any, owner, counted, each.id))
    return (*(each.id for each in both), mine["id"], theirs["id"])


@pytest.fixture
def app(pool):
    """A connection under the application's role, in a transaction that is rolled back."""
    with pool.connection() as conn, conn.transaction(force_rollback=True):
        yield conn


@pytest.fixture
def mine(app, two):
    """The same, acting for the first organization."""
    app.execute(set_organization(two[0]))
    return app


@all_cases("table", READABLE)
def test_a_query_without_its_condition_reads_ones_own_only(mine, two, table):
    org_ids = {row[0] for row in mine.execute(f"SELECT org_id FROM (SELECT {READABLE[table]} FROM {table}) t")}
    assert org_ids == {two[0]}


@all_cases("table", READABLE)
def test_without_an_organization_nothing_can_be_read(app, two, table):
    assert app.execute(f"SELECT {READABLE[table]} FROM {table}").fetchall() == []


@all_cases("table", READABLE)
def test_what_one_transaction_was_allowed_the_next_one_is_not(pool, two, table):
    with pool.connection() as conn:
        with conn.transaction():
            conn.execute(set_organization(two[0]))
        assert conn.execute(f"SELECT {READABLE[table]} FROM {table}").fetchall() == []


def test_the_list_with_its_condition_taken_out_holds_ones_own_only(mine, two):
    query = INVOICE_LIST.query(two[0], {})
    assert "org_id = %s" in query.sql
    rows = mine.execute(query.sql.replace("org_id = %s", "true"), query.args[1:]).fetchall()
    assert [id for _, _, id in rows] == [two[2]]


def test_a_read_for_one_organization_does_not_find_anothers_object(pool, two):
    reads = PostgresObjectReads(pool, PostgresAdmissionControl(pool))
    caller = admitted_caller(two[0])
    assert reads.get(caller, INVOICE_LIST, two[2])
    assert reads.get(caller, INVOICE_LIST, two[3]) is None


def test_the_next_number_of_another_organization_stays_unknown(mine, two):
    ask = "SELECT number FROM next_invoice_number(%s, 2025)"
    assert mine.execute(ask, (two[0],)).fetchone() == ("INV-2025-26-0001",)
    assert mine.execute(ask, (two[1],)).fetchone() == (None,)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE org_log SET position = 1000",
        "UPDATE invoices SET status = 'void'",
        "UPDATE api_keys SET status = 'revoked'",
        "UPDATE webhooks SET status = 'paused'",
        "UPDATE budgets SET credit_limit = 1",
        "DELETE FROM api_key_hashes",
    ],
)
def test_a_write_without_its_condition_touches_ones_own_only(mine, owner, two, sql):
    table = "api_key_hashes" if "hashes" in sql else sql.split()[1]
    (own,) = owner.execute(f"SELECT count(*) FROM {table} WHERE org_id = %s", (two[0],)).fetchone()
    assert mine.execute(sql).rowcount == own > 0


@pytest.mark.parametrize("table", ["org_log", "invoices", "api_keys", "webhooks", "budgets"])
def test_ones_own_cannot_be_given_to_another(mine, two, table):
    assert is_denied(mine, f"UPDATE {table} SET org_id = %s", two[1])


EVENT = "INSERT INTO events VALUES (%s, 1000, 'inv_x', 1, 'invoice.sent', 1, '{}', '{}', now(), '')"
HASH = "INSERT INTO api_key_hashes VALUES (sha256('x'), %s, 'key_x', NULL)"
SECRET = "INSERT INTO webhook_secrets (org_id, id, encrypted) VALUES (%s, 'whs_x', '')"


@pytest.mark.parametrize("sql", [EVENT, HASH, SECRET])
def test_nothing_can_be_put_into_another_organization(mine, two, sql):
    assert not is_denied(mine, sql, two[0])
    assert is_denied(mine, sql, two[1])


def test_no_row_can_be_put_into_another_organization(mine, owner, two):
    for table in ("invoices", "api_keys", "webhooks", "budgets"):
        named = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND column_name <> 'org_id'"
        columns = [name for (name,) in owner.execute(named, (table,))]
        (row,) = owner.execute(
            f"SELECT to_jsonb(t)::text FROM {table} t WHERE org_id = %s LIMIT 1", (two[1],)
        ).fetchone()
        names = ", ".join(columns)
        copy = f"INSERT INTO {table} (org_id, {names}) SELECT %s, {names} FROM jsonb_populate_record(NULL::{table}, %s)"
        changed = row.replace('"id": "', '"id": "copy_')
        for unique in ("SAME/1", "same/1", "/hooks"):
            changed = changed.replace(unique, f"{unique}/copy")
        assert not is_denied(mine, copy, two[0], changed)
        assert is_denied(mine, copy, two[1], changed)


def test_all_that_the_application_can_read_of_organizations_is_tried_here(owner):
    sql = """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'org_id'
        WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace
        AND has_any_column_privilege('smartdhandha_app', c.oid, 'SELECT')
    """
    assert {name for (name,) in owner.execute(sql)} == set(READABLE)


def test_over_http_anothers_object_is_as_unknown_as_one_that_never_was(api, other_organization):
    theirs = draft_invoice(other_organization.api())["id"]
    for id in (theirs, "inv_01ARZ3NDEKTSV4RRFFQ69G5FAV"):
        for response in (
            api.get(f"invoices/{id}"),
            api.patch(f"invoices/{id}", json={"notes": "mine now"}),
            api.patch(f"invoices/{id}", json={"nonsense": 1}),
            api.post(f"invoices/{id}/payments", json={"amount": "1", "paidOn": "2026-01-20"}),
        ):
            message = error_of(response, 404, "not_found")["message"]
            assert message == f"There is no invoice with the id '{id}' in your organization."


def test_over_http_a_number_is_taken_in_ones_own_organization_only(two, both, api, other_organization):
    assert [invoice["id"] for invoice in both[0].api().read("invoices", search="same/1")] == [two[2]]
    other = other_organization.api()
    assert other.post("invoices", json=invoice_body(invoiceNumber="MINE/1")).status_code == 201
    assert api.post("invoices", json=invoice_body(invoiceNumber="MINE/1")).status_code == 201


@pytest.mark.parametrize("sql", [EVENT, HASH, SECRET])
def test_without_an_organization_nothing_can_be_written(app, two, sql):
    assert is_denied(app, sql, two[0])


@pytest.mark.parametrize(
    "table",
    [
        "users",
        "user_links",
        "user_sessions",
        "login_failures",
        "known_browsers",
        "security_events",
        "setup_codes",
        "signups",
    ],
)
def test_of_users_and_sessions_the_application_reads_and_writes_no_table(mine, table):
    assert is_denied(mine, f"SELECT FROM {table}")
    assert is_denied(mine, f"DELETE FROM {table}")
    assert is_denied(mine, f"INSERT INTO {table} DEFAULT VALUES")


def test_no_one_else_may_call_the_functions_of_log_in(owner):
    sql = """
        SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
        AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0)
    """
    assert owner.execute(sql).fetchall() == []
