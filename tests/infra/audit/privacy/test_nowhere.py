"""After an erasure, neither a dump of the database nor any file of PostgreSQL holds the name."""

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from commands.accounts.mail import MailKind
from infra.identity.settings import update_organization
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.os_user import find_os_user
from infra.worker.mail.outbox import enqueue, turn_mails
from tests.support import list_files
from tests.support.command_line import environment
from tests.support.console import SESSION, Console, new_user, open_session
from tests.support.formats import begin_in_format
from tests.support.gst import gstin
from tests.support.organization import Organization
from tests.support.postgres import database_settings, stoppable_server
from tests.support.privacy import (
    CLIENT,
    EMPLOYEE,
    NAME,
    Privacy,
    add_past_rows,
    draft_body,
    make_known,
    other_objects,
)
from tests.support.removal import columns, rows_with
from tests.support.scenarios import (
    active_employee,
    active_party,
    bill_body,
    issued_credit_note,
    issued_debit_note,
    issued_vendor_credit,
)
from tests.support.service import Service
from tests.support.waiting import wait_until

OPERATIONS = Path(__file__).parents[4] / "docs" / "operations.md"
GSTIN = gstin("29", "ZEBPU1234Z")
TEXTS = (NAME, "Quagga", "quagga", "Zebulon", "zebulon", "98450 12345", GSTIN, GSTIN[2:12])
"""The name, as it was entered and as searches and keys have it, and what else says who it is."""
CONTACT = {"email": "zebulon@quagga.example", "phone": "+91 98450 12345", "address": f"{NAME}\n12 MG Road"}
PARTY = {"roles": ["client", "vendor"], "externalId": CLIENT, "gstin": GSTIN, "metadata": {"contact": NAME}}
OLD = "2017-08-01"
NOTE = {"reason": f"{NAME} was not happy", "notes": f"Call {NAME}", "metadata": {"contact": NAME}, "date": OLD}
DELIVERIES = """
INSERT INTO webhook_deliveries (org_id, webhook_id, position, event_id, type, due_at, attempts, occurred_at)
SELECT org_id, 'whk_1', position, 'evt_1', name, now(), %s, now()
FROM events WHERE org_id = %s AND personal LIKE '%%Quagga%%'
"""
TABLES = (
    *("events", "invoices", "bills", "leaves", "parties", "employees", "credit_notes", "debit_notes", "vendor_credits"),
    *("past_rows", "idempotency_keys", "webhook_deliveries", "saved_views", "list_files"),
)
PACKED = ("pdf_files", "list_file_pieces")
"""Tables whose contents are compressed, so that no text in them is found."""
FILLED = (*PACKED, "mails", "security_events", "request_records")
FORGET_STATISTICS = re.findall(
    r"```sql\n\s*(SELECT pg_clear_attribute_stats.*?)```", OPERATIONS.read_text(), re.DOTALL
)[0]
"""As operators find it in the documentation. ANALYZE keeps what it has of a table that has become empty."""
ATTEMPT = {"at": "2026-01-01T00:00:00Z", "status": 500, "response": f"Cannot store {NAME}"}


def files_with(folder, texts):
    """Return the files below a folder that have one of the texts, as bytes in UTF-8."""
    wanted = [text.encode() for text in texts]
    return {
        str(path.relative_to(folder))
        for path in Path(folder).rglob("*")
        if path.is_file() and any(text in path.read_bytes() for text in wanted)
    }


def dump(conninfo):
    done = subprocess.run(
        [programs(find_os_user()) / "pg_dump", conninfo], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


def live_with(service, organization, conn):
    """Let the name get wherever the service may put it."""
    api = organization.api()
    other_objects(api)
    party = active_party(api, **PARTY, **CONTACT, name=NAME)
    employee = {"name": NAME, "email": CONTACT["email"], "externalId": EMPLOYEE, "metadata": {"contact": NAME}}
    active_employee(api, **employee, leftOn="2020-01-31")
    make_known(api, with_kept=False)
    update_organization(conn, organization.id, gstin=gstin("29", "ABCPE1234F"))
    make_notes(api, party["id"])
    api.get("invoices", params={"search": NAME})
    use_the_console(service, organization, conn)
    conn.execute(DELIVERIES, (json.dumps([ATTEMPT]), organization.id))
    add_past_rows(conn, organization.id)
    conn.execute("ANALYZE")


def make_notes(api, party):
    """Make documents under GST that were sent long ago, their PDFs, and notes of every kind of them."""
    invoice = api.create("invoices", draft_body(clientId=party, invoiceDate=OLD, dueDate=OLD))
    invoice = api.update(f"invoices/{invoice['id']}", {"status": "sent"})
    assert invoice["recipient"]["gstin"] == GSTIN
    named = {"vendorId": party, "vendorName": NAME, "billNumber": "Q-1", "billDate": OLD, "dueDate": OLD}
    bill = api.create("bills", bill_body(**named, notes=f"Call {NAME}", metadata={"contact": NAME}))
    api.update(f"bills/{bill['id']}", {"status": "open"})
    credit = issued_credit_note(api, invoiceId=invoice["id"], amount="100", **NOTE)
    debit = issued_debit_note(api, invoiceId=invoice["id"], amount="50", **NOTE)
    issued_vendor_credit(api, billId=bill["id"], amount="10", **NOTE)
    for path in (f"invoices/{invoice['id']}", f"credit-notes/{credit['id']}", f"debit-notes/{debit['id']}"):
        assert api.get(f"{path}/pdf").status_code == 200


def use_the_console(service, organization, conn):
    """Look the name up in lists, download them, ask for files of them, and save them as views."""
    user = new_user(conn, organization.id, "owner").user
    turn_mails(conn, True)
    enqueue(conn, MailKind.INVITATION, user.id, {})
    with Console(service.url) as client:
        client.cookies.set(SESSION, open_session(conn, user.id), domain="127.0.0.1")
        for page in ("invoices", "bills", "parties", "employees", "credit-notes"):
            path = f"/home/{page}"
            for query in (f"search={NAME}", "metadata[contact]=Zebulon Quagga"):
                assert client.get(f"{path}/list.csv?{query}").status_code == 200
            hidden = {key: html.unescape(each) for key, each in client.hidden_on(f"{path}?search={NAME}").items()}
            client.post(f"{path}/views", data={**hidden, "name": f"All of {NAME}", "action": "save"})
        assert NAME in client.get(f"/home/parties/list.csv?gstin={GSTIN}").text
        for page in ("invoices", "leaves", "parties"):
            list_files.ask(client, f"search={NAME}", f"/home/{page}")
    done = "SELECT FROM list_files WHERE state = 'ready' AND row_count > 0"
    wait_until(lambda: conn.execute(done).rowcount == 3, 60)


@pytest.mark.process
def test_no_table_no_dump_and_no_file_has_the_name():
    with stoppable_server() as server, connect_as_table_owner(server.conninfo) as conn:
        conn.execute("ALTER SYSTEM SET wal_recycle = off")
        conn.execute("SELECT pg_reload_conf()")
        with Service(server.conninfo) as service:
            organization = Organization(service.url, conn)
            begin_in_format(conn, organization.id, PERSONAL_FORMAT)
            live_with(service, organization, conn)
            organization.close()
        conn.execute("CHECKPOINT")
        assert {*TABLES} <= {*rows_with(conn, NAME)} and NAME in dump(server.conninfo)
        assert {*FILLED} <= {*filled(conn)}
        before = files_with(server.data, TEXTS)
        assert {path.split("/")[1] for path in before} >= {"base", "pg_wal"}

        Privacy(organization.id, environment(**database_settings(server.conninfo))).erase_all()
        assert rows_with(conn, *TEXTS) == {}
        assert {*PACKED}.isdisjoint(filled(conn))
        conn.execute("ANALYZE")  # writes the statistics again, so that no table has the name when it is written anew
        conn.execute(FORGET_STATISTICS)
        conn.execute("VACUUM FULL")
        copy = dump(server.conninfo)
        assert [text for text in TEXTS if text in copy] == []
        for _ in range(3):  # a segment of the WAL goes when a checkpoint no longer needs it
            conn.execute("SELECT pg_switch_wal()")
            conn.execute("CHECKPOINT")
        assert files_with(server.data, TEXTS) == set()


def filled(conn):
    """Return the tables that have rows."""
    return [table for table in columns(conn) if conn.execute(f'SELECT FROM public."{table}" LIMIT 1').rowcount]
