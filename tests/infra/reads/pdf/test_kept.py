"""PDFs of sent documents are kept, unless what they say was erased while they were made."""

import threading

import pytest

from infra.audit.privacy.copies import delete_pdfs, fold_again
from infra.log.reading.erasures import delete_values
from infra.postgres.database import set_organization
from infra.reads.objects.members import PostgresMemberReads
from infra.reads.objects.pdf.kept import KeptPdf, PdfFiles
from projections.invoice import INVOICE_LIST
from tests.support.scenarios import sent_invoice
from tests.support.waiting import wait_until

PDF = KeptPdf("key", '"etag"', b"%PDF-1.7")
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def invoice(api):
    return sent_invoice(api)


@pytest.fixture
def files(pool):
    return PdfFiles(pool)


@pytest.fixture
def keep(pool, files, organization, invoice):
    """Keep the PDF of the invoice as it is when this function is called first."""
    stored = PostgresMemberReads(pool).get(organization.id, INVOICE_LIST, invoice["id"])
    return lambda: files.keep(organization.id, "invoice", invoice["id"], stored, PDF)


def erase(owner, organization, invoice):
    """Do what an erasure does to the invoice, in the transaction of the caller."""
    owner.execute(set_organization(organization.id))
    positions = [
        row[0] for row in owner.execute("SELECT position FROM events WHERE originator_id = %s", (invoice["id"],))
    ]
    delete_values(owner, organization.id, positions)
    fold_again(owner, organization.id, {"invoice": [invoice["id"]]}, max(positions))
    return delete_pdfs(owner, organization.id, [invoice["id"]])


def test_a_kept_pdf_is_found_for_its_version_only(files, keep, organization, invoice):
    keep()
    keep()  # another process has made the same one
    assert files.find(organization.id, invoice["id"], 2)[1] == [PDF]
    assert files.find(organization.id, invoice["id"], 1)[1] == []


def test_one_with_another_way_to_pay_is_kept_beside_it_and_found_first(pool, files, keep, organization, invoice):
    keep()
    stored = PostgresMemberReads(pool).get(organization.id, INVOICE_LIST, invoice["id"])
    other = KeptPdf("other", '"other"', b"%PDF-1.8")
    files.keep(organization.id, "invoice", invoice["id"], stored, other)
    assert files.find(organization.id, invoice["id"], 2)[1] == [other, PDF]


def test_another_organization_finds_none(files, keep, other_organization, invoice):
    keep()
    assert files.find(other_organization.id, invoice["id"], 2)[1] == []


def test_an_erasure_deletes_it(files, keep, owner, organization, invoice):
    keep()
    with owner.transaction():
        assert erase(owner, organization, invoice) == 1
    assert files.find(organization.id, invoice["id"], 2)[1] == []


def test_one_that_was_made_before_an_erasure_is_not_kept_after_it(files, keep, owner, organization, invoice):
    with owner.transaction():
        erase(owner, organization, invoice)
    keep()
    assert files.find(organization.id, invoice["id"], 2)[1] == []


def test_one_that_is_kept_while_an_erasure_runs_is_not_kept(files, keep, owner, organization, invoice):
    with owner.transaction():
        erase(owner, organization, invoice)
        keeping = threading.Thread(target=keep)
        keeping.start()
        wait_until(lambda: owner.execute(WAITING).fetchone() is not None)
    keeping.join()
    assert files.find(organization.id, invoice["id"], 2)[1] == []
