"""A service of root: its processes run as a user of their own, which can open what they need, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import httpx
import psutil
import pytest

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.embedded.os_user import SYSTEM_USER
from infra.postgres.embedded.os_users import find_or_add_system_user
from infra.server.service_user import SERVICE_USER, ServiceUser, UserRefused, find_service_user
from tests.architecture.tree import ROOT
from tests.support.bundled import Bundled
from tests.support.command_line import COMMAND, environment, run_process
from tests.support.ports import free_port
from tests.support.postgres import folder_for_servers
from tests.support.prepared import prepare
from tests.support.service import Service
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can start processes as another user"),
]


@pytest.fixture(scope="module")
def web():
    entry = find_or_add_system_user(SERVICE_USER)
    return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid, entry.pw_dir)


@pytest.fixture(scope="module")
def python(web):
    """A Python of this version that all users can run. That of the tests may be in root's home."""
    if can(web, "-x", sys.executable):
        yield sys.executable
        return
    with folder_for_servers() as folder:
        system = f"/usr/bin/python3.{sys.version_info.minor}"
        subprocess.run([system, "-m", "venv", "--without-pip", folder / "venv"], check=True)
        (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
        (packages / "tests.pth").write_text(f"{ROOT}\n{sysconfig.get_paths()['purelib']}\n")
        yield str(folder / "venv" / "bin" / "python")


@pytest.fixture(scope="module")
def measured(python):
    """A service of root with a sender on the bundled PostgreSQL, and the address of its metrics."""
    port = free_port()
    with folder_for_servers() as folder:
        measured = Bundled(folder, SMARTDHANDHA_METRICS_BIND=f"127.0.0.1:{port}", SMARTDHANDHA_SENDERS="1")
        measured.service._command[0] = python
        with measured.service:
            yield measured, f"http://127.0.0.1:{port}/metrics"


@pytest.fixture(scope="module")
def bundled(measured):
    return measured[0]


def runs_as(process, user):
    """Return whether the process has the ids of this user alone, and none of root's groups."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:  # it has just ended
        return False
    status = dict(line.split(":\t", 1) for line in lines)
    ids = status["Uid"].split() == [str(user.uid)] * 4 and status["Gid"].split() == [str(user.gid)] * 4
    return ids and set(status["Groups"].split()) <= {str(user.gid)} and int(status["CapEff"], 16) == 0


def run_as(children, user):
    """Return whether there are two server processes, a background worker and a sender, and all run as the user."""
    return [runs_as(child, user) for child in children] == [True] * 4


def is_sender(process):
    try:
        return "deliver" in process.cmdline()
    except psutil.Error:  # it has just ended
        return False


def test_the_server_processes_their_background_worker_and_the_sender_are_not_root(bundled, web):
    """Seen red with a sender that is started without `user` (`_SenderProcesses` with no options)."""
    master = psutil.Process(bundled.service.process.pid)
    assert master.username() == "root" and bundled.postmaster().username() == SYSTEM_USER
    wait_until(lambda: bundled.service.background() and run_as(bundled.service.children(), web))
    assert [is_sender(child) for child in bundled.service.children()].count(True) == 1
    assert web.name == SERVICE_USER != SYSTEM_USER


def test_the_service_works_as_this_user_also_after_a_process_has_died(bundled, web):
    key = bundled.new_key()
    killed = bundled.service.workers()[0]
    killed.kill()
    wait_until(lambda: killed not in bundled.service.workers())
    wait_until(lambda: run_as(bundled.service.children(), web))
    with httpx.Client(base_url=bundled.service.url, trust_env=False) as client:
        assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"}).status_code == 200
        assert client.get("/readyz").status_code == 200
        assert client.get("/login").status_code == 200


def test_the_counts_of_all_processes_are_written_as_this_user(measured):
    bundled, address = measured
    httpx.get(f"{bundled.service.url}/healthz", trust_env=False)

    def counted():
        try:
            text = httpx.get(address, trust_env=False).text
        except httpx.TransportError:
            return False
        return 'smartdhandha_requests_total{method="GET",route="/healthz"' in text and "worker_runs_total" in text

    wait_until(counted)


def test_after_postgresql_was_started_again_the_processes_can_use_its_socket(bundled):
    bundled.end(signal.SIGKILL)
    wait_until(bundled.states)
    bundled.await_end_of_outage()
    wait_until(lambda: httpx.get(f"{bundled.service.url}/readyz", trust_env=False).status_code == 200)


@pytest.mark.parametrize("path", ["password", "postgresql/PG_VERSION", "log/start.log", "server.conf", "users.lock"])
def test_the_user_can_open_no_file_of_the_database(bundled, web, path):
    assert (bundled.data / path).exists()
    assert not can(web, "-r", bundled.data / path) and not can(web, "-w", bundled.data / path)


def test_only_this_user_can_enter_the_folder_of_the_socket(bundled, web):
    folder = bundled.data / "run"
    assert can(web, "-x", folder) and not can(web, "-w", folder)
    nobody = web._replace(uid=65534, gid=65534)
    assert not can(nobody, "-x", folder) and not can(nobody, "-r", folder)


def can(user, right, path):
    test = ["test", right, str(path)]
    return subprocess.run(test, user=user.uid, group=user.gid, extra_groups=[], check=False).returncode == 0


def test_another_user_can_be_chosen(shared_database):
    with Service(shared_database, "--workers", "1", SMARTDHANDHA_USER="root") as service:
        wait_until(service.workers)
        assert service.workers()[0].username() == "root"


def test_a_user_that_does_not_exist_is_refused(shared_database):
    env = environment(DATABASE_URL=shared_database, SMARTDHANDHA_USER="not-a-user")
    assert "There is no user not-a-user" in run_process("serve", env=env, status=1).err


def test_a_user_that_cannot_read_the_program_is_refused_if_chosen_and_root_stays_otherwise(tmp_path, monkeypatch, web):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "program.py").touch()
    monkeypatch.setattr("infra.server.service_user._NEEDED", (closed / "program.py",))
    notes: list[str] = []
    assert find_service_user(None, notes.append) is None
    assert notes[0].startswith("The server processes run as root. The user smartdhandha-web cannot read")
    with pytest.raises(UserRefused, match=r"cannot read .*program\.py"):
        find_service_user(SYSTEM_USER, pytest.fail)


LIVES = {"worker": "SELECT FROM worker_runs WHERE error IS NULL", "deliver": "SELECT FROM secret_keys"}
"""The commands that run beside `serve`, and what is in the database when they work."""


def runs(process, command):
    """Return whether the process runs this command of `smartdhandha`."""
    try:
        return process.cmdline()[-1:] == [command]
    except psutil.Error:  # it has just ended
        return False


@pytest.mark.parametrize("command", LIVES)
def test_a_background_worker_or_sender_alone_is_not_root_and_ends_with_its_parent(web, python, command):
    """Seen red for both without `continue_as` in the command."""
    with folder_for_servers() as folder:
        prepare(folder / "data")
        env = environment(SMARTDHANDHA_DATA=str(folder / "data"))
        process = subprocess.Popen([python, *COMMAND[1:], command], env=env, start_new_session=True)
        parent = psutil.Process(process.pid)
        try:
            wait_until(lambda: any(runs(child, command) and runs_as(child, web) for child in parent.children()))
            with run_postgres(folder / "data") as conninfo, connect_as_table_owner(conninfo) as owner:
                wait_until(lambda: owner.execute(LIVES[command]).fetchone() is not None)
        finally:
            process.terminate()
        assert process.wait(40) == 0
        assert not (folder / "data" / "postgresql" / "postmaster.pid").exists()
