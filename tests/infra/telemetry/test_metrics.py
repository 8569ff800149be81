"""Metrics: sums over all processes, complete when a process is killed, with a bounded number of series."""

import secrets
import subprocess
import time
from functools import partial
from typing import Any

import httpx
import pytest

from api.ports.admission import VERDICTS
from domain.accounts.key_secret import new_secret
from infra.identity.keys import revoke_key
from tests.support.client import Api, error_of
from tests.support.command_line import COMMAND, environment
from tests.support.fork_server import run_command, start_process
from tests.support.metrics import Metrics
from tests.support.ports import free_address
from tests.support.scenarios import draft_invoice
from tests.support.service import Service
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def metrics():
    return Metrics(free_address())


@pytest.fixture(scope="module")
def service(shared_database, metrics):
    with Service(shared_database, SMARTDHANDHA_METRICS_BIND=metrics.address) as running:
        wait_until(metrics.is_served)
        yield running


def ask(service, count):
    """Send each request over a new connection, so that every process gets its share."""
    for _ in range(count):
        assert httpx.get(f"{service.url}/healthz", trust_env=False).status_code == 200


def test_requests_are_summed_over_all_processes(service, metrics):
    before = metrics.requests("/healthz")
    ask(service, 60)
    assert metrics.requests("/healthz") == before + 60
    count = metrics.get("request_duration_seconds_count", route="/healthz")
    assert count == metrics.requests("/healthz")
    assert metrics.get("request_duration_seconds_bucket", route="/healthz", le="+Inf") == count
    assert metrics.get("request_duration_seconds_sum", route="/healthz") > 0


def test_admissions_are_counted_by_verdict_and_events_as_they_are_appended(service, metrics, organization, owner):
    def counts():
        verdicts = {verdict: metrics.get("admissions_total", verdict=verdict) for verdict in VERDICTS}
        return {**verdicts, "events": metrics.get("events_appended_total")}

    before = counts()
    api = organization.api()
    api.update(f"invoices/{draft_invoice(api)['id']}", {"status": "sent"})
    assert api.post("invoices", json={}).status_code == 422
    poor = organization.api(limit=1)
    poor.read("invoices")
    error_of(poor.get("invoices"), 429, "rate_limited")
    for key in (new_secret(secrets.choice), "sd_live_mistyped"):  # the second is not looked up
        with Api(service.url, key) as stranger:
            error_of(stranger.get("me"), 401, "invalid_api_key")
    revoked = organization.new_key()
    revoke_key(owner, revoked.row["id"])
    with Api(service.url, revoked.raw) as late:
        error_of(late.get("me"), 401, "api_key_revoked")
    after = counts()
    difference = {name: after[name] - before[name] for name in after}
    expected = {"admitted": 4, "exhausted": 1, "unknown": 1, "revoked": 1, "events": 2}
    assert difference == {**dict.fromkeys(VERDICTS, 0), **expected}


def test_unknown_routes_methods_and_ids_add_no_series(service, metrics, api):
    for number in range(2):
        api.get(f"nowhere/{number}")
        api.get(f"invoices/inv_{number}")
        api.request(f"WORD{number}", "me")
    series = len(metrics.all())
    for number in range(2, 30):
        api.get(f"nowhere/{number}")
        api.get(f"invoices/inv_{number}")
        api.request(f"WORD{number}", "me")
    assert len(metrics.all()) == series
    assert metrics.requests("unknown", 404) >= 30
    assert metrics.requests("/api/v1/me", 405, "OTHER") >= 30
    assert api.key not in metrics.text()


def test_the_pool_and_the_tasks_of_the_background_worker_are_exported(own_database):
    metrics = Metrics(free_address())
    with Service(own_database, SMARTDHANDHA_METRICS_BIND=metrics.address):
        wait_until(metrics.is_served)
        wait_until(lambda: metrics.get("pool_connections", state="idle") == 8)
        assert metrics.get("pool_connections", state="in_use") == 0
        assert metrics.get("pool_waiting") == 0
        wait_until(lambda: metrics.get("worker_runs_total", task="mark_overdue_invoices") >= 1)
        assert metrics.get("worker_last_run_timestamp_seconds", task="expire_keys") == pytest.approx(
            time.time(), abs=60
        )
        assert metrics.get("worker_last_run_failed", task="expire_keys") == 0
        assert ("worker_done_total", ("task", "forget_retries")) in metrics.all()


def test_a_killed_process_loses_no_count_and_another_serves_the_metrics(shared_database, tmp_path):
    metrics = Metrics(free_address())
    env: dict[str, Any] = {"SMARTDHANDHA_METRICS_BIND": metrics.address, "TMPDIR": str(tmp_path)}
    with Service(shared_database, **env) as service:
        wait_until(metrics.is_served)
        total = 0
        for _ in range(3):
            ask(service, 40)
            total += 40
            assert metrics.requests("/healthz") == total
            victim = metrics.port_owner(service)
            assert victim
            victim.kill()
            wait_until(partial(metrics.is_served_by_another, service, victim))
            assert metrics.requests("/healthz") == total
            wait_until(lambda: len(service.workers()) == 2)
        ask(service, 40)
        assert metrics.requests("/healthz") == total + 40
        # The connections of dead processes are not counted; those of their successors are.
        wait_until(lambda: metrics.get("pool_connections", state="idle") == 8)
        (folder,) = tmp_path.iterdir()
        assert len(list(folder.glob("counter_*"))) == 2, "the successor of a dead process must use its file"
    assert not list(tmp_path.iterdir())


def test_a_new_service_removes_the_folders_of_killed_ones_and_keeps_those_in_use(shared_database, tmp_path):
    def start():
        metrics: dict[str, Any] = {"SMARTDHANDHA_METRICS_BIND": free_address(), "TMPDIR": str(tmp_path)}
        return Service(shared_database, "--no-worker", "--workers", "1", **metrics)

    def folders():
        """A server process that is killed while it starts leaves an empty file of gunicorn's, too."""
        return {entry for entry in tmp_path.iterdir() if entry.is_dir()}

    with start():
        (used,) = folders()
        with start() as killed:
            killed.kill()
        (left,) = folders() - {used}
        with start():
            assert used.exists() and not left.exists()
            assert len(folders()) == 2
    assert folders() == set()


def test_without_the_setting_the_library_is_not_imported(service, shared_database):
    code = "import sys, infra.cli; sys.exit('prometheus_client' in sys.modules)"
    assert subprocess.run([COMMAND[0], "-c", code], check=False).returncode == 0


def test_the_metrics_are_not_on_the_public_port(service):
    assert httpx.get(f"{service.url}/metrics", trust_env=False).status_code == 404


def test_the_worker_command_serves_its_metrics(own_database):
    metrics = Metrics(free_address())
    env = environment(DATABASE_URL=own_database, SMARTDHANDHA_METRICS_BIND=metrics.address)
    with start_process([*COMMAND, "worker"], env, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: metrics.is_served() and metrics.get("worker_runs_total", task="expire_keys") >= 1)
        finally:
            process.terminate()
        assert process.wait(30) == 0


def test_an_address_in_use_is_refused_in_one_line(shared_database, metrics, service):
    env = environment(DATABASE_URL=shared_database, SMARTDHANDHA_METRICS_BIND=metrics.address)
    command = [*COMMAND, "serve", "--bind", "127.0.0.1:0"]
    done = run_command(command, env, timeout=60)
    assert done.returncode == 1
    assert "set SMARTDHANDHA_METRICS_BIND" in done.stderr
    assert done.stderr.count("\n") == 1
