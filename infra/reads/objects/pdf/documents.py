"""Prints objects for the API and the console: from their JSON, or as they were printed before."""

from __future__ import annotations

import logging
import re
from hashlib import sha256
from typing import Any

import msgspec

from api.ports.reads import PrintedObject, StoredObject
from commands.unit_of_work import Unavailable
from infra.postgres.pool import Pool
from infra.reads.objects.pdf.content import content_of
from infra.reads.objects.pdf.content.payment import payment_key
from infra.reads.objects.pdf.kept import KeptPdf, PdfFiles
from infra.reads.objects.pdf.maker import maker
from infra.reads.objects.pdf.printer import Printer

logger = logging.getLogger("smartdhandha.pdf")

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


class DocumentPrinting:
    """Implements the port Printing with a pool of connections and a printing process."""

    def __init__(self, pool: Pool, printer: Printer) -> None:
        self._files, self._printer = PdfFiles(pool), printer

    def print(self, org_id: str, kind: str, stored: StoredObject) -> PrintedObject:
        id = msgspec.json.decode(stored.body, type=_Identity).id
        issuer, kept_files = self._files.find(org_id, id, stored.version)
        content = content_of(kind, stored.body, issuer)
        payment = payment_key(content["payment"])
        kept = next((each for each in kept_files if each.payment == payment), None)
        file_name = f"{_NOT_IN_NAMES.sub('-', content['number'])}.pdf"
        if kept is not None:
            return PrintedObject(kept.etag, file_name, lambda: kept.content)
        encoded = msgspec.json.encode(content)
        etag = f'"{sha256(repr(maker()).encode() + encoded).hexdigest()[:32]}"'

        def make() -> bytes:
            pdf = KeptPdf(payment, etag, self._printer.make(org_id, encoded))
            if not content["isDraft"]:
                self._keep(org_id, kind, id, stored, pdf)
            return pdf.content

        return PrintedObject(etag, file_name, make)

    def _keep(self, *what: Any) -> None:
        """Store a PDF. Nobody waits in vain for it if that fails: it is made again the next time."""
        try:
            self._files.keep(*what)
        except Unavailable:
            logger.warning("a PDF could not be kept; it is made again when it is asked for")


class _Identity(msgspec.Struct):
    """The part of an object by which it is found."""

    id: str
