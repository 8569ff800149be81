"""`smartdhandha serve`, from its first start in an empty folder to its shutdown."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from infra.identity.demo import create_demo
from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.migrate import migrate
from tests.support.client import Api, data_of
from tests.support.command_line import environment, run_process
from tests.support.postgres import end_servers, server_processes
from tests.support.service import Service
from tests.support.terminal import has_ended, refusal
from tests.support.waiting import wait_until

KEY = re.compile(r"sd_live_[0-9A-Za-z]{36}")


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="there is no curl or no bash here")
def test_the_printed_curl_creates_an_invoice_that_survives_a_kill_of_all_processes(start, data):
    first = start(may_fork=False)
    done = subprocess.run(["bash", "-c", first.curl], capture_output=True, text=True, check=True)
    response = httpx.Response(201, text=done.stdout)
    resource = data_of(response, 201)
    totals = [resource[name] for name in ("subTotal", "taxTotal", "totalAmount", "balanceDue", "status")]
    assert totals == ["70000.00", "12600.00", "82600.00", "82600.00", "draft"]
    key = KEY.findall(first.text)[0]
    (link,) = re.findall(r"http://\S+/password/\S+", first.text)
    assert "owner@demo.example" in httpx.get(link, trust_env=False).text
    with Api(first.url, key) as api:
        assert api.read("invoices")[0]["id"] == resource["id"]

    os.killpg(first.process.pid, signal.SIGKILL)
    end_servers(data)
    first.process.wait(10)

    second = start()
    assert not KEY.search(second.text) and "/password/" not in second.text
    with Api(second.url, key) as api:
        assert api.read(f"invoices/{resource['id']}") == resource
        assert [invoice["id"] for invoice in api.read("invoices")] == [resource["id"]]


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_every_process(start, data, signal_number):
    terminal = start()
    assert server_processes(data)
    assert terminal.stop(signal_number) == 0
    wait_until(lambda: has_ended(terminal.process.pid))
    wait_until(lambda: not server_processes(data))


def test_a_port_in_use_is_reported_before_anything_starts(data):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        said = refusal("--bind", address, SMARTDHANDHA_DATA=str(data))
    assert said.startswith(f"Cannot listen on {address} (")
    assert not data.exists()


@pytest.mark.process
def test_an_unreachable_database_is_reported_without_its_password():
    said = refusal(DATABASE_URL="postgresql://someone:sesame@127.0.0.1:1/nothing")
    assert "cannot be reached" in said and "DATABASE_URL" in said
    assert "sesame" not in said


@pytest.mark.usefixtures("made")
def test_a_database_newer_than_the_code_is_reported_and_its_server_is_stopped(data):
    with run_postgres(data) as conninfo, connect_as_table_owner(conninfo) as conn:
        migrate(conn)
        conn.execute("INSERT INTO schema_migrations (version, name) VALUES (9999, 'from the future')")
    assert "9999" in refusal(SMARTDHANDHA_DATA=str(data))
    wait_until(lambda: not server_processes(data))


def test_an_unknown_setting_is_reported(data):
    said = refusal(SMARTDHANDHA_DATA=str(data), SMARTDHANDHA_WORKRS="3")
    assert said == "SMARTDHANDHA_WORKRS is not a setting: did you mean SMARTDHANDHA_WORKERS?"
    assert not data.exists()


def test_a_demo_is_created_only_where_there_is_no_organization(own_database):
    with connect_as_table_owner(own_database) as owner:
        assert create_demo(owner) is not None
        assert create_demo(owner) is None


@pytest.mark.parametrize(("options", "organizations"), [((), 0), (("--no-demo",), 0), (("--demo",), 1)])
def test_a_database_of_ones_own_gets_a_demo_only_if_asked(own_database, options, organizations):
    with Service(own_database, "--workers", "1", *options), connect_as_table_owner(own_database) as owner:
        assert owner.execute("SELECT count(*) FROM organizations").fetchone() == (organizations,)


@pytest.mark.usefixtures("made")
def test_the_command_line_works_on_the_same_database_while_it_runs(start, data):
    terminal = start()
    env = environment(SMARTDHANDHA_DATA=str(data))
    organization = json.loads(run_process("org", "create", "Beside", "--json", env=env).out)
    asked = ("key", "create", "--org", organization["id"], "--name", "x", "--scope", "billing:read", "--json")
    key = json.loads(run_process(*asked, env=env).out)
    with Api(terminal.url, key["key"]) as api:
        assert api.read("me")["organization"]["name"] == "Beside"
        run_process("key", "revoke", key["id"], env=env)
        assert api.get("me").status_code == 401
    assert terminal.process.poll() is None


@pytest.mark.process
def test_it_does_not_load_the_http_client_of_the_senders():
    """Seen red while `serve` took its keys from the module of the senders: it loaded httpx, and started later."""
    loaded = "import sys, infra.cli.serve; sys.exit(any(name in sys.modules for name in ('httpx', 'rich')))"
    subprocess.run([sys.executable, "-c", loaded], check=True, timeout=60)
