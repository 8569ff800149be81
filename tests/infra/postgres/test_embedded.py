"""The bundled PostgreSQL, with real processes: who starts it, who stops it, and what a SIGKILL may not spoil."""

import contextlib
import fcntl
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.postgres.embedded import EmbeddedError, run_postgres
from infra.postgres.embedded.os_user import find_os_user
from tests.support.fork_server import run_command, start_process
from tests.support.postgres import folder_for_servers, server_processes
from tests.support.prepared import prepare
from tests.support.waiting import wait_until

USER = """
import sys
from pathlib import Path
from infra.postgres.embedded import run_postgres
with run_postgres(Path(sys.argv[1])) as conninfo:
    print(conninfo, flush=True)
    sys.stdin.read()
"""


def start_user(data, **streams):
    return start_process([sys.executable, "-c", USER, data], os.environ, **streams)


@contextlib.contextmanager
def user(data):
    """Another process that uses the data; it leaves when its standard input is closed, and waits for that."""
    with start_user(data, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        conninfo = process.stdout.readline().strip()
        assert conninfo, "the other process could not use the data"
        yield process, conninfo


def leave(process):
    process.stdin.close()
    assert process.wait(timeout=60) == 0


def postmaster(data):
    return psutil.Process(int((data / "postgresql" / "postmaster.pid").read_text().split("\n")[0]))


def start_log(data):
    """What the server said when it was started last; every start writes that file anew."""
    with contextlib.suppress(FileNotFoundError):
        return (data / "log" / "start.log").read_text()
    return ""


def ask(conninfo, question, *values):
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(question, values).fetchone()
        assert row
        return row[0]


def remember(conninfo):
    with psycopg.connect(conninfo) as connection:
        connection.execute("CREATE TABLE remembered AS SELECT 42 AS it")


@pytest.fixture(scope="module")
def first_start():
    """A server after its first start: its data folder, and the conninfo of its database."""
    with folder_for_servers() as parent, run_postgres(parent / "data") as conninfo:
        yield parent / "data", conninfo


@pytest.mark.process
def test_the_database_has_the_locale_and_the_safety_that_the_store_counts_on(first_start):
    _, conninfo = first_start
    assert ask(conninfo, "SELECT current_database()") == "smartdhandha"
    assert ask(conninfo, "SELECT 'Ü' ILIKE 'ü'") is True
    assert ask(conninfo, "SELECT concat(datlocprovider, ' ', datlocale) FROM pg_database LIMIT 1") == "b C.UTF-8"
    for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        assert ask(conninfo, "SELECT current_setting(%s)", name) == "on"
    assert ask(conninfo, "SELECT current_setting('TimeZone')") == "UTC"
    assert ask(conninfo, "SELECT current_setting('listen_addresses')") == ""


@pytest.mark.process
def test_no_other_local_user_gets_in(first_start):
    data, conninfo = first_start
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(make_conninfo(conninfo, password="guessed"))
    assert ask(conninfo, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'") == 0
    os_user = find_os_user()
    for name, mode in {"run": 0o700, "log": 0o700, "postgresql": 0o700, "password": 0o600}.items():
        file_stat = (data / name).stat()
        assert (stat.S_IMODE(file_stat.st_mode), file_stat.st_uid) == (mode, os_user.uid)
    assert postmaster(data).uids().real == os_user.uid != 0


def test_a_second_start_keeps_all_data_and_the_last_one_out_stops_the_server(data):
    with run_postgres(data) as conninfo:
        remember(conninfo)
    wait_until(lambda: not server_processes(data))
    with run_postgres(data) as conninfo:
        assert ask(conninfo, "SELECT it FROM remembered") == 42
    wait_until(lambda: not server_processes(data))


@pytest.mark.usefixtures("made")
def test_the_server_outlives_the_one_that_started_it_while_another_uses_it(data):
    with user(data) as (first, _), user(data) as (second, conninfo):
        pid = postmaster(data).pid
        leave(first)
        assert ask(conninfo, "SELECT 1") == 1
        assert postmaster(data).pid == pid
        leave(second)
        wait_until(lambda: not server_processes(data))


def test_many_may_come_and_go_at_once(data):
    for _ in range(2):
        with contextlib.ExitStack() as stack:
            crowd = [start_user(data, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) for _ in range(6)]
            for process in crowd:
                stack.callback(process.kill)
            assert [process.wait(timeout=120) for process in crowd] == [0] * 6
        wait_until(lambda: not server_processes(data))


@pytest.mark.usefixtures("made")
def test_a_killed_user_does_not_keep_the_server_from_stopping(data):
    with user(data) as (killed, _), user(data) as (other, _):
        killed.kill()
        killed.wait()
        leave(other)
        wait_until(lambda: not server_processes(data))


@pytest.mark.usefixtures("made")
def test_a_server_left_by_killed_users_is_found_and_used(data):
    with user(data) as (killed, conninfo):
        remember(conninfo)
        pid = postmaster(data).pid
        killed.kill()
        killed.wait()
    with run_postgres(data) as conninfo:
        assert postmaster(data).pid == pid
        assert ask(conninfo, "SELECT it FROM remembered") == 42
    wait_until(lambda: not server_processes(data))


@pytest.mark.usefixtures("made")
def test_a_forked_child_leaves_the_block_without_stopping_the_server(data):
    forks = """
import os, sys
from pathlib import Path
import psycopg
from infra.postgres.embedded import run_postgres
with run_postgres(Path(sys.argv[1])) as conninfo:
    if (child := os.fork()) == 0:
        sys.exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    with psycopg.connect(conninfo) as connection:
        connection.execute("SELECT 1")
"""
    done = run_command([sys.executable, "-c", forks, data], os.environ, timeout=60)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: not server_processes(data))


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("everything", [True, False], ids=["with its children", "alone"])
def test_a_killed_server_is_started_again_with_all_that_was_committed(data, everything):
    with user(data) as (gone, conninfo):
        remember(conninfo)
        main = postmaster(data)
        with contextlib.closing(psycopg.connect(conninfo)) as busy:
            busy.execute("SELECT 1")
            for process in [main, *(main.children() if everything else [])]:
                with contextlib.suppress(psutil.NoSuchProcess):  # one that went with its parent
                    process.kill()
            gone.kill()
            with run_postgres(data) as again:
                assert ask(again, "SELECT it FROM remembered") == 42
    wait_until(lambda: not server_processes(data))


@pytest.mark.usefixtures("made")
def test_a_child_that_outlives_a_killed_server_is_waited_for(data):
    with user(data) as (gone, _):
        main = postmaster(data)
        straggler = next(child for child in main.children() if "checkpointer" in child.cmdline()[0])
        straggler.suspend()
        main.kill()
        gone.kill()
    with start_user(data, stdin=subprocess.DEVNULL) as process:
        wait_until(lambda: "shared memory block" in start_log(data))
        straggler.resume()
    assert process.returncode == 0


@pytest.mark.usefixtures("made")
def test_the_number_of_a_killed_server_may_belong_to_another_process_by_now(data):
    with run_postgres(data):
        pass
    stranger = subprocess.Popen(["sleep", "600"], user=find_os_user().uid, cwd="/")
    try:
        (data / "postgresql" / "postmaster.pid").write_text(
            f"{stranger.pid}\n{data}/postgresql\n0\n5432\n{data}/run\n\n"
        )
        (data / "run" / ".s.PGSQL.5432.lock").write_text(f"{stranger.pid}\n")
        with run_postgres(data) as conninfo:
            assert ask(conninfo, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_initdb_leaves_nothing_that_looks_finished(data):
    process = start_user(data, stdout=subprocess.DEVNULL, start_new_session=True)
    wait_until((data / "postgresql.part" / "base").exists)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (data / "postgresql").exists()
    with run_postgres(data) as conninfo:
        assert ask(conninfo, "SELECT 1") == 1
    assert not (data / "postgresql.part").exists()


@pytest.mark.usefixtures("made")
def test_ctrl_c_in_the_terminal_does_not_reach_the_server(data):
    with run_postgres(data):
        assert os.getsid(postmaster(data).pid) != os.getsid(0)
        assert os.getpgid(postmaster(data).pid) != os.getpgid(0)


def test_a_folder_with_a_long_and_strange_name_works(data):
    strange = data / ("long, 'quoted' \"twice\" \\ $HOME ü " + "x" * 90)
    with run_postgres(strange) as conninfo:
        sockets = Path(str(conninfo_to_dict(conninfo)["host"]))
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert ask(conninfo, "SELECT 1") == 1
    assert not sockets.exists()
    short = data / "short, 'q' \"t\" \\ $H ü"
    prepare(short)
    with run_postgres(short) as conninfo:
        assert ask(conninfo, "SELECT 1") == 1


def test_a_socket_folder_that_somebody_else_prepared_is_refused(data):
    long = data / ("x" * 100)
    data.mkdir()
    prepare(long)
    with run_postgres(long) as conninfo:
        sockets = Path(str(conninfo_to_dict(conninfo)["host"]))
    sockets.mkdir()
    sockets.chmod(0o777)
    try:
        with pytest.raises(EmbeddedError, match="is not a private folder"), run_postgres(long):
            pass
    finally:
        sockets.rmdir()


def test_closed_parents_are_opened_for_passing_through_only_when_the_server_has_a_user_of_its_own(data):
    closed = data.parent / "closed" / "too"
    closed.mkdir(parents=True)
    for folder in (closed, closed.parent):
        folder.chmod(0o700)
    notes: list[str] = []
    for _ in range(2):
        with run_postgres(closed / "data", on_note=notes.append) as conninfo:
            assert ask(conninfo, "SELECT 1") == 1
    is_root = os.geteuid() == 0
    assert stat.S_IMODE(closed.stat().st_mode) == (0o701 if is_root else 0o700)
    assert len(notes) == is_root
    assert all(str(closed) in note and str(closed.parent) in note for note in notes)


@pytest.mark.usefixtures("made")
def test_the_configuration_is_renewed_at_each_start(data):
    with run_postgres(data):
        pass
    (data / "server.conf").write_text("listen_addresses = '*'\nfsync = off\n")
    with run_postgres(data) as conninfo:
        assert ask(conninfo, "SELECT current_setting('fsync')") == "on"


@pytest.mark.usefixtures("made")
def test_data_of_another_major_version_is_refused_and_left_alone(data):
    with run_postgres(data):
        pass
    (data / "postgresql" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="by PostgreSQL 17, but the bundled version is 18"), run_postgres(data):
        pass
    wait_until(lambda: not server_processes(data))


@pytest.mark.usefixtures("made")
def test_a_server_that_cannot_start_says_why(data):
    with run_postgres(data):
        pass
    (data / "postgresql" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedError, match=r"did not start in .*pg_control"), run_postgres(data):
        pass


def test_a_folder_that_is_a_file_is_refused_in_one_sentence(data):
    data.write_text("")
    with pytest.raises(EmbeddedError, match="cannot be used: File exists"), run_postgres(data):
        pass


def test_a_failure_gives_the_lease_back(data):
    data.write_text("")
    with pytest.raises(EmbeddedError), run_postgres(data):
        pass
    data.unlink()
    prepare(data)
    with run_postgres(data):
        (data / "postgresql" / "PG_VERSION").write_text("17\n")
        with pytest.raises(EmbeddedError), run_postgres(data):
            pass
        (data / "postgresql" / "PG_VERSION").write_text("18\n")
    with (data / "users.lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    wait_until(lambda: not server_processes(data))
