"""An organization without a running service: tests run commands on it, and read its events and rows in SQL."""

import itertools

from commands.bill import DraftBill, RecordBillPayment, ReverseBillPayment, UpdateBill
from commands.body import parse_command
from commands.command import Actor, Context
from commands.invoice import DraftInvoice, RecordInvoicePayment, ReverseInvoicePayment, UpdateInvoice
from infra.identity.organizations import create_organization
from infra.log.command_bus import execute_on
from tests.support.formats import begin_in_format
from tests.support.scenarios import bill_body, invoice_body, today

WEST, EAST = "Etc/GMT+12", "Pacific/Kiritimati"
"""Time zones that are 26 hours apart. The day in EAST is always later than the day in WEST."""

_SERIAL = itertools.count(1)


class Books:
    """An organization in the westernmost time zone. `pass_midnight` moves it to the easternmost time zone."""

    def __init__(self, conn, time_zone=WEST, chain_format=None):
        self.conn = conn
        self.id = create_organization(conn, "Books", time_zone).id
        if chain_format is not None:
            begin_in_format(conn, self.id, chain_format)

    def do(self, command, body, id=None, retry=None, **path):
        """Parse the body as a command, run this command, and return its result."""
        request = f"test_{next(_SERIAL)}"
        context = Context(org_id=self.id, actor=Actor("test", "t"), request_id=request, retry=retry)
        return execute_on(self.conn, parse_command(command, body, id, path=path), context)

    def sent_invoice(self, due=None):
        """Make a sent invoice that is due on the day `due`, or today for None; return its id."""
        due = due or today(WEST)
        body = invoice_body(invoiceDate="2026-01-01", dueDate=str(due))
        id = self.do(DraftInvoice, body).id
        self.do(UpdateInvoice, {"status": "sent"}, id)
        return id

    def open_bill(self, due=None):
        """Make an open bill that is due on the day `due`, or today for None; return its id."""
        due = due or today(WEST)
        id = self.do(DraftBill, bill_body(billDate="2026-01-01", dueDate=str(due))).id
        self.do(UpdateBill, {"status": "open"}, id)
        return id

    def update(self, id, **changes):
        self.do(UpdateInvoice if id.startswith("inv_") else UpdateBill, changes, id)

    def pay(self, id, amount, **fields):
        command = RecordInvoicePayment if id.startswith("inv_") else RecordBillPayment
        self.do(command, {"amount": amount, "paidOn": "2026-01-20", **fields}, id)

    def reverse(self, id, number=-1):
        """Reverse the payment at this place in the document's list, by default the last one.

        If the list has no such place, try to reverse a payment that does not exist.
        """
        table, command = ("invoices", ReverseInvoicePayment) if id.startswith("inv_") else ("bills", ReverseBillPayment)
        sql = f"SELECT details #>> ARRAY['payments', %s, 'id'] FROM {table} WHERE org_id = %s AND id = %s"
        (payment,) = self.conn.execute(sql, (str(number), self.id, id)).fetchone()
        self.do(command, {"reason": "The cheque bounced"}, id, paymentId=payment or "pay_0")

    def pass_midnight(self):
        """Let the next day begin for the organization: move it to a time zone where it is already the next day."""
        self.conn.execute("UPDATE organizations SET time_zone = %s WHERE org_id = %s", (EAST, self.id))

    def events(self, id):
        """Return the names of an object's events, in order."""
        sql = "SELECT name FROM events WHERE org_id = %s AND originator_id = %s ORDER BY originator_version"
        return [name.partition(".")[2] for (name,) in self.conn.execute(sql, (self.id, id))]

    def last_commit(self, id):
        """Return the names of all events that were committed together with the object's last event, in order."""
        sql = """
        SELECT name FROM events WHERE org_id = %(org)s AND recorded_at = (
            SELECT max(recorded_at) FROM events WHERE org_id = %(org)s AND originator_id = %(id)s
        ) ORDER BY position
        """
        rows = self.conn.execute(sql, {"org": self.id, "id": id}).fetchall()
        return [name.partition(".")[2] for (name,) in rows]

    def overdue(self):
        """Return the ids of the documents that the lists show as overdue."""
        sql = "SELECT id FROM {} WHERE org_id = %s AND is_overdue"
        tables = ("invoices", "bills")
        return {id for table in tables for (id,) in self.conn.execute(sql.format(table), (self.id,))}

    def times_marked(self):
        """Return how often each document was marked overdue, by id."""
        sql = """
        SELECT originator_id, count(*) FROM events WHERE org_id = %s AND name LIKE '%%.overdue' GROUP BY originator_id
        """
        return dict(self.conn.execute(sql, (self.id,)).fetchall())


def run_of(conn, task):
    """Return how much a task did in its last run, and its error or None."""
    return conn.execute("SELECT done, error FROM worker_runs WHERE task = %s", (task,)).fetchone()
