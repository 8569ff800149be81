"""The worker's tasks: overdue documents, expired keys, old retries, and tasks that fail."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from commands.command import Retry
from commands.invoice import DraftInvoice, UpdateInvoice
from domain.accounts.key_secret import hash_secret
from domain.invoice import Invoice
from infra.audit.replay import verify_chain
from infra.identity.keys import create_key, revoke_key
from infra.postgres.database import connect_as_table_owner
from infra.worker import batches, leader, partitions
from infra.worker.leader import LOCK, BackgroundWorker, run_round, run_tasks
from infra.worker.pauses import PAUSES
from infra.worker.task import Task, TaskFailed
from infra.worker.tasks import (
    SELECT_EXPIRED_KEYS,
    TASKS,
    expire_keys,
    fallen_due_queries,
    forget_login_failures,
    forget_retries,
    refold_older_rows,
    tasks_keeping,
)
from projections.invoice import INVOICES
from tests.support.books import EAST, WEST, Books, run_of
from tests.support.copied_rows import copy_row
from tests.support.long_history import pages_read
from tests.support.scenarios import invoice_body, today
from tests.support.waiting import run_at_once, wait_until


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def books(conn):
    return Books(conn)


KINDS = {"invoice": Books.sent_invoice, "bill": Books.open_bill}
kinds = pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)


@kinds
def test_on_its_due_date_a_document_is_not_overdue(conn, books, make):
    id = make(books)
    run_tasks(conn)
    assert "overdue" not in books.events(id)


@kinds
def test_the_organizations_midnight_makes_a_document_overdue(conn, books, make):
    id = make(books)
    books.pass_midnight()
    run_tasks(conn)
    assert books.events(id)[-1] == "overdue"
    assert books.overdue() == {id}


def test_before_the_organizations_midnight_nothing_is_overdue(conn, books):
    elsewhere = Books(conn)
    ids = books.sent_invoice(), elsewhere.sent_invoice()
    books.pass_midnight()
    run_tasks(conn)
    assert (books.overdue(), elsewhere.overdue()) == ({ids[0]}, set())


@kinds
def test_each_overdue_document_is_marked_once_in_several_runs(conn, books, make):
    id = make(books)
    books.pass_midnight()
    for _ in range(3):
        run_tasks(conn)
    assert books.times_marked() == {id: 1}


def test_concurrent_workers_mark_each_document_once(own_database, conn, books):
    ids = [make(books) for make in KINDS.values() for _ in range(20)]
    books.pass_midnight()

    def work(_):
        with connect_as_table_owner(own_database) as own:
            return run_tasks(own)

    done = run_at_once(2, work)
    assert books.times_marked() == dict.fromkeys(ids, 1)
    assert sum(results[f"mark_overdue_{name}s"] for results in done for name in KINDS) == len(ids)


def test_drafts_and_paid_and_void_documents_do_not_become_overdue(conn, books):
    books.do(DraftInvoice, invoice_body(invoiceDate="2026-01-01", dueDate=str(today(WEST))))
    paid, void = books.sent_invoice(), books.open_bill()
    books.pay(paid, "82600.00")
    books.update(void, status="void")
    books.pass_midnight()
    run_tasks(conn)
    assert books.times_marked() == {}


def test_the_worker_is_the_actor_of_its_events(conn, books):
    id = books.sent_invoice()
    books.pass_midnight()
    run_tasks(conn)
    sql = """
    SELECT metadata::jsonb #>> '{actor,type}', metadata::jsonb #>> '{actor,id}', metadata::jsonb ->> 'requestId'
    FROM events WHERE originator_id = %s ORDER BY originator_version DESC LIMIT 1
    """
    *actor, request = (
        text.decode() if isinstance(text, bytes) else text for text in conn.execute(sql, (id,)).fetchone()
    )
    assert actor == ["worker", "smartdhandha"]
    assert request.startswith("worker_")


@kinds
def test_payment_in_full_clears_overdue_in_the_same_commit(conn, books, make):
    id = make(books)
    books.pass_midnight()
    run_tasks(conn)
    books.pay(id, "1.00")
    assert books.overdue() == {id}
    books.pay(id, "82599.00")
    assert books.last_commit(id) == ["payment_recorded", "paid", "overdue_cleared"]
    assert books.overdue() == set()


@kinds
def test_a_reversal_after_midnight_records_overdue_in_the_same_commit(conn, books, make):
    id = make(books)
    books.pay(id, "82600.00")
    books.pass_midnight()
    run_tasks(conn)
    assert books.overdue() == set()
    books.reverse(id)
    assert books.last_commit(id) == ["payment_reversed", "overdue"]
    run_tasks(conn)
    assert (books.overdue(), books.last_commit(id)) == ({id}, ["payment_reversed", "overdue"])


@kinds
def test_a_new_due_date_clears_overdue_in_the_same_commit(conn, books, make):
    id = make(books)
    books.pass_midnight()
    run_tasks(conn)
    books.update(id, dueDate=str(today(EAST)))
    assert books.last_commit(id) == ["updated", "overdue_cleared"]
    assert books.overdue() == set()


def damage(conn, id):
    """Empty the state of an object's last event."""
    sql = """
    UPDATE events SET state = '{}' WHERE originator_id = %(id)s AND originator_version = (
        SELECT max(originator_version) FROM events WHERE originator_id = %(id)s
    )
    """
    assert conn.execute(sql, {"id": id}).rowcount == 1


def lose(conn, id):
    """Delete an object's first event."""
    assert conn.execute("DELETE FROM events WHERE originator_id = %s AND originator_version = 1", (id,)).rowcount == 1


@pytest.mark.parametrize("harm", [damage, lose])
def test_an_invoice_that_cannot_be_processed_is_reported_and_stops_no_other(conn, books, harm):
    before, harmed, after, bill = books.sent_invoice(), books.sent_invoice(), books.sent_invoice(), books.open_bill()
    harm(conn, harmed)
    # The row is of an older version, so the command reads the events.
    conn.execute("UPDATE invoices SET projection_version = projection_version - 1 WHERE id = %s", (harmed,))
    books.pass_midnight()
    results = run_tasks(conn)
    assert books.times_marked() == {before: 1, after: 1, bill: 1}
    assert results["mark_overdue_invoices"] == 2
    done, error = run_of(conn, "mark_overdue_invoices")
    assert (done, error.split(";")[:2]) == (2, ["1 object could not be processed", " processed: 2"])
    assert run_of(conn, "mark_overdue_bills") == (1, None)


LONG = "string_agg(md5(i::text), '')) FROM generate_series(1, 250) i"
"""8 000 characters that are hard to compress: no index can hold them."""
TOO_LONG = f"""
UPDATE events SET state = jsonb_set(state::jsonb, '{{invoiceNumber}}', (SELECT to_jsonb({LONG}))::text
WHERE originator_id = %s AND originator_version = 2
"""
SLOW = """
CREATE FUNCTION wait_long() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.org_id = '{org}' THEN RAISE query_canceled; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER wait_long BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION wait_long();
"""


def test_rows_that_no_index_can_hold_stop_their_own_organization_only(conn):
    harmed, other = Books(conn), Books(conn)
    ids = [each.do(DraftInvoice, invoice_body()).id for each in (harmed, other)]
    for books, id in zip((harmed, other), ids, strict=True):
        for day in ("2099-01-01", "2099-01-02"):
            books.do(UpdateInvoice, {"dueDate": day}, id)
    assert conn.execute(TOO_LONG, (ids[0],)).rowcount == 1
    results = run_round(conn)
    assert [*results] == [task.name for task in TASKS]
    done, error = run_of(conn, "add_past_rows")
    assert done > 0 and harmed.id in error and other.id not in error and "exceeds btree" in error
    rows = "SELECT org_id FROM past_rows GROUP BY org_id"
    assert conn.execute(rows).fetchall() == [(other.id,)]
    assert PAUSES["past_rows"].resting().keys() == {harmed.id}
    conn.execute("UPDATE invoices SET projection_version = projection_version - 1")
    with pytest.raises(TaskFailed, match="rows of 1 organization could not be folded again"):
        refold_older_rows(conn)
    older = "SELECT org_id FROM invoices WHERE projection_version < %s"
    assert conn.execute(older, (INVOICES.version,)).fetchall() == [(harmed.id,)]
    (resting,) = PAUSES["refold_older_rows"].resting().values()
    assert "exceeds btree" in resting


@pytest.mark.parametrize("at_once", [1, 100])
def test_a_statement_that_takes_too_long_stops_its_own_object_only(conn, at_once, monkeypatch):
    monkeypatch.setattr(batches, "TRANSACTION_OBJECTS", at_once)
    harmed, other = Books(conn), Books(conn)
    ids = [each.sent_invoice() for each in (harmed, other)]
    harmed.pass_midnight()
    other.pass_midnight()
    conn.execute(SLOW.format(org=harmed.id, table="invoices"))
    assert [*run_round(conn)] == [task.name for task in TASKS]
    assert other.times_marked() == {ids[1]: 1} and harmed.times_marked() == {}
    assert run_of(conn, "mark_overdue_invoices")[1].startswith("1 object could not be processed")
    assert PAUSES["RefreshOverdueInvoice"].resting().keys() == {ids[0]}


def test_a_time_zone_that_postgresql_does_not_know_stops_its_own_organization_only(conn):
    harmed, other = Books(conn), Books(conn)
    id = other.sent_invoice()
    harmed.sent_invoice()
    other.pass_midnight()
    conn.execute("UPDATE organizations SET time_zone = 'Mars/Olympus' WHERE org_id = %s", (harmed.id,))
    run_round(conn)
    assert other.times_marked() == {id: 1}
    assert "1 object could not be processed" in run_of(conn, "mark_overdue_invoices")[1]
    assert PAUSES["RefreshOverdueInvoice"].resting().keys() == {harmed.id}


def test_a_task_that_takes_too_long_stops_no_other(conn):
    def wait(conn):
        with conn.transaction():
            conn.execute("SET LOCAL statement_timeout = 1")
            conn.execute("SELECT pg_sleep(60)")

    after = Task("after", lambda conn: 7)
    assert run_round(conn, tasks=[Task("wait", wait), after]) == {"wait": 0, "after": 7}
    assert "statement timeout" in run_of(conn, "wait")[1]


@pytest.mark.parametrize("condition", ["disk_full", "admin_shutdown", "read_only_sql_transaction"])
def test_what_stops_the_whole_database_is_no_failure_of_an_organization(conn, condition):
    for each in (Books(conn), Books(conn)):
        each.sent_invoice()
    conn.execute(
        SLOW.format(org="", table="past_rows").replace("NEW.org_id = ''", "true").replace("query_canceled", condition)
    )
    with pytest.raises(psycopg.Error) as raised:
        run_tasks(conn)
    assert raised.value.diag.message_primary == condition
    assert PAUSES["past_rows"].resting() == {}


def test_an_organization_with_many_documents_lets_the_others_have_their_turn(conn, monkeypatch):
    monkeypatch.setattr(batches, "TURN_OBJECTS", 3)
    monkeypatch.setattr(leader, "TURN_OBJECTS", 3)
    whale, other = Books(conn), Books(conn)
    whales = [whale.sent_invoice() for _ in range(8)]
    others = [other.sent_invoice() for _ in range(2)]
    damage(conn, whales[0])
    conn.execute("UPDATE invoices SET projection_version = projection_version - 1 WHERE id = %s", (whales[0],))
    whale.pass_midnight()
    other.pass_midnight()
    run_tasks(conn)
    assert (len(whale.times_marked()), other.times_marked()) == (3, dict.fromkeys(others, 1))
    assert run_round(conn)["mark_overdue_invoices"] == 4
    assert whale.times_marked() == dict.fromkeys(whales[1:], 1)


def test_documents_are_marked_in_transactions_of_bounded_size(conn, books, monkeypatch):
    monkeypatch.setattr(batches, "TRANSACTION_OBJECTS", 3)
    ids = [books.sent_invoice() for _ in range(7)]
    books.pass_midnight()
    run_tasks(conn)
    assert books.times_marked() == dict.fromkeys(ids, 1)
    sizes = "SELECT count(*) FROM events WHERE org_id = %s AND name = 'invoice.overdue' GROUP BY xmin::text ORDER BY 1"
    assert conn.execute(sizes, (books.id,)).fetchall() == [(1,), (3,), (3,)]
    times = conn.execute("SELECT recorded_at FROM events WHERE org_id = %s ORDER BY position", (books.id,)).fetchall()
    assert times == sorted({*times})
    assert verify_chain(conn, books.id) is None


def test_a_turn_reads_no_more_when_more_documents_wait(conn, books):
    id = books.sent_invoice()
    books.pass_midnight()
    _, objects = fallen_due_queries(Invoice)
    for way in ("seqscan", "bitmapscan"):  # all rows of this small table wait, so PostgreSQL would read the table
        conn.execute(f"SET enable_{way} = off")
    pages = []
    for first, last in ((1, 300), (300, 6000)):
        copy_row(conn, "invoices", id, range(first, last), number_key="NULL")
        conn.execute("VACUUM ANALYZE invoices")
        pages.append(pages_read(conn, objects, (books.id, [], 100)))
    assert pages[1] <= pages[0] + 5, pages


def test_a_failed_task_is_reported_until_it_succeeds_and_stops_no_other(conn, books):
    key = create_key(conn, books.id, "to be summed", ("billing:read",), 10, None)
    conn.execute("SELECT admit(%s, 'GET', '/api/v1/invoices', false)", (hash_secret(key.raw),))
    conn.execute("ALTER TABLE usage_hours RENAME TO out_of_reach")
    assert list(run_tasks(conn)) == [task.name for task in TASKS]
    assert "usage_hours" in run_of(conn, "sum_usage")[1]
    assert run_of(conn, "forget_retries") == (0, None)
    conn.execute("ALTER TABLE out_of_reach RENAME TO usage_hours")
    run_tasks(conn)
    assert run_of(conn, "sum_usage") == (1, None)


def test_every_run_of_a_task_is_counted(conn, books):
    for _ in range(2):
        books.sent_invoice(due="2026-01-02")  # overdue in the commit that sends it: nothing is left for the worker
        books.sent_invoice()
    books.pass_midnight()
    for _ in range(3):
        run_tasks(conn)
    sql = "SELECT runs, total_done, done FROM worker_runs WHERE task = 'mark_overdue_invoices'"
    assert conn.execute(sql).fetchone() == (3, 2, 0)


@pytest.mark.parametrize(
    ("days", "law", "kept"), [(400, 0, [1, 30, 399]), (30, 0, [1]), (400, 366, [1, 30, 399]), (30, 366, [1, 30])]
)
def test_security_events_are_deleted_in_batches_after_the_days_of_the_setting_and_of_the_law(
    conn, monkeypatch, days, law, kept
):
    monkeypatch.setattr(batches, "BATCH_ROWS", 2)
    monkeypatch.setattr(partitions, "days_of_processing", lambda today: law)
    age = "INSERT INTO security_events (at, kind, request_id) SELECT now() - %s * interval '1 day', 'key.shown', %s"
    for each in (1, 30, 399, 400, 400, 400, 401, 800):
        conn.execute(age, (each, str(each)))
    done = run_tasks(conn, tasks=tasks_keeping(days))["forget_security_events"]
    left = conn.execute("SELECT request_id FROM security_events ORDER BY at DESC").fetchall()
    assert ([int(each) for (each,) in left], done) == (kept, 8 - len(kept))


@pytest.mark.parametrize(("law", "oldest"), [(0, 44), (366, 380)])
def test_records_of_requests_are_dropped_by_the_week_when_the_law_no_longer_asks_for_them(
    conn, monkeypatch, law, oldest
):
    monkeypatch.setattr(partitions, "days_of_processing", lambda today: law)
    for days in range(0, 800, 7):
        conn.execute("SELECT prepare_request_partitions((now() - %s * interval '1 day')::date)", (days,))
    assert partitions.turn_request_partitions(conn) > 0
    sql = r"""
    SELECT min(to_date(right(c.relname, 10), 'YYYY_MM_DD')) > now() - %s * interval '1 day'
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'request_records'::regclass AND c.relname ~ '[0-9]$'
    """
    assert [conn.execute(sql, (days,)).fetchone() for days in (oldest, oldest - 14)] == [(True,), (False,)]


def test_a_task_runs_in_the_first_round_and_then_in_every_nth(conn):
    rounds = [set(run_tasks(conn, round_number=number)) for number in (0, 1, 29, 30, 31)]
    often = {task.name for task in TASKS} - {task.name for task in TASKS if task.every_n_rounds > 1}
    every = {task.name for task in TASKS}
    assert rounds == [every, often, often, every, often]


def test_a_stopped_worker_starts_no_further_task(conn):
    assert run_tasks(conn, lambda: True) == {}


def test_a_worker_that_is_stopped_while_it_waits_never_leads(own_database, conn, caplog):
    conn.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    standing = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_try_adv%'"
    waiting = BackgroundWorker(own_database, retry_interval_seconds=0.05)
    with caplog.at_level("INFO", "smartdhandha.worker"), ThreadPoolExecutor(1) as pool:
        done = pool.submit(waiting.run)
        wait_until(lambda: conn.execute(standing).fetchall())
        waiting.stop()
        done.result(30)
    assert caplog.messages == []


def test_responses_for_retries_are_kept_for_a_day_and_deleted_after_25_hours(conn, books):
    for key, age in {"new": 0, "a day": 24 * 60, "nearly": 25 * 60 - 2, "old": 25 * 60 + 1}.items():
        books.do(DraftInvoice, invoice_body(), retry=Retry(key, hashlib.sha256(b"").digest()))
        older = "UPDATE idempotency_keys SET created_at = now() - make_interval(mins => %s) WHERE key = %s"
        conn.execute(older, (age, key))
    assert forget_retries(conn) == 1
    left = conn.execute("SELECT key FROM idempotency_keys ORDER BY created_at").fetchall()
    assert [key for (key,) in left] == ["nearly", "a day", "new"]


def test_counters_of_log_ins_are_deleted_when_they_count_nothing_any_more(conn, own_database):
    """One that a log-in uses now is left for the next round. Seen red without the age, and without SKIP LOCKED."""
    for name, age in {"counts": -30, "is still waited for": 10, "old": 16, "in use": 20}.items():
        insert = (
            "INSERT INTO login_failures (subject, failures, until) VALUES (%s, 3, now() - make_interval(mins => %s))"
        )
        conn.execute(insert, (name.encode(), age))
    with connect_as_table_owner(own_database) as log_in, log_in.transaction():
        log_in.execute("SELECT FROM login_failures WHERE subject = 'in use' FOR UPDATE")
        conn.execute("SET lock_timeout = '2s'")
        assert forget_login_failures(conn) == 1
    left = {bytes(subject).decode() for (subject,) in conn.execute("SELECT subject FROM login_failures")}
    assert left == {"counts", "is still waited for", "in use"}


def test_the_expiry_of_a_key_is_recorded_as_an_event(conn, books):
    id = expired_key(conn, books)
    assert expire_keys(conn) == 1
    assert books.events(id) == ["issued", "expired"]
    assert expire_keys(conn) == 0


def expired_key(conn, books):
    """Create a key that has just expired, by moving the organization's clock forward; return its id."""
    soon = datetime.now(UTC) + timedelta(hours=1)
    id = create_key(conn, books.id, "soon", ("billing:read",), 10, soon).row["id"]
    conn.execute("UPDATE api_keys SET expires_at = clock_timestamp() WHERE id = %s", (id,))
    conn.execute("UPDATE org_log SET recorded_at = %s WHERE org_id = %s", (soon, books.id))
    return id


def test_a_key_that_is_revoked_while_its_expiry_is_recorded_is_not_a_failure(own_database, conn, books):
    """The worker has selected the key and waits for the log's lock; the revocation is before it in the queue."""
    id = expired_key(conn, books)
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with ExitStack() as stack:
        holder, revoker, worker = (stack.enter_context(connect_as_table_owner(own_database)) for _ in range(3))
        threads = stack.enter_context(ThreadPoolExecutor(2))
        with holder.transaction():
            holder.execute("SELECT FROM org_log WHERE org_id = %s FOR UPDATE", (books.id,))
            revoked = threads.submit(revoke_key, revoker, id)
            wait_until(lambda: len(conn.execute(waiting).fetchall()) == 1)
            expired = threads.submit(expire_keys, worker)
            wait_until(lambda: len(conn.execute(waiting).fetchall()) == 2)
        assert (revoked.result()["status"], expired.result()) == ("revoked", 0)
    assert books.events(id) == ["issued", "revoked"]


def test_a_key_that_has_not_expired_stays_active(conn, books):
    later = datetime.now(UTC) + timedelta(hours=1)
    for end in (None, later):
        create_key(conn, books.id, "later", ("billing:read",), 10, end)
    assert expire_keys(conn) == 0


def test_keys_that_have_expired_are_found_without_the_others(conn, books):
    """Seen red without `org_log_moved` and without `api_keys_expiring`: each round read all heads, or all keys."""
    names = "SELECT 'org_' || lpad(n::text, 26, '0') FROM generate_series(1, 20000) n"
    conn.execute(f"INSERT INTO organizations (org_id, name) SELECT id, 'Many' FROM ({names}) made (id)")
    conn.execute(f"INSERT INTO org_log (org_id, chain_hash) SELECT id, '' FROM ({names}) made (id)")
    key = create_key(conn, books.id, "one", ("billing:read",), 1000, None)
    copy_row(conn, "api_keys", key.row["id"], range(1, 5000))
    conn.execute("ANALYZE org_log, api_keys")
    assert pages_read(conn, SELECT_EXPIRED_KEYS, ("", "", 100)) < 10
