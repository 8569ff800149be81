"""`smartdhandha serve`, from its first start on an empty folder to its end, by whatever means it comes."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from infra import accounts
from infra.database import connect_owner
from infra.embedded import running
from infra.migrate import migrate
from tests.scenarios import draft_invoice, invoice_body
from tests.support import COMMAND, Api, Organization, Service, data_of, environment, servers, until

SERVE = [*COMMAND, "serve", "--bind", "127.0.0.1:0"]
KEY = re.compile(r"sd_live_[0-9A-Za-z]{36}")


class Terminal:
    """What a newcomer sees: `serve` on a folder, with what it prints as a person reads it."""

    def __init__(self, data):
        self.process = subprocess.Popen(
            SERVE,
            env=environment(SMARTDHANDHA_DATA=str(data)),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout
        self.output = self.process.stdout
        self.text = ""
        while (line := self.output.readline()) and not line.startswith(("Make a key", "curl -sS http://")):
            self.text += line
        self.text += line
        assert line, "it did not start"

    @property
    def url(self):
        return re.findall(r"http://[0-9.:]+", self.text)[0]

    @property
    def curl(self):
        """The first command that it offers, as it would be copied."""
        return self.text.partition("Draft your first invoice:")[2].partition("and see it")[0]

    def stop(self, signal_number=signal.SIGINT):
        """The signal goes to the whole group, as from a terminal."""
        os.killpg(self.process.pid, signal_number)
        self.output.close()
        return self.process.wait(60)


@pytest.fixture
def start(data):
    """Starts `serve` on the test's folder; whatever still runs in the end is killed."""
    started = []

    def begin():
        started.append(Terminal(data))
        return started[-1]

    yield begin
    for terminal in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait(10)
        terminal.output.close()


def has_ended(group):
    """Whether no process of the group is left."""
    return group not in {os.getpgid(pid) for pid in psutil.pids() if _is_there(pid)}


def _is_there(pid):
    with contextlib.suppress(psutil.Error):
        os.getpgid(pid)
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def refusal(*options, **env):
    """The one sentence with which `serve` refuses to start."""
    process = subprocess.Popen(
        [*SERVE, *options],
        env=environment(**env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert has_ended(process.pid)
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    return lines[0]


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="there is no curl or no bash here")
def test_the_printed_curl_drafts_an_invoice_that_outlives_a_kill_of_everything(start, data):
    first = start()
    done = subprocess.run(["bash", "-c", first.curl], capture_output=True, text=True, check=True)
    answer = httpx.Response(201, text=done.stdout)
    made = data_of(answer, 201)
    totals = [made[name] for name in ("subTotal", "taxTotal", "totalAmount", "balanceDue", "status")]
    assert totals == ["70000.00", "12600.00", "82600.00", "82600.00", "draft"]
    key = KEY.findall(first.text)[0]
    with Api(first.url, key) as api:
        assert api.got("invoices")[0]["id"] == made["id"]

    os.killpg(first.process.pid, signal.SIGKILL)
    for process in servers(data):
        process.kill()
    first.process.wait(10)

    second = start()
    assert not KEY.search(second.text)
    with Api(second.url, key) as api:
        assert api.got(f"invoices/{made['id']}") == made
        assert [invoice["id"] for invoice in api.got("invoices")] == [made["id"]]


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_that_was_started(start, data, signal_number):
    terminal = start()
    assert servers(data)
    assert terminal.stop(signal_number) == 0
    assert has_ended(terminal.process.pid)
    assert not servers(data)


def test_a_taken_port_is_one_sentence_before_anything_is_started(data):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = refusal("--bind", address, SMARTDHANDHA_DATA=str(data))
    assert said.startswith(f"{address} cannot be listened on")
    assert not data.exists()


def test_an_unreachable_database_is_one_sentence_without_its_password():
    said = refusal(DATABASE_URL="postgresql://someone:sesame@127.0.0.1:1/nothing")
    assert "cannot be reached" in said and "DATABASE_URL" in said
    assert "sesame" not in said


def test_a_database_that_is_newer_than_the_code_is_one_sentence_and_its_server_is_stopped(data):
    with running(data) as conninfo, connect_owner(conninfo) as conn:
        migrate(conn)
        conn.execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'from the future')")
    assert "9999" in refusal(SMARTDHANDHA_DATA=str(data))
    assert not servers(data)


def test_an_unknown_setting_is_one_sentence(data):
    said = refusal(SMARTDHANDHA_DATA=str(data), SMARTDHANDHA_WORKER="3")
    assert said == "SMARTDHANDHA_WORKER is not a setting: did you mean SMARTDHANDHA_WORKERS?"
    assert not data.exists()


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_request_in_flight_is_answered_before_the_end(own_database, signal_number):
    with connect_owner(own_database) as owner, connect_owner(own_database) as holder, Service(own_database) as service:
        organization = Organization(service.url, owner)
        api = organization.api()
        waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        with ThreadPoolExecutor(1) as thread:
            with holder.transaction():
                holder.execute("SELECT FROM org_log WHERE org_id = %s FOR UPDATE", (organization.id,))
                answer = thread.submit(api.post, "invoices", json=invoice_body())
                until(lambda: owner.execute(waiting).fetchall())
                os.killpg(service.process.pid, signal_number)
                # The worker that has nothing to do is the first to go: from then on the signal is known to have come.
                until(lambda: len(psutil.Process(service.process.pid).children()) == 1)
            made = data_of(answer.result(), 201)
        assert service.process.wait(40) == 0
        assert owner.execute("SELECT id FROM invoices").fetchall() == [(made["id"],)]
        organization.close()


def test_an_idle_connection_does_not_hold_up_the_end(own_database):
    """The stock worker waits its whole 30 seconds."""
    with connect_owner(own_database) as owner, Service(own_database) as service:
        organization = Organization(service.url, owner)
        draft_invoice(organization.api())
        service.process.terminate()
        assert service.process.wait(20) == 0
        organization.close()


def test_a_demo_is_made_only_where_there_is_no_organization(own_database):
    with connect_owner(own_database) as owner:
        assert accounts.make_demo(owner) is not None
        assert accounts.make_demo(owner) is None


def test_ready_means_that_the_database_answers_and_no_migration_waits(own_database):
    with connect_owner(own_database) as owner, Service(own_database) as service:
        assert httpx.get(f"{service.url}/readyz").status_code == 200
        owner.execute("UPDATE schema_migrations SET version = 9999 WHERE version = 1")
        assert httpx.get(f"{service.url}/readyz").status_code == 503
        assert httpx.get(f"{service.url}/healthz").status_code == 200
