"""`privacy reapply`: after an older backup was restored, the person is erased again, and nothing else."""

import json

import pytest

from commands.invoice import DraftInvoice, UpdateInvoice
from infra.log.proofs.chain import PERSONAL_FORMAT
from infra.postgres.database import connect_as_table_owner
from tests.support.books import Books
from tests.support.command_line import environment, run
from tests.support.privacy import CLIENT, NAME, Privacy
from tests.support.removal import rows, rows_with
from tests.support.scenarios import invoice_body


@pytest.fixture
def erased(new_database, tmp_path):
    """A backup with the person, as a database; and the record of the erasure that came after it."""
    conninfo = new_database()
    with connect_as_table_owner(conninfo) as conn:
        books = Books(conn, chain_format=PERSONAL_FORMAT)
        id = books.do(DraftInvoice, invoice_body(clientId=CLIENT, clientName=NAME)).id
        books.do(UpdateInvoice, {"notes": f"{NAME} has called"}, id)
        books.do(DraftInvoice, invoice_body())
        kept = [tuple(row) for row in conn.execute("SELECT position, personal FROM events ORDER BY 1")]
        privacy, record = Privacy(books.id, environment(DATABASE_URL=conninfo)), tmp_path / "erased.json"
        yield conn, privacy, record, kept


def restore(conn, kept):
    """Let the events and the rows be as in a backup that was made before the erasure."""
    conn.execute("DELETE FROM events WHERE name = 'subject.erased'")
    conn.execute("DELETE FROM erasures")
    for position, personal in kept:
        conn.execute("UPDATE events SET personal = %s WHERE position = %s", (personal, position))
    end = "SELECT chain_hash, recorded_at FROM events WHERE position = %s"
    ((hash, at),) = conn.execute(end, (kept[-1][0],)).fetchall()
    sql = "UPDATE org_log SET position = %s, chain_hash = %s, recorded_at = %s WHERE position > 0"
    conn.execute(sql, (kept[-1][0], hash, at))


def reapply(privacy, record, status=0):
    return run("privacy", "reapply", str(record), env=dict(privacy.env), status=status)


def test_without_a_record_the_command_says_what_that_means(erased):
    _, privacy, _, _ = erased
    assert "Warning: no record" not in privacy.run("erase", "--party", CLIENT, "--dry-run").err
    said = privacy.run("erase", "--party", CLIENT, "--confirm", CLIENT)
    assert "Warning: no record of what was erased is kept, because --record was left out." in said.err


def test_what_was_erased_is_erased_again_and_verified(erased):
    conn, privacy, record, kept = erased
    said = privacy.run("erase", "--party", CLIENT, "--confirm", CLIENT, "--record", str(record))
    assert "no record" not in said.err
    assert "Quagga" not in record.read_text() and CLIENT not in record.read_text()
    restore(conn, kept)
    run("projections", "rebuild", env=dict(privacy.env))
    assert rows_with(conn, NAME)

    assert "Erased from 2 events again" in reapply(privacy, record).out

    assert rows_with(conn, NAME) == {}
    run("audit", "verify", env=dict(privacy.env))
    run("projections", "verify", env=dict(privacy.env))
    before = rows(conn)
    assert "Nothing was erased" in reapply(privacy, record).out
    assert rows(conn) == before


def test_a_record_of_another_log_changes_nothing(erased):
    conn, privacy, record, kept = erased
    said = privacy.run("erase", "--party", CLIENT, "--confirm", CLIENT, "--record", str(record))
    assert "no record" not in said.err
    restore(conn, kept)
    told = json.loads(record.read_text())
    told["events"][0][1] = "00" * 32
    record.write_text(json.dumps(told))
    before = rows(conn)
    assert "is not the one of the record" in reapply(privacy, record, status=1).err
    record.write_text("{}")
    assert "no record of an erasure" in reapply(privacy, record, status=1).err
    assert rows(conn) == before
