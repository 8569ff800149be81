"""The PDFs of sent documents, which are kept: one for each version of a document, and for each way to pay it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection
from psycopg.rows import args_row, scalar_row

from api.ports.reads import StoredObject
from domain.accounts.mode import is_live
from infra.log.mapper import MAPPER
from infra.log.reading.past import select_until
from infra.postgres.database import Row, open_pipeline_of, set_organization
from infra.postgres.pool import Pool, borrow_connection
from infra.reads.objects.pdf.content import Issuer
from infra.reads.objects.pdf.maker import maker
from projections.registry import ROWS

_MAX_KEPT = 4
"""How many kept PDFs of a version are looked at, the newest first. Each has another way to pay."""
_SELECT_ISSUER = """
SELECT own.name, o.supplier, own.settings FROM own_organization() own, organizations o WHERE o.org_id = %s
"""
_SELECT_LOGO = "SELECT png FROM own_logo()"
_SELECT_KEPT = f"""
SELECT payment, etag, content FROM pdf_files WHERE org_id = %s AND object_id = %s AND version = %s
ORDER BY made_at DESC LIMIT {_MAX_KEPT}
"""
_INSERT = """
INSERT INTO pdf_files (org_id, object_id, version, payment, kind, etag, content_hash, template, fonts, library, content)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


class _Payment(msgspec.Struct, rename="camel"):
    """The part of the settings that says how the organization is paid."""

    upi_id: str | None = None
    bank_line: str | None = None


class KeptPdf(NamedTuple):
    """A PDF that was made before, and its ETag."""

    payment: str
    """How to pay, as the PDF says it (`payment_key`). It is not in the document, and can change while this stays."""
    etag: str
    content: bytes


class PdfFiles:
    """Reads and stores PDFs. Neither a lock nor a transaction lasts while one is made."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def find(self, org_id: str, id: str, version: int) -> tuple[Issuer, list[KeptPdf]]:
        """Return what is known of the organization, and the kept PDFs of a version."""
        with borrow_connection(self._pool) as conn, open_pipeline_of(conn, org_id):
            issuer = conn.execute(_SELECT_ISSUER, (org_id,))
            logo = conn.cursor(binary=True, row_factory=scalar_row).execute(_SELECT_LOGO)
            kept = conn.cursor(binary=True, row_factory=args_row(KeptPdf)).execute(_SELECT_KEPT, (org_id, id, version))
        return _issuer(org_id, *issuer.fetchall()[0], logo=logo.fetchone()), kept.fetchall()

    def keep(self, org_id: str, kind: str, id: str, stored: StoredObject, pdf: KeptPdf) -> None:
        """Store the PDF of a version, unless the log says something else of it by now: it may have been erased.

        The object's row is locked first. An erasure locks it, too, and deletes the PDFs after that: it either finds
        this one, or has changed what is read here.
        """
        with borrow_connection(self._pool) as conn, conn.transaction():
            conn.execute(set_organization(org_id))
            conn.execute(f"SELECT FROM {ROWS[kind].table} WHERE org_id = %s AND id = %s FOR SHARE", (org_id, id))
            if _as_it_is(conn, org_id, kind, id, stored.version) == stored.body:
                what = (org_id, id, stored.version, pdf.payment, kind, pdf.etag, sha256(pdf.content).digest())
                conn.execute(_INSERT, (*what, *maker(), pdf.content))


def _issuer(org_id: str, name: str, profile: bytes | None, settings: bytes | None, *, logo: bytes | None) -> Issuer:
    """Return what is printed of an organization. Its settings are the row of its events, if it has any."""
    payment = _Payment() if settings is None else msgspec.json.decode(settings, type=_Payment)
    public = None if profile is None else msgspec.json.decode(profile)
    return Issuer(
        name=name, is_live=is_live(org_id), profile=public, upi_id=payment.upi_id, bank=payment.bank_line, logo=logo
    )


def _as_it_is(conn: Connection[Row], org_id: str, kind: str, id: str, version: int) -> bytes | None:
    """Return the JSON of a version of an object as the log has it now; None if there is none."""
    projection = ROWS[kind]
    row: Any = projection.fold_all(map(MAPPER.event, select_until(conn, org_id, id, version, None).fetchall()))
    return None if row is None else projection.to_json(row)
