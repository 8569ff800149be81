"""The services that tests fork are as those that a new interpreter runs: see tests/support/fork_server.py."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.command_line import COMMAND, environment
from tests.support.fork_server import ForkedProcess, can_fork, run_command
from tests.support.postgres import database_settings
from tests.support.service import Service
from tests.support.waiting import wait_until


def facts(pid):
    """Return what a process has from its start: its parent, session, folder, signals, and open files by kind."""
    process = Path(f"/proc/{pid}")
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines() if ":\t" in line)
    files = [file.readlink() for file in (process / "fd").iterdir()]
    return {
        "parent": psutil.Process(pid).ppid(),
        "leads a session": os.getsid(pid) == pid,
        "folder": (process / "cwd").readlink(),
        "files": sorted(str(file.parent if file.is_absolute() else file).partition(":")[0] for file in files),
        **{name: status[name].strip() for name in ("SigBlk", "SigIgn", "SigCgt", "Threads")},
    }


def served(database, log, *, may_fork):
    """Return the facts of the master and of a server process, what the service wrote, and its exit status."""
    with Service(database, "--workers", "1", log=log, may_fork=may_fork) as service:
        assert httpx.get(f"{service.url}/healthz", trust_env=False).status_code == 200
        wait_until(lambda: "/healthz" in log.read_text())
        service.background()  # is there: then the master has forked all its processes, and opened their heartbeat files
        (worker,) = service.workers()
        found = [type(service.process) is ForkedProcess, facts(service.process.pid), facts(worker.pid)]
        os.killpg(service.process.pid, signal.SIGTERM)
        return found, service.process.wait(40)


def test_a_forked_service_is_as_one_of_a_new_interpreter(shared_database, tmp_path):
    (is_forked, *forked), status = served(shared_database, tmp_path / "forked", may_fork=True)
    (is_other_forked, *new), other_status = served(shared_database, tmp_path / "new", may_fork=False)
    assert (is_forked, is_other_forked) == (True, False)
    for process in (forked[1], new[1]):
        del process["parent"], process["Threads"]  # the masters are different, and threads and connections come and go
        process["files"] = {*process["files"]}
    assert forked == new
    assert status == other_status == 0


def test_a_fork_has_the_settings_of_its_order(own_database, tmp_path):
    with Service(own_database, log=tmp_path / "log", SMARTDHANDHA_CONTACT="help@example.in") as service:
        assert "help@example.in" in httpx.get(f"{service.url}/status", trust_env=False).text
        with connect_as_table_owner(own_database) as owner:
            assert owner.execute("SELECT count(*) FROM pg_stat_activity WHERE usename LIKE '%web'").fetchone() != (0,)


def test_a_command_ends_with_the_status_and_the_texts_of_a_new_interpreter(own_database, tmp_path):
    env = environment(**database_settings(own_database))
    for arguments, status in ((["audit", "verify"], 0), (["audit", "verify", "--org", "org_unknown"], 2)):
        command = [*COMMAND, *arguments]
        forked = run_command(command, env, timeout=60)
        new = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert can_fork(command, env)
        assert (forked.returncode, forked.stdout, forked.stderr) == (new.returncode, new.stdout, new.stderr)
        assert forked.returncode == status


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        ([sys.executable, "-m", "infra.cli.watch"], {}),
        ([*COMMAND, "serve"], {"LD_PRELOAD": "libfaketime.so"}),
        ([*COMMAND, "serve"], {"TZ": "Asia/Kolkata"}),
        ([*COMMAND, "serve"], {"PYTHONHASHSEED": "1"}),
    ],
)
def test_what_a_fork_would_not_take_on_is_run_by_a_new_interpreter(command, changes):
    assert can_fork([*COMMAND, "serve"], environment())
    assert not can_fork(command, environment(**changes))
