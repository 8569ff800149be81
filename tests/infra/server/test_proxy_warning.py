"""Behind a proxy whose header is not set, all clients count as one address. The service says so."""

import json

import httpx
import psutil
import pytest

from tests.support.service import Service
from tests.support.waiting import wait_until

HEADERS = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"]
SETTING = "SMARTDHANDHA_ADDRESS_HEADER is not set"


def warnings(path):
    return [line for line in map(json.loads, path.read_text().splitlines()) if SETTING in line["message"]]


@pytest.fixture
def log(tmp_path):
    return tmp_path / "stderr"


def get(service, header, value):
    assert httpx.get(f"{service.url}/healthz", headers={header: value}, trust_env=False).status_code == 200


def replace_the_process(service):
    """Let another server process take the place of the only one."""
    (ended,) = service.workers()
    ended.terminate()
    wait_until(lambda: [process for process in service.workers() if process != ended])
    psutil.wait_procs([ended])


def test_the_first_forwarded_request_of_a_process_is_warned_about_once(shared_database, log):
    with Service(shared_database, "--workers", "1", log=log) as service:
        for earlier, header in enumerate(HEADERS):
            get(service, "Accept", "*/*")
            assert len(warnings(log)) == earlier
            for _ in range(3):
                get(service, header, "203.0.113.7")
            *_, warning = warnings(log)
            assert len(warnings(log)) == earlier + 1 and warning["level"] == "warning"
            assert f"proxy at 127.0.0.1 forwards requests (they have the header {header})" in warning["message"]
            replace_the_process(service)


def test_with_the_setting_nothing_is_warned_about(shared_database, log):
    with Service(
        shared_database,
        "--workers",
        "1",
        log=log,
        SMARTDHANDHA_ADDRESS_HEADER="X-Real-IP",
        SMARTDHANDHA_PUBLIC_URL="https://books.example.in",
    ) as service:
        get(service, "X-Real-IP", "203.0.113.7")
    assert warnings(log) == []


def test_a_public_https_address_is_warned_about_at_the_start(shared_database, log):
    with Service(shared_database, log=log, SMARTDHANDHA_PUBLIC_URL="https://books.example.in"):
        (warning,) = warnings(log)
    assert "SMARTDHANDHA_PUBLIC_URL begins with https" in warning["message"]
