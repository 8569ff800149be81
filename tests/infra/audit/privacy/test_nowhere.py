"""After an erasure, neither a dump of the database nor any file of PostgreSQL holds the name."""

import json
import subprocess
from pathlib import Path

import pytest

from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.os_user import find_os_user
from tests.support.command_line import environment
from tests.support.formats import begin_in_format
from tests.support.organization import Organization
from tests.support.postgres import database_settings, stoppable_server
from tests.support.privacy import NAME, Privacy, add_past_rows, make_known, other_objects
from tests.support.removal import rows_with
from tests.support.service import Service

TEXTS = (NAME, "Quagga", "quagga", "Zebulon", "zebulon")
"""The name, and how searches and keys have it."""
VIEW = "INSERT INTO saved_views VALUES (%s, 'view_1', 'user_1', 'invoice', %s, %s, true)"
FILE = """
INSERT INTO list_files (org_id, file_id, user_id, kind, filters, language, time_zone, state)
VALUES (%s, 'file_1', 'user_1', 'invoice', %s, 'en', 'UTC', 'ready')
"""
PDF = """
INSERT INTO pdf_files (org_id, object_id, version, kind, etag, content_hash, template, fonts, library, content)
SELECT org_id, id, version, 'invoice', '', '', '', '', '', %s FROM invoices
WHERE org_id = %s AND summary::text LIKE '%%Quagga%%'
"""
PIECE = "INSERT INTO list_file_pieces VALUES (%s, 'file_1', 0, %s)"
DELIVERIES = """
INSERT INTO webhook_deliveries (org_id, webhook_id, position, event_id, type, due_at, attempts, occurred_at)
SELECT org_id, 'whk_1', position, 'evt_1', name, now(), %s, now()
FROM events WHERE org_id = %s AND personal LIKE '%%Quagga%%'
"""
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


def live_with(api, organization, conn):
    """Let the name get wherever the service may put it."""
    other_objects(api)
    make_known(api, with_kept=False)
    api.get("invoices", params={"search": NAME})
    add_past_rows(conn, organization.id)
    conn.execute(DELIVERIES, (json.dumps([ATTEMPT]), organization.id))
    conn.execute(VIEW, (organization.id, f"All of {NAME}", "search=Zebulon+Quagga"))
    conn.execute(FILE, (organization.id, json.dumps({"search": NAME})))
    conn.execute(PIECE, (organization.id, NAME.encode()))
    conn.execute(PDF, (NAME.encode(), organization.id))
    conn.execute("ANALYZE")


@pytest.mark.process
def test_no_table_no_dump_and_no_file_has_the_name():
    with stoppable_server() as server, connect_as_table_owner(server.conninfo) as conn:
        conn.execute("ALTER SYSTEM SET wal_recycle = off")
        conn.execute("SELECT pg_reload_conf()")
        with Service(server.conninfo) as service:
            organization = Organization(service.url, conn)
            begin_in_format(conn, organization.id, PERSONAL_FORMAT)
            live_with(organization.api(), organization, conn)
            organization.close()
        conn.execute("CHECKPOINT")
        tables = {"events", "invoices", "leaves", "past_rows", "idempotency_keys", "webhook_deliveries"}
        assert tables <= {*rows_with(conn, NAME)} and NAME in dump(server.conninfo)
        before = files_with(server.data, TEXTS)
        assert {path.split("/")[1] for path in before} >= {"base", "pg_wal"}

        Privacy(organization.id, environment(**database_settings(server.conninfo))).erase_all()
        assert rows_with(conn, *TEXTS) == {}
        conn.execute("ANALYZE")  # writes the statistics again, so that no table has the name when it is written anew
        conn.execute("VACUUM FULL")
        copy = dump(server.conninfo)
        assert [text for text in TEXTS if text in copy] == []
        for _ in range(3):  # a segment of the WAL goes when a checkpoint no longer needs it
            conn.execute("SELECT pg_switch_wal()")
            conn.execute("CHECKPOINT")
        assert files_with(server.data, TEXTS) == set()
