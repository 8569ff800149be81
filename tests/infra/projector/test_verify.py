"""`projections verify` names each column that differs from the log, and nothing else."""

import json
from datetime import timedelta

import pytest

from infra.identity.keys import rotate_key
from tests.support.command_line import run
from tests.support.organization import Organization
from tests.support.scenarios import (
    BILLS,
    CREDIT_NOTES,
    DEBIT_NOTES,
    INVOICES,
    LEAVES,
    VENDOR_CREDITS,
    active_employee,
    active_party,
    draft_invoice,
    issued_credit_note,
    issued_debit_note,
    issued_vendor_credit,
    open_bill,
    pending_leave,
    sent_invoice,
)
from tests.support.traffic import Traffic


@pytest.fixture
def differences(env, organization):
    """Runs `verify` on the test's organization, which must end with status 1; returns the differences."""

    def find(*names):
        words = ("projections", "verify", *names, "--org", organization.id, "--json")
        done = run(*words, env=env, status=1)
        return json.loads(done.out)["differences"]

    return find


def test_verify_finds_no_difference_in_objects_of_every_kind_and_status(api, organization, env):
    for makers in (INVOICES, BILLS, LEAVES, CREDIT_NOTES, DEBIT_NOTES, VENDOR_CREDITS):
        for make in makers.values():
            make(api)
    shown = run("projections", "verify", "--org", organization.id, env=env).out
    active_party(api, externalId="acme", gstin="27AAPFU0939F1ZV")
    active_employee(api, externalId="asha", joinedOn="2024-04-01")
    notes = "credit_notes, debit_notes, vendor_credits"
    accounts = f"parties, employees, {notes}, api_keys, webhooks, budgets, people, organizations, erasures"
    assert shown == f"No difference in invoices, bills, leaves, {accounts}, usage, balances, past_rows, log_tiles.\n"


ALTERED = {
    "invoices": (sent_invoice, "total_amount", "1", "82600.00"),
    "bills": (open_bill, "vendor_id", "forged", "mills"),
    "leaves": (pending_leave, "status", "approved", "pending"),
    "parties": (active_party, "name_key", "forged", "acme traders"),
    "employees": (active_employee, "status", "archived", "active"),
    "credit_notes": (issued_credit_note, "party_id", "forged", "acme"),
    "debit_notes": (issued_debit_note, "status", "void", "issued"),
    "vendor_credits": (issued_vendor_credit, "party_id", "forged", "mills"),
}


@pytest.mark.parametrize("table", ALTERED)
def test_verify_names_an_altered_row_with_its_column_and_both_values(table, api, organization, owner, differences):
    make, column, stored, expected = ALTERED[table]
    resource = make(api)
    make(api)
    owner.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", (stored, resource["id"]))
    assert differences() == [
        {
            "table": table,
            "org": organization.id,
            "id": resource["id"],
            "column": column,
            "expected": expected,
            "stored": stored,
        }
    ]


def test_without_json_a_difference_is_one_line(api, organization, owner, env):
    invoice = draft_invoice(api)
    owner.execute("UPDATE invoices SET client_id = 'forged' WHERE id = %s", (invoice["id"],))
    done = run("projections", "verify", "--org", organization.id, env=env, status=1)
    line = f"invoices {organization.id} {invoice['id']} client_id: the log says acme, stored is forged\n"
    assert done.out == line


def test_verify_finds_one_changed_character_in_the_stored_json(api, owner, differences):
    invoice = draft_invoice(api)
    owner.execute(
        "UPDATE invoices SET summary = replace(summary::text, '82600.00', '82600.01')::json WHERE id = %s",
        (invoice["id"],),
    )
    assert [(difference["id"], difference["column"]) for difference in differences("invoices")] == [
        (invoice["id"], "summary")
    ]


def test_verify_finds_an_altered_key(organization, owner, differences):
    key = organization.new_key(limit=10)
    owner.execute("UPDATE api_keys SET credit_limit = 1000000 WHERE id = %s", (key.row["id"],))
    (difference,) = differences("api_keys")
    assert (difference["id"], difference["column"], difference["expected"], difference["stored"]) == (
        key.row["id"],
        "credit_limit",
        "10",
        "1000000",
    )


def test_verify_names_a_missing_row(api, owner, differences):
    invoice = draft_invoice(api)
    owner.execute("DELETE FROM invoices WHERE id = %s", (invoice["id"],))
    (difference,) = differences()
    assert (difference["id"], difference["column"]) == (invoice["id"], "*")
    assert (difference["expected"], difference["stored"]) == ("a row", "no row")


def test_verify_names_a_row_that_should_not_exist(api, organization, owner, differences):
    draft_invoice(api)
    owner.execute("CREATE TEMPORARY TABLE copied AS SELECT * FROM invoices WHERE org_id = %s", (organization.id,))
    owner.execute("UPDATE copied SET id = 'inv_smuggled', invoice_number = 'SMUGGLED', number_key = 'smuggled'")
    owner.execute("INSERT INTO invoices SELECT * FROM copied")
    owner.execute("DROP TABLE copied")
    (difference,) = differences()
    assert (difference["id"], difference["column"]) == ("inv_smuggled", "*")
    assert (difference["expected"], difference["stored"]) == ("no row", "a row")


def test_a_row_of_an_older_version_is_not_a_difference(api, organization, owner, env):
    invoice = draft_invoice(api)
    owner.execute("UPDATE invoices SET projection_version = 0, client_id = 'old' WHERE id = %s", (invoice["id"],))
    run("projections", "verify", "--org", organization.id, env=env)


def test_verify_of_one_organization_ignores_the_others(api, organization, service, owner, env):
    other = Organization(service.url, owner, "Other Traders")
    invoice = draft_invoice(other.api())
    owner.execute("UPDATE invoices SET client_id = 'forged' WHERE id = %s", (invoice["id"],))
    run("projections", "verify", "--org", organization.id, env=env)
    owner.execute("UPDATE invoices SET client_id = 'acme' WHERE id = %s", (invoice["id"],))
    other.close()


def test_verify_finds_no_difference_under_load(service, organization, env):
    keys = [organization.new_key().raw]
    with Traffic(service.url, keys, writers=3, readers=0) as traffic:
        while traffic.is_less_than(requests=50):
            run("projections", "verify", "invoices", "--org", organization.id, env=env)
    assert traffic.wrong == []


HASHES = {
    "planted for a key": ("INSERT INTO api_key_hashes VALUES (sha256('x'), %(org)s, %(key)s, NULL)", "no row"),
    "planted for no key": ("INSERT INTO api_key_hashes VALUES (sha256('y'), %(org)s, 'key_none', NULL)", "no row"),
    "deleted": ("DELETE FROM api_key_hashes WHERE key_id = %(key)s", "a row without an end"),
    "ended": ("UPDATE api_key_hashes SET valid_until = now() WHERE key_id = %(key)s", "a row without an end"),
    "endless": (
        "INSERT INTO api_key_hashes VALUES (sha256('z'), %(org)s, %(key)s, 'infinity')",
        "no row",
    ),
}


@pytest.mark.parametrize("altered", HASHES)
def test_verify_finds_a_hash_that_no_event_has_given_to_a_key_and_a_rebuild_mends_it(
    altered, organization, owner, differences, env
):
    key = organization.new_key().row["id"]
    statement, expected = HASHES[altered]
    owner.execute(statement, {"org": organization.id, "key": key})
    (difference,) = differences("api_keys")
    assert difference["table"] == "api_key_hashes" and len(difference["column"]) == 12
    assert (difference["id"], difference["expected"]) == ("key_none" if "none" in statement else key, expected)
    assert difference["stored"] != expected
    run("projections", "rebuild", "api_keys", "--org", organization.id, env=env)
    run("projections", "verify", "api_keys", "--org", organization.id, env=env)


def test_verify_knows_the_earlier_secrets_of_keys(organization, owner, env):
    key = organization.new_key().row["id"]
    rotate_key(owner, key, timedelta(days=1))
    rotate_key(owner, key, timedelta(0))
    run("projections", "verify", "api_keys", "--org", organization.id, env=env)
