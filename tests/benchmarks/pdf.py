"""Measures how many PDFs a warm printing process makes: `taskset -c 1 .venv/bin/python -m tests.benchmarks.pdf`.

Each document is another one, so nothing but the template and the fonts is remembered from one to the next. A credit
note takes a half of each line of its invoice.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import psutil

from commands.dispatch import handle
from commands.document import NewLineItem
from commands.invoice import DraftInvoice, UpdateInvoice
from commands.memory import InMemoryUnitOfWork
from commands.notes.credit_note import CreateCreditNote, UpdateCreditNote
from commands.notes.note import NewNoteItem
from domain.invoice import Invoice
from domain.notes.credit_note import CreditNote
from infra.reads.objects.pdf.content import Issuer, content_of
from infra.reads.objects.pdf.printer import Printer
from projections.notes.credit_note import CREDIT_NOTES
from tests.support.gst_documents import organization
from tests.support.gst_samples import SAMPLES

RUNS = ((1, 300), (3, 300), (20, 100), (200, 20))
"""The lines of a document, and how many documents."""
ISSUER = Issuer(name="Asha Traders", upi_id="asha@okbank", bank="HDFC Bank 50200012345678")


def document(kind: str, lines: int, number: int) -> bytes:
    """Return the content of a tax invoice or a credit note like no other."""
    return credit_note(lines, number) if kind == CreditNote.kind else tax_invoice(lines, number)


def credit_note(lines: int, number: int) -> bytes:
    """Return the content of a credit note that takes the half of each line."""
    line = NewLineItem("Goods", Decimal(20), Decimal("149.99"), Decimal(18), hsn_sac="6109")
    items = [msgspec.structs.replace(line, description=f"Goods {each} of {number}") for each in range(lines)]
    uow = InMemoryUnitOfWork(datetime(2026, 1, 10, tzinfo=UTC), supplier=organization("27"))
    days: dict[str, Any] = {"invoice_date": date(2026, 1, 10), "due_date": date(2026, 1, 31)}
    invoice = handle(
        DraftInvoice(client_id="acme", client_name="Acme", invoice_number=f"I/{number}", items=tuple(items), **days),
        uow,
    )
    handle(UpdateInvoice(id=invoice.id, status="sent"), uow)
    parts = tuple(NewNoteItem(each, Decimal(10)) for each in range(1, lines + 1))
    note = handle(CreateCreditNote(invoice_id=invoice.id, reason="Returned", items=parts), uow)
    handle(UpdateCreditNote(id=note.id, status="issued"), uow)
    events = [event for event in uow.events if event.originator_id == note.id]
    row: Any = CREDIT_NOTES.fold_all(events)
    return msgspec.json.encode(content_of(CreditNote.kind, CREDIT_NOTES.to_json(row), ISSUER))


def tax_invoice(lines: int, number: int) -> bytes:
    """Return the content of a tax invoice like no other."""
    sample = json.loads(SAMPLES["intra-state"])
    items = [{**sample["items"][each % 3], "description": f"Goods {each} of {number}"} for each in range(lines)]
    changed = {**sample, "items": items, "invoiceNumber": f"INV-{number}", "notes": f"Note {lines} {number}"}
    return msgspec.json.encode(content_of("invoice", json.dumps(changed).encode(), ISSUER))


def main() -> None:
    for kind in (Invoice.kind, CreditNote.kind):
        printer = Printer()  # a process ends itself after 1 000 documents
        started = time.perf_counter()
        printer.make("org_1", document(kind, 1, 0))
        first = 1000 * (time.perf_counter() - started)
        sys.stdout.write(f"{kind}: the first one, with the start of the process: {first:.0f} ms\n")
        for lines, count in RUNS:
            measure(printer, kind, lines, count)
        printer.stop()


def measure(printer: Printer, kind: str, lines: int, count: int) -> None:
    """Print so many documents, and write what they took."""
    contents = [document(kind, lines, number) for number in range(1, count + 21)]
    for content in contents[:20]:
        printer.make("org_1", content)
    assert printer._running is not None
    process = psutil.Process(printer._running.pid)
    before, began = process.cpu_times(), time.perf_counter()
    sizes = [len(printer.make("org_1", content)) for content in contents[20:]]
    took, after = time.perf_counter() - began, process.cpu_times()
    processor = 1000 * (after.user + after.system - before.user - before.system) / count
    sys.stdout.write(
        f"{kind}, {lines} lines: {count / took:.1f}/s, {processor:.1f} ms of processor time each, "
        f"{sum(sizes) // count} bytes, {process.memory_info().rss >> 20} MiB\n"
    )


if __name__ == "__main__":
    main()
