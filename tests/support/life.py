"""Random commands on the objects of Books, and their lists at an instant, replayed from the log."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from api.bill import BILLS
from api.invoice import INVOICES
from api.leave import LEAVES
from api.parties.employee import EMPLOYEES
from api.parties.party import PARTIES
from commands.bill import DraftBill, UpdateBill
from commands.command import Command
from commands.invoice import DraftInvoice, UpdateInvoice
from commands.leave import RequestLeave, UpdateLeave
from commands.parties.employee import CreateEmployee, UpdateEmployee
from commands.parties.party import CreateParty, UpdateParty
from domain.errors import DomainError
from infra.log.mapper import MAPPER
from infra.log.reading.kinds import stream_kind
from infra.log.unkeyed import REFOLD
from infra.postgres.database import set_organization
from infra.projector.rows import copy_rows
from infra.worker.leader import run_tasks
from projections.projection import join_details
from projections.registry import ROWS
from tests.support.gst import gstin
from tests.support.scenarios import bill_body, employee_body, invoice_body, leave_body, party_body

TYPES = {each.path: each for each in (INVOICES, BILLS, LEAVES, PARTIES, EMPLOYEES)}
IDS = ("acme", "mills", "zeta")
NAMES = ("Acme Traders", "Mills & Sons", "Zeta", None)
GSTINS = (None, gstin("27"), gstin("29"))
DAYS = [date(2026, 1, 10) + timedelta(days=20 * number) for number in range(8)]
CHANGES: dict[str, tuple[type[Command], tuple[str, ...]]] = {
    "invoices": (UpdateInvoice, ("sent", "void", "sent")),
    "bills": (UpdateBill, ("open", "void", "open")),
    "leaves": (UpdateLeave, ("approved", "denied", "cancelled")),
    "parties": (UpdateParty, ("archived", "active")),
    "employees": (UpdateEmployee, ("archived", "active")),
}
PAUSES = [
    timedelta(),
    timedelta(minutes=1),
    timedelta(hours=20),
    timedelta(days=5),
    timedelta(days=90),
    timedelta(days=900),
]
"""How much time may pass at once."""
PASS = "UPDATE org_log SET clock_offset = clock_offset + %s WHERE org_id = %s"
LAST = "SELECT max(position) FROM events WHERE org_id = %s AND recorded_at <= %s"


class Life:
    """What happens to the objects of an organization."""

    def __init__(self, books, seed):
        self.books, self.random = books, Random(seed)
        self.ids: list[tuple[str, str]] = []

    def step(self):
        """Do something that may be refused: draft, change, send, pay, take back, or let documents fall due."""
        choice = self.random.random()
        try:
            if choice < 0.3 or not self.ids:
                self._draft()
            elif choice < 0.33:
                run_tasks(self.books.conn)
            else:
                kind, id = self.random.choice(self.ids)
                self._change(kind, id, choice)
        except DomainError:
            pass

    def pass_time(self):
        """Let some time pass for the organization: none, hours or years."""
        self.books.conn.execute(PASS, (self.random.choice(PAUSES), self.books.id))

    def _draft(self):
        pick, day = self.random.choice, self.random.choice(DAYS)
        due = {"dueDate": str(day + timedelta(days=pick((0, 15, 400))))}
        texts = {"metadata": {"order": pick("ab")}}
        kind = pick(("invoices", "invoices", "bills", "leaves", "parties", "employees"))
        if kind == "invoices":
            body = invoice_body(clientId=pick(IDS), clientName=pick(NAMES), invoiceDate=str(day), **due, **texts)
            self._do(kind, DraftInvoice, body)
        elif kind == "bills":
            self._do(kind, DraftBill, bill_body(vendorId=pick(IDS), billDate=str(day), **due, **texts))
        elif kind in ("parties", "employees"):
            self._add(kind, texts)
        else:
            days = {"startDate": str(day), "endDate": str(day + timedelta(days=pick((0, 3))))}
            self._do(kind, RequestLeave, leave_body(employeeId=f"e-{pick(range(9))}", **days, **texts))

    def _add(self, kind, texts):
        """Add a party or an employee, whose own id may be taken."""
        pick = self.random.choice
        texts |= {"name": pick(NAMES[:3]), "externalId": pick((None, f"own-{pick(range(20))}"))}
        if kind == "employees":
            self._do(kind, CreateEmployee, employee_body(**texts))
        else:
            roles = pick((["client"], ["vendor"], ["client", "vendor"]))
            self._do(kind, CreateParty, party_body(roles=roles, gstin=pick(GSTINS), **texts))

    def _do(self, kind, command, body):
        self.ids.append((kind, self.books.do(command, body).id))

    def _change(self, kind, id, choice):
        command, statuses = CHANGES[kind]
        if choice < 0.55:
            self.books.do(command, {"status": self.random.choice(statuses)}, id)
        elif choice < 0.7 and kind in ("invoices", "bills"):
            self.books.pay(id, self.random.choice(("1.00", "82600.00", "40000.00")))
        elif choice < 0.75 and kind in ("invoices", "bills"):
            self.books.reverse(id)
        elif kind in ("parties", "employees"):
            self.books.do(command, {"name": self.random.choice(NAMES[:3])}, id)
        else:
            texts = "reason" if kind == "leaves" else "notes"
            self.books.do(command, {texts: self.random.choice(("Urgent", "later", None))}, id)


def list_then(books, path, params, at):
    """The list as the API returned it at the instant: its rows are folded from the log until then."""
    listing, projection = TYPES[path].listing, ROWS[TYPES[path].aggregate.kind]
    conn, org_id = books.conn, books.id
    (position,) = conn.execute(LAST, (org_id, at)).fetchone()
    with conn.transaction(force_rollback=True):
        conn.execute(f"DELETE FROM {projection.table} WHERE org_id = %s", (org_id,))
        conn.execute(REFOLD)
        log = list(stream_kind(conn, org_id, projection.kind, position or 0))
        copy_rows(conn, projection, projection.table, org_id, projection.fold_log(org_id, log, MAPPER.event))
        conn.execute(set_organization(org_id))
        query = listing.query(org_id, params, rows=1000)
        rows = conn.execute(query.sql, query.args).fetchall()
    return [join_details(row[0], row[3]) if query.with_details else row[0] for row in rows]


def list_as_of(reads, books, path, params, at, limit=7):
    """All pages of the list with `asOf`."""
    listing, found = TYPES[path].listing, []
    cursor: dict[str, str] = {}
    while True:
        asked = {**params, "asOf": at.isoformat(), "limit": str(limit), **cursor}
        page = reads.list_page(books.id, listing.query(books.id, asked))
        found += page.objects
        if page.next_cursor is None:
            return found
        cursor = {"cursor": page.next_cursor}
