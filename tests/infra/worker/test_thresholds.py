"""The worker records once that a key, and all keys of a budget, have used 50, 80 and 100 % of their credits.

Seen red without a look after a command, with marks that are always reached, and with thresholds that are recorded
again.
"""

from datetime import timedelta

import pytest

from domain.accounts.key_secret import hash_secret
from infra.identity.budget import set_budget
from infra.identity.keys import revoke_key, update_key
from infra.postgres.database import connect_as_table_owner
from infra.worker.leader import run_round, run_tasks
from infra.worker.pauses import PAUSES, Pauses
from infra.worker.tasks import TASKS
from infra.worker.thresholds import SELECT_DUE, record_thresholds
from infra.worker.thresholds import TASK as RECORD_THRESHOLDS
from tests.support.organization import Organization
from tests.support.waiting import run_at_once

TASK = tuple(task for task in TASKS if task.name == RECORD_THRESHOLDS)


@pytest.fixture
def conn(own_database):
    with connect_as_table_owner(own_database) as opened:
        yield opened


@pytest.fixture
def organization(conn):
    return Organization("", conn)


@pytest.fixture
def spend(conn):
    """Spends credits of a key, and lets the worker look."""

    def send(key, count, look=True):
        for _ in range(count):
            conn.execute("SELECT admit(%s, 'GET', '/x', false, '', true)", (hash_secret(key.raw),))
        if look:
            run_tasks(conn, tasks=TASK)

    return send


@pytest.fixture
def recorded(conn, organization):
    """What was recorded of a kind of object, as the threshold with a sign: + for reached, - for left."""

    def read(kind="api_key"):
        sql = """
            SELECT name, (state::json ->> 'threshold')::integer FROM events
            WHERE org_id = %s AND name LIKE %s ORDER BY position
        """
        rows = conn.execute(sql, (organization.id, f"{kind}.threshold\\_%"))
        return [f"{'+' if name.endswith('reached') else '-'}{threshold}" for name, threshold in rows]

    return read


def move(conn, key, by):
    """Let the credits of a key, and what is due, be earlier or later."""
    id = key.row["id"]
    with conn.transaction():
        conn.execute("UPDATE credits SET at = at + %s WHERE key_id = %s", (by, id))
        conn.execute(
            "UPDATE credit_windows SET first_at = first_at + %s, last_at = last_at + %s WHERE key_id = %s", (by, by, id)
        )
        conn.execute("UPDATE use_checks SET due = due + %s WHERE id = %s AND due > now()", (by, id))


def due(conn):
    return conn.execute(SELECT_DUE, ([], 100)).fetchall()


def test_each_threshold_is_recorded_once_when_it_is_reached(conn, organization, spend, recorded):
    key = organization.new_key(limit=10)
    for used, expected in ((4, []), (1, ["+50"]), (2, ["+50"]), (1, ["+50", "+80"]), (2, ["+50", "+80", "+100"])):
        spend(key, used)
        assert recorded() == expected
    spend(key, 3)  # refused
    assert recorded() == ["+50", "+80", "+100"] and due(conn) == []


def test_thresholds_that_are_passed_between_two_rounds_are_recorded_too(organization, spend, recorded):
    spend(organization.new_key(limit=1), 1)
    assert recorded() == ["+50", "+80", "+100"]


def test_five_points_below_a_threshold_counts_again(conn, organization, spend, recorded):
    key = organization.new_key(limit=20)
    spend(key, 1)
    move(conn, key, -timedelta(days=1))
    spend(key, 15)
    assert recorded() == ["+50", "+80"]
    move(conn, key, -timedelta(days=29))  # the first one has left: 15 of 20 are used, which is 75 %
    spend(key, 0)
    assert recorded() == ["+50", "+80", "-50"]
    spend(key, 1)
    assert recorded() == ["+50", "+80", "-50", "+80"]
    move(conn, key, -timedelta(days=30))
    spend(key, 0)
    assert recorded() == ["+50", "+80", "-50", "+80", "-0"]
    assert conn.execute("SELECT count(*) FROM use_checks").fetchone() == (0,)


def test_a_changed_limit_is_evaluated_without_a_request(conn, organization, spend, recorded):
    key = organization.new_key(limit=100)
    spend(key, 10)
    for limit, expected in ((20, ["+50"]), (10, ["+80", "+100"]), (1000, ["-0"])):
        before = recorded()
        update_key(conn, key.row["id"], credit_limit=limit)
        spend(key, 0)
        assert recorded() == before + expected


def test_a_budget_has_the_same_thresholds(conn, organization, spend, recorded):
    keys = [organization.new_key() for _ in range(2)]
    spend(keys[0], 3)
    set_budget(conn, organization.id, 10)
    spend(keys[0], 1)
    assert recorded("budget") == []
    spend(keys[1], 4)
    assert recorded("budget") == ["+50", "+80"]
    set_budget(conn, organization.id, 100)
    spend(keys[1], 0)
    assert recorded("budget") == ["+50", "+80", "-0"]
    set_budget(conn, organization.id, None)
    spend(keys[1], 99)
    assert recorded("budget") == ["+50", "+80", "-0"] and recorded() == []


def test_a_revoked_key_is_no_longer_looked_at(conn, organization, spend, recorded):
    key = organization.new_key(limit=10)
    spend(key, 8, look=False)
    revoke_key(conn, key.row["id"])
    spend(key, 0)
    assert recorded() == [] and conn.execute("SELECT count(*) FROM use_checks").fetchone() == (0,)


def test_two_workers_record_a_crossing_once(own_database, conn, organization, spend, recorded):
    keys = [organization.new_key(limit=10) for _ in range(10)]
    for key in keys:
        spend(key, 8, look=False)
    workers = [connect_as_table_owner(own_database) for _ in range(4)]
    entered = [worker.__enter__() for worker in workers]
    run_at_once(4, lambda number: record_thresholds(entered[number]))
    for worker in workers:
        worker.__exit__(None, None, None)
    run_tasks(conn, tasks=TASK)
    assert sorted(recorded()) == ["+50"] * 10 + ["+80"] * 10 and due(conn) == []


def test_requests_below_a_mark_leave_the_worker_nothing_to_look_at(conn, organization, spend):
    key = organization.new_key(limit=1000)
    spend(key, 1)
    spend(key, 100, look=False)
    assert due(conn) == []


def test_a_round_looks_at_many_keys_page_by_page(conn, organization, spend, recorded, monkeypatch):
    monkeypatch.setattr("infra.worker.thresholds.BATCH_ROWS", 100)
    keys = [organization.new_key(limit=2) for _ in range(150)]
    for key in keys:
        spend(key, 1, look=False)
    assert run_round(conn, tasks=TASK) == {"record_thresholds": 150}
    assert recorded() == ["+50"] * 150


def test_a_failure_is_logged_and_the_others_are_looked_at(conn, organization, spend, recorded, caplog):
    broken, other = (organization.new_key(limit=2) for _ in range(2))
    for key in (broken, other):
        spend(key, 1, look=False)
    conn.execute("UPDATE events SET state = '{' WHERE originator_id = %s", (broken.row["id"],))
    run_tasks(conn, tasks=TASK)
    assert recorded() == ["+50"] and broken.row["id"] in caplog.text


def test_what_has_failed_is_looked_at_ever_more_rarely_and_takes_no_place_meanwhile(
    conn, organization, spend, recorded, monkeypatch
):
    clock = [0.0]
    monkeypatch.setitem(PAUSES, RECORD_THRESHOLDS, Pauses(lambda: clock[0]))
    monkeypatch.setattr("infra.worker.thresholds.BATCH_ROWS", 1)
    broken = organization.new_key(limit=2)
    spend(broken, 1, look=False)
    conn.execute("UPDATE events SET state = '{' WHERE originator_id = %s", (broken.row["id"],))
    failed = []
    for seconds in range(0, 400, 20):
        clock[0] = float(seconds)
        before = PAUSES[RECORD_THRESHOLDS].resting()
        run_tasks(conn, tasks=TASK)
        if not before:
            failed.append(seconds)
    assert failed == [0, 40, 120, 280]
    assert recorded() == []
    spend(organization.new_key(limit=2), 1)  # although the one that rests has been due for longer
    assert recorded() == ["+50"]
