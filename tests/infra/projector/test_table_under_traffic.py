"""A rebuild during writes and reads, and one that is interrupted or killed at a random moment."""

import os
import random
import signal
import subprocess

import psutil
import pytest

from infra.postgres.database import connect_as_table_owner
from tests.benchmarks.seed import seed
from tests.support.client import Api
from tests.support.command_line import COMMAND, environment, run
from tests.support.fork_server import start_process
from tests.support.scenarios import draft_invoice
from tests.support.service import Service
from tests.support.terminal import has_ended
from tests.support.traffic import Traffic
from tests.support.waiting import wait_until

ROWS = "SELECT t::text FROM invoices t ORDER BY org_id, id"
SHADOW = "SELECT count(*) FROM pg_namespace WHERE nspname = 'shadow'"
WAITING = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"


@pytest.fixture(scope="module")
def seeded(database):
    return seed(database, 1600, 4, 4, processes=1, changes=1)


def rows(conninfo):
    with connect_as_table_owner(conninfo) as conn:
        return conn.execute(ROWS).fetchall()


def test_during_a_rebuild_no_row_is_missing_or_doubled_and_no_request_fails(seeded, database, env):
    keys = [key.raw for key in seeded.keys]
    known = [seeded.invoices[key.org_id] for key in seeded.keys]
    with Service(database) as service, Traffic(service.url, keys, known, writers=4) as traffic:
        while traffic.is_less_than(requests=100, walks=1):
            run("projections", "rebuild", "invoices", env=env)
    assert traffic.wrong == []
    assert run("projections", "verify", env=env).out.startswith("No difference")


@pytest.mark.parametrize("kills", [2, pytest.param(8, marks=pytest.mark.long)])
def test_a_killed_rebuild_leaves_the_served_table_unchanged(seeded, database, env, kills):
    before = rows(database)
    for number in range(kills):
        killed(random.Random(number).uniform(0.05, 1.0), env)
        assert rows(database) == before


def test_the_child_processes_of_a_killed_rebuild_end(seeded, database, env):
    with connect_as_table_owner(database) as reader, reader.transaction():
        reader.execute("LOCK TABLE invoices IN ACCESS SHARE MODE")  # keeps the rebuild from ending
        process = started(env)
        # Multiprocessing's resource tracker and fork server, and two processes that fold.
        wait_until(lambda: len(psutil.Process(process.pid).children(recursive=True)) == 4)
        process.kill()
    process.wait(10)
    wait_until(lambda: has_ended(process.pid), 10)


def test_the_rebuild_after_a_killed_one_succeeds_and_removes_its_remains(seeded, database, env):
    before = rows(database)
    killed(2, env)
    run("projections", "rebuild", "invoices", env=env)
    assert rows(database) == before
    with connect_as_table_owner(database) as conn:
        assert conn.execute(SHADOW).fetchone() == (0,)


def test_ctrl_c_during_the_load_leaves_nothing_behind(seeded, database):
    process = started(environment(DATABASE_URL=database))
    with connect_as_table_owner(database) as conn:
        wait_until(lambda: conn.execute(SHADOW).fetchone() == (1,))
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 1
        assert conn.execute(SHADOW).fetchone() == (0,)


def test_ctrl_c_while_the_swap_waits_for_its_lock_leaves_nothing_behind(seeded, database):
    with connect_as_table_owner(database) as reader, connect_as_table_owner(database) as conn, reader.transaction():
        reader.execute("LOCK TABLE invoices IN ACCESS SHARE MODE")
        process = started(environment(DATABASE_URL=database))
        wait_until(lambda: conn.execute(WAITING).fetchone() != (0,), 60)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(60) == 1
        assert conn.execute(SHADOW).fetchone() == (0,)


def test_a_locked_table_can_be_written_to_and_is_swapped_when_the_lock_is_released(seeded, database, env):
    key = seeded.keys[0]
    with (
        Service(database, "--no-worker") as service,
        Api(service.url, key.raw) as api,
        connect_as_table_owner(database) as conn,
    ):
        with conn.transaction():
            conn.execute("LOCK TABLE invoices IN ACCESS SHARE MODE")
            process = started(env)
            with connect_as_table_owner(database) as watcher:
                wait_until(lambda: watcher.execute(WAITING).fetchone() != (0,), 60)
            drafted = draft_invoice(api)
            assert process.poll() is None
        assert process.wait(60) == 0
        assert api.read(f"invoices/{drafted['id']}") == drafted
    run("projections", "verify", "invoices", env=env)


def started(env):
    command = [*COMMAND, "projections", "rebuild", "invoices"]
    return start_process(command, env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def killed(seconds, env):
    """Start a rebuild and kill its main process after so many seconds, unless it has ended before."""
    process = started(env)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
    return process
