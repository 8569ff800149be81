"""Reads PDFs: their text, and what they say of themselves."""

from __future__ import annotations

import io
import json
import re
from typing import Any, NamedTuple

from pypdf import PdfReader


class ReadPdf(NamedTuple):
    """A PDF that was read."""

    pages: list[str]
    """The text of each page, without line breaks and with single blanks."""
    title: str
    metadata: str
    """The XMP metadata, as XML."""

    @property
    def text(self) -> str:
        return " ".join(self.pages)


def read_pdf(content: bytes) -> ReadPdf:
    """Return what a PDF says."""
    reader = PdfReader(io.BytesIO(content), strict=True)
    pages = [_plain(page.extract_text()) for page in reader.pages]
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert reader.metadata is not None
    return ReadPdf(pages, reader.metadata.title or "", metadata)


def _plain(text: str) -> str:
    """Return a text on one line. pypdf shows glyphs that only an ActualText explains as control characters."""
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1f]", "", text.replace("\u00a0", " ")).split())


def resource_json(**changes: Any) -> bytes:
    """Return the JSON of an invoice of 82600.00 INR as the API has it. A field with the value `...` is left out."""
    line = {"description": "Consulting", "quantity": "20", "unitPrice": "3500.00", "taxRate": "18", "hsnSac": "998314"}
    amounts = {"amount": "70000.00", "taxAmount": "12600.00", "totalAmount": "82600.00"}
    invoice = {
        "id": "inv_1",
        "invoiceNumber": "INV-2026-27-0001",
        "status": "sent",
        "clientId": "acme",
        "clientName": "Acme Traders",
        "currency": "INR",
        "invoiceDate": "2026-11-28",
        "dueDate": "2026-12-28",
        "subTotal": "70000.00",
        "taxTotal": "12600.00",
        "totalAmount": "82600.00",
        "amountPaid": "0.00",
        "amountSettled": "0.00",
        "balanceDue": "82600.00",
        "notes": None,
        "items": [line | amounts],
        "payments": [],
        "version": 2,
    }
    return json.dumps({name: value for name, value in (invoice | changes).items() if value is not ...}).encode()
