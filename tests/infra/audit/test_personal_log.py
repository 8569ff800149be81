"""The log of an organization in format 2, for somebody who reads it: whole, or said why not."""

import json

import pytest

from commands.invoice import DraftInvoice
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import environment, run
from tests.support.scenarios import invoice_body


@pytest.fixture
def books(own_database):
    """An organization with one event, of an invoice, and the environment for commands on its database."""
    with connect_as_table_owner(own_database) as conn:
        made = Books(conn, chain_format=PERSONAL_FORMAT)
        made.do(DraftInvoice, invoice_body(clientName="Acme Traders", notes="Thank you."))
        yield made, environment(DATABASE_URL=own_database)


def test_no_personal_text_is_in_the_state_and_each_is_in_the_printed_log(books):
    organization, env = books
    (stored,) = organization.conn.execute("SELECT state FROM events").fetchone()
    printed = json.loads(run("audit", "log", "--org", organization.id, "--json", env=env).out)

    assert "Acme" not in stored and "Thank" not in stored
    assert (printed["data"]["clientName"], printed["data"]["notes"]) == ("Acme Traders", "Thank you.")
    assert "personal" not in printed["data"]


def test_an_event_with_other_personal_values_is_named_and_not_shown(books):
    organization, env = books
    organization.conn.execute("UPDATE events SET personal = replace(personal, 'Acme', 'Acne')")

    for command in (("log", "--org", organization.id), ("verify", "--org", organization.id)):
        done = run("audit", *command, env=env, status=1)
        assert "position 1" in done.out + done.err and "Acne" not in done.out + done.err


def test_projections_of_the_log_are_verified_and_rebuilt(books):
    organization, env = books
    read = "SELECT id, summary::text, details::text FROM invoices"
    before = organization.conn.execute(read).fetchall()
    run("projections", "verify", env=env)
    run("projections", "rebuild", env=env)

    assert organization.conn.execute(read).fetchall() == before
    assert "Acme Traders" in before[0][1]
