"""A purchase order number on invoices: written, changed, shown and described; older invoices do without it."""

import json
import os

import msgspec

from commands.body import parse_command
from commands.command import Actor, Context
from commands.dispatch import handle
from commands.invoice import DraftInvoice, UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from domain.invoice import Invoice
from infra.identity.organizations import create_organization
from infra.log.command_bus import execute_on
from infra.log.mapper import EventMapper
from infra.postgres.database import connect_as_table_owner
from infra.postgres.migrate import migrate
from infra.worker.tasks import refold_older_rows
from projections.invoice import INVOICES
from tests.support.openapi import build_document
from tests.support.sample_commands import AT

BODY = {
    "clientId": "acme",
    "invoiceDate": "2026-01-10",
    "dueDate": "2026-02-09",
    "items": [{"description": "Consulting", "quantity": 1, "unitPrice": 10, "taxRate": 18}],
}


def shown(uow):
    return json.loads(INVOICES.to_json(INVOICES.fold_all(uow.events)))


def test_the_worker_folds_the_rows_from_before_again():
    with connect_as_table_owner(os.environ["DATABASE_URL"]) as conn:
        migrate(conn)
        org_id = create_organization(conn, "Toys").id
        execute_on(
            conn,
            parse_command(DraftInvoice, BODY),
            Context(org_id=org_id, actor=Actor("cli", "toys"), request_id="toys"),
        )
        conn.execute("UPDATE invoices SET projection_version = 1, summary = (summary::jsonb - 'poNumber')::json")
        refolded = refold_older_rows(conn)
        (summary,) = conn.execute("SELECT summary FROM invoices").fetchone()

    assert (refolded, json.loads(summary)["poNumber"]) == (1, None)


def test_it_is_written_and_changed():
    uow = InMemoryUnitOfWork(AT, numbers=["INV-1"])
    invoice = handle(parse_command(DraftInvoice, {**BODY, "poNumber": "PO-7"}), uow)
    drafted = shown(uow)["poNumber"]
    handle(parse_command(UpdateInvoice, {"poNumber": None}, invoice.id), uow)

    assert (drafted, shown(uow)["poNumber"]) == ("PO-7", None)


def test_an_invoice_from_before_loads_without_it():
    uow = InMemoryUnitOfWork(AT, numbers=["INV-1"])
    handle(parse_command(DraftInvoice, BODY), uow)
    state = json.loads(EventMapper().to_stored_event(uow.events[0]).state)
    del state["poNumber"]

    assert msgspec.convert(state, Invoice.Drafted).po_number is None


def test_the_reference_describes_it():
    schemas = build_document()["components"]["schemas"]

    assert all("poNumber" in schemas[name]["properties"] for name in ("DraftInvoice", "UpdateInvoice", "Invoice"))
