"""A client that openapi-python-client generates from the document, used against the server."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.openapi import build_document
from tests.support.waiting import wait_until

NAME = "generated_smartdhandha"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """Imports a module of the generated package; generation warned of nothing."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(build_document()))
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"]
    # The generator knows files as bytes of no certain type only; docs/guides/python.md shows this setting.
    (folder / "config.json").write_text('{"content_type_overrides": {"application/pdf": "application/octet-stream"}}')
    command += ["--config", str(folder / "config.json")]
    paths = ["--path", str(folder / "openapi.json"), "--output-path", str(folder / NAME)]
    # The generator formats its output with the ruff next to the interpreter.
    search_path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        [*command, *paths], capture_output=True, text=True, check=False, env=os.environ | {"PATH": search_path}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield lambda module: importlib.import_module(f"{NAME}.{module}")
    sys.path.remove(str(folder))


@pytest.fixture
def client(generated, api, service):
    with generated("client").AuthenticatedClient(base_url=f"{service.url}/api/v1", token=api.key) as new_client:
        yield new_client


@pytest.fixture
def created(generated, client):
    """The invoice of the product page, as the client made it."""
    models = generated("models")
    body = models.DraftInvoice.from_dict(
        {
            "clientId": "acme-traders",
            "invoiceDate": "2026-01-10",
            "dueDate": "2026-02-09",
            "items": [{"description": "Consulting", "quantity": 20, "unitPrice": "3500", "taxRate": 18}],
        }
    )
    return generated("api.invoices.create_invoice").sync(client=client, body=body).data


def test_it_creates_an_invoice(created):
    assert (created.total_amount, created.status.value) == ("82600.00", "draft")
    assert created.created_at.tzinfo is not None


def test_it_downloads_a_pdf(generated, client, created):
    def download():
        """Return the response; None while the program that makes PDFs is starting, as its Retry-After says."""
        response = generated("api.invoices.get_invoice_pdf").sync_detailed(client=client, id=created.id)
        return None if response.status_code == 503 and "Retry-After" in response.headers else response

    response = wait_until(download)
    assert response.status_code == 200 and response.parsed.payload.read().startswith(b"%PDF")


def test_it_lists_invoices(generated, client, created):
    listed = generated("api.invoices.list_invoices").sync(client=client, status="draft,sent", overdue=False, limit=10)
    assert [invoice.id for invoice in listed.data] == [created.id]
    assert listed.pagination.next_url is None


def test_it_sends_an_invoice_and_reads_its_events(generated, client, created):
    change = generated("models").UpdateInvoice.from_dict({"status": "sent"})
    generated("api.invoices.update_invoice").sync(created.id, client=client, body=change)
    events = generated("api.invoices.list_invoice_events").sync(created.id, client=client)
    assert [event.type_.value for event in events.data[:2]] == ["invoice.drafted", "invoice.sent"]


def test_it_returns_an_error_as_a_value(generated, client):
    refused = generated("api.invoices.get_invoice").sync("inv_none", client=client)
    assert refused.error.code.value == "not_found"
