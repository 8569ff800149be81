"""`privacy` knows the credit notes of a client: they are kept as documents are, and their texts go with the person."""

import pytest

from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import environment, run
from tests.support.formats import begin_in_format
from tests.support.organization import Organization
from tests.support.postgres import database_settings
from tests.support.privacy import CLIENT, NAME, Privacy, draft_body
from tests.support.service import Service

OLD, KEPT = "2016-05-01", "2026-01-10"


@pytest.fixture(scope="module")
def running(new_database):
    conninfo = new_database()
    with Service(conninfo) as service, connect_as_table_owner(conninfo) as conn:
        yield service, conn, environment(**database_settings(conninfo))


@pytest.fixture
def known(running):
    service, conn, env = running
    organization = Organization(service.url, conn)
    begin_in_format(conn, organization.id, PERSONAL_FORMAT)
    yield organization.api(), Privacy(organization.id, env)
    organization.close()


def note_of(api, day, noted=None):
    """Issue a credit note of a paid invoice of this day, on the day `noted`, with the name wherever one can stand."""
    noted = noted or day
    invoice = api.create("invoices", draft_body(invoiceDate=day, dueDate=day))
    invoice = api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    api.create(f"invoices/{invoice['id']}/payments", {"amount": invoice["totalAmount"], "paidOn": day})
    texts = {"reason": f"{NAME} was not happy", "notes": f"Call {NAME}", "metadata": {"contact": NAME}}
    body = {"invoiceId": invoice["id"], "date": noted, "amount": "100", **texts}
    note = api.create("credit-notes", body, headers={"Idempotency-Key": f"note-of-{day}-{noted}"})
    note = api.update(f"credit-notes/{note['id']}", {"status": "issued"})
    refund = {"amount": "50", "date": noted, "method": f"Cheque of {NAME}", "reference": f"{NAME} 1"}
    return api.create(f"credit-notes/{note['id']}/refunds", refund)


def test_a_credit_note_is_kept_as_long_as_documents_are_and_then_loses_its_texts(known):
    api, privacy = known
    old, kept = note_of(api, OLD), note_of(api, KEPT)
    held = {each["id"]: (each["goes"], each["keptUntil"]) for each in privacy.json("list", "--party", CLIENT)}
    assert (held[old["id"]], held[kept["id"]]) == ((True, "2025-03-31"), (False, "2034-03-31"))

    privacy.json("erase", "--party", CLIENT, "--confirm", CLIENT)
    after = api.read(f"credit-notes/{old['id']}")
    assert NAME not in str(after) and NAME not in api.get(f"credit-notes/{old['id']}/events").text
    gone = ("reason", "notes", "metadata", "clientName")
    assert [after[name] for name in gone] == [None] * 4 and after["erased"] is True
    assert after["refunds"][0] == {**old["refunds"][0], "method": None, "reference": None}
    assert (after["number"], after["totalAmount"], after["clientId"]) == (old["number"], "100.00", CLIENT)
    assert api.read(f"credit-notes/{kept['id']}") == kept
    run("projections", "verify", "credit_notes", env=dict(privacy.env))
    run("audit", "verify", env=dict(privacy.env))


def test_an_invoice_is_kept_as_long_as_a_note_that_stands(known):
    api, privacy = known
    note = note_of(api, OLD, KEPT)
    draft = api.create("credit-notes", {"invoiceId": note["invoiceId"], "date": KEPT, "amount": "100", "reason": "No"})

    other = note_of(api, "2016-05-02")
    void = api.create("credit-notes", {"invoiceId": other["invoiceId"], "date": KEPT, "amount": "100", "reason": "No"})
    api.update(f"credit-notes/{void['id']}", {"status": "issued"})
    api.update(f"credit-notes/{void['id']}", {"status": "void"})
    found = {each["id"]: (each["goes"], each["keptUntil"]) for each in privacy.json("list", "--party", CLIENT)}
    assert found[note["invoiceId"]] == found[note["id"]] == (False, "2034-03-31")
    assert found[other["invoiceId"]] == (True, "2025-03-31")
    assert found[draft["id"]] == (True, None)
