"""`privacy` knows the debit notes of a client and the credits of a vendor: their texts go with the person."""

import pytest

from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import environment, run
from tests.support.formats import begin_in_format
from tests.support.organization import Organization
from tests.support.postgres import database_settings
from tests.support.privacy import NAME, Privacy
from tests.support.scenarios import bill_body, invoice_body
from tests.support.service import Service

PERSON, OLD, KEPT = "quagga-7", "2016-05-01", "2026-01-10"
TEXTS = {"reason": f"{NAME} was not happy", "notes": f"Call {NAME}", "metadata": {"contact": NAME}}


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


def note_of(api, path, day):
    """Issue a note of this day, with the name wherever one can stand."""
    if path == "debit-notes":
        body = invoice_body(clientId=PERSON, clientName=NAME, invoiceDate=day, dueDate=day)
        document, of = api.create("invoices", body), {}
        api.update(f"invoices/{document['id']}", {"status": "sent"})
    else:
        body = bill_body(vendorId=PERSON, vendorName=NAME, billDate=day, dueDate=day)
        document, of = api.create("bills", body), {"number": f"CR-{day}"}
        api.update(f"bills/{document['id']}", {"status": "open"})
    of["invoiceId" if path == "debit-notes" else "billId"] = document["id"]
    note = api.create(path, {**of, "date": day, "amount": "100", **TEXTS})
    return api.update(f"{path}/{note['id']}", {"status": "issued"})


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [("debit-notes", "clientName", "debit_notes"), ("vendor-credits", "vendorName", "vendor_credits")],
)
def test_a_note_is_kept_as_long_as_documents_are_and_then_loses_its_texts(known, path, name, kind):
    api, privacy = known
    old, kept = note_of(api, path, OLD), note_of(api, path, KEPT)
    held = {each["id"]: (each["goes"], each["keptUntil"]) for each in privacy.json("list", "--party", PERSON)}
    assert (held[old["id"]], held[kept["id"]]) == ((True, "2025-03-31"), (False, "2034-03-31"))

    privacy.json("erase", "--party", PERSON, "--confirm", PERSON)
    after = api.read(f"{path}/{old['id']}")
    assert NAME not in str(after) and NAME not in api.get(f"{path}/{old['id']}/events").text
    assert [after[each] for each in ("reason", "notes", "metadata", name)] == [None] * 4 and after["erased"] is True
    assert (after["number"], after["totalAmount"]) == (old["number"], "100.00")
    assert api.read(f"{path}/{kept['id']}") == kept
    run("projections", "verify", kind, env=dict(privacy.env))
    run("audit", "verify", env=dict(privacy.env))
