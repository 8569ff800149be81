"""What the server responds without the application is in the log and in the metrics, too, and fills no disk."""

import re
import socket

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.server.refusals import INVALID_REQUESTS_PER_SECOND
from infra.telemetry.line_limit import LineLimit
from tests.support.client import error_of
from tests.support.held_reads import allow_to_hold, held_read, past_invoice
from tests.support.metrics import Metrics
from tests.support.organization import Organization
from tests.support.ports import free_address
from tests.support.program_log import ProgramLog
from tests.support.service import Service
from tests.support.waiting import wait_until

APP = "https://app.example.in"
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
INVALID = {
    "no HTTP": (b"hello\r\n\r\n", 400, "OTHER"),
    "a HEAD that is no HTTP": (b"HEAD / HTTP/9.9\r\n\r\n", 400, "HEAD"),
    "a long URL": (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414, "OTHER"),
    "large headers": (GET + b"X: " + b"a" * 17_000 + b"\r\n\r\n", 431, "OTHER"),
    "a body with bad chunks": (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "POST"),
}


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return ProgramLog(tmp_path_factory.mktemp("log") / "stderr")


@pytest.fixture(scope="module")
def metrics():
    return Metrics(free_address())


@pytest.fixture(scope="module")
def database(new_database):
    return new_database()


@pytest.fixture(scope="module")
def owner(database):
    with connect_as_table_owner(database) as opened:
        allow_to_hold(opened)
        yield opened


@pytest.fixture(scope="module")
def service(database, owner, log, metrics):
    """A service in which an organization has one thread."""
    settings = {
        "SMARTDHANDHA_THREADS": "2",
        "SMARTDHANDHA_METRICS_BIND": metrics.address,
        "SMARTDHANDHA_CORS_ORIGINS": APP,
    }
    with Service(database, "--workers", "1", "--no-worker", log=log.path, **settings) as running:
        wait_until(metrics.is_served)
        yield running


@pytest.mark.parametrize(("data", "status", "method"), INVALID.values(), ids=INVALID)
def test_an_invalid_request_leaves_its_traces(service, log, metrics, data, status, method):
    before = metrics.requests("unknown", status, method)
    response = exchange(service, data)
    assert int(response.split()[1]) == status
    request_id = request_id_of(response)
    line = log.of_request(request_id)
    assert (line["status"], line["method"], line["ip"]) == (status, method, "127.0.0.1")
    assert (line["route"], line["org"], line["key"]) == (None, None, None)
    (warning,) = (line for line in log.lines("smartdhandha.server") if line.get("requestId") == request_id)
    assert (warning["message"], warning["ip"]) == ("invalid request", "127.0.0.1")
    assert metrics.requests("unknown", status, method) == before + 1


@pytest.mark.parametrize("name", ["large headers", "a body with bad chunks"])
def test_an_invalid_request_keeps_its_own_id(service, log, name):
    data, status, _ = INVALID[name]
    own_id = f"mine-{status}"
    response = exchange(service, data.replace(b"Host: x", f"Host: x\r\nX-Request-Id: {own_id}".encode()))
    assert request_id_of(response) == own_id
    assert log.of_request(own_id)["status"] == status


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_that_gets_no_thread_leaves_its_traces(service, owner, log, metrics, method):
    organization = Organization(service.url, owner)
    api = organization.api()
    before = metrics.requests("unknown", 503, method)
    with held_read(owner, api, past_invoice(api), organization.id):
        own_id = f"mine-{method}"
        response = api.request(method, "invoices", headers={"X-Request-Id": own_id, "Origin": APP})
    assert response.status_code == 503 and response.headers["X-Request-Id"] == own_id
    assert response.headers["Retry-After"] == "2"
    assert response.headers["Access-Control-Allow-Origin"] == APP  # so that a script can read the rest
    if method == "GET":
        assert "The service is busy" in error_of(response, 503, "unavailable")["message"]
    line = log.of(response)
    assert (line["status"], line["method"], line["route"]) == (503, method, None)
    assert (line["org"], line["key"], line["ip"]) == (organization.id, None, "127.0.0.1")
    assert line["durationMs"] > 0
    assert metrics.requests("unknown", 503, method) == before + 1
    organization.close()


def test_a_line_of_the_application_names_no_address(service, owner, log):
    organization = Organization(service.url, owner)
    assert "ip" not in log.of(organization.api().get("me"))
    organization.close()


def test_a_flood_of_invalid_requests_has_few_lines_and_loses_no_count(service, log, metrics):
    def logged():
        lines = log.lines("smartdhandha.server")
        single = sum(line["message"] == "invalid request" for line in lines)
        others = [line["count"] for line in lines if line["message"].startswith("further invalid requests")]
        return single, sum(others)

    def are_left_out():
        sent.extend(exchange(service, b"hello\r\n\r\n") for _ in range(50))
        return logged()[1] > others

    sent: list[bytes] = []
    (single, others), counted = logged(), metrics.requests("unknown", 400, "OTHER")
    wait_until(are_left_out)
    wait_until(lambda: sum(logged()) == single + others + len(sent))
    assert metrics.requests("unknown", 400, "OTHER") == counted + len(sent)


def test_a_limit_permits_its_lines_in_each_second_and_counts_the_others():
    now = [100.0]
    limit = LineLimit(INVALID_REQUESTS_PER_SECOND, lambda: now[0])
    for _ in range(2):
        permitted = [limit.permits() for _ in range(INVALID_REQUESTS_PER_SECOND + 3)]
        assert permitted == [True] * INVALID_REQUESTS_PER_SECOND + [False] * 3
        now[0] += 1
    assert (limit.take_left_out(), limit.take_left_out()) == (6, 0)


def exchange(service, data):
    """Send the bytes on a connection of their own, and return the response."""
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(data)
        return b"".join(iter(lambda: client.recv(65536), b""))


def request_id_of(response):
    match = re.search(rb"X-Request-Id: (\S+)", response)
    assert match, response
    return match[1].decode()
