"""Requests that arrive in pieces, or several at once, on one connection."""

import re
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from infra.server.connection import Connection
from tests.support.organization import Organization

REFUSED = b"%b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
GET = b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %b\r\n\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize("line", [b"POST /api/v1/invoices", b"PUT /api/v1/bills", b"POST /nowhere"])
def test_a_request_that_comes_along_with_the_refused_one_s_body_is_answered(service, line):
    """The head arrives alone; then the rest of the refused request and the next one come in one piece."""
    with connection_to(service) as client:
        client.sendall(REFUSED % line)
        client.sendall(b"{}" + LAST)
        refused, answered = statuses(client)
    assert refused in (401, 404, 405) and answered == 200


def test_pipelined_requests_are_answered_in_their_order(service):
    with connection_to(service) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" * 20 + LAST)
        assert statuses(client) == [200, 404] * 20 + [200]


def test_a_request_may_arrive_byte_by_byte(service):
    head = b"POST /api/v1/invoices HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connection_to(service) as client:
        for byte in head + b"1;x=y\r\n{\r\n1\r\n}\r\n0\r\n\r\n" + LAST:
            client.sendall(bytes([byte]))
        assert statuses(client) == [401, 200]


def test_a_client_that_sends_nothing_more_after_its_request_is_answered(service):
    with connection_to(service) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        assert statuses(client) == [200]


def test_pipelined_requests_of_a_client_that_sends_nothing_more_are_answered(service):
    """Seen red when the end of the client's side is looked for while received requests are left: one was answered."""
    with connection_to(service) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        client.shutdown(socket.SHUT_WR)
        assert statuses(client) == [200] * 20


def test_a_client_that_sends_nothing_more_needs_no_thread_after_its_response():
    """Seen red when only the poll finds the end of the client's side: a burst of such clients wakes all threads."""
    server, client = socket.socketpair()
    with server, client:
        connection = Connection(server, {"REMOTE_ADDR": ""}, {})
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        client.shutdown(socket.SHUT_WR)
        assert connection.read() and connection.send(b"response")
        with pytest.raises(EOFError):
            connection.begin_next()


def test_a_client_that_waits_for_leave_to_send_its_body_gets_it(service):
    with connection_to(service) as client:
        client.sendall(REFUSED.replace(b"Host", b"Expect: 100-continue\r\nHost") % b"POST /api/v1/invoices")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"{}" + LAST)
        assert statuses(client) == [401, 200]


def test_a_body_that_is_too_long_is_refused_before_it_is_sent(service):
    with connection_to(service) as client:
        client.sendall(REFUSED.replace(b"Length: 2", b"Length: 2000000") % b"POST /api/v1/invoices")
        assert statuses(client) == [401]


@pytest.mark.parametrize(
    ("connection", "is_kept"), [(b"", False), (b"Connection: keep-alive\r\n", True), (b"Connection: close\r\n", False)]
)
def test_http_1_0_keeps_a_connection_only_when_asked(service, connection, is_kept):
    with connection_to(service) as client:
        client.sendall(b"GET /healthz HTTP/1.0\r\n%b\r\n" % connection)
        if is_kept:
            client.sendall(LAST)
        assert statuses(client) == [200] * (1 + is_kept)


def test_one_connection_may_carry_the_requests_of_several_organizations(service, organization, owner):
    """Each request counts for its own organization: otherwise one of them has no thread left after a while."""
    other = Organization(service.url, owner)
    keys = [organization.new_key().raw, other.new_key().raw]
    with httpx.Client(base_url=service.url) as client:
        for number in range(40):
            response = client.get("/api/v1/me", headers={"Authorization": f"Bearer {keys[number % 2]}"})
            assert response.status_code == 200
    with connection_to(service) as client:
        for number in range(20):
            client.sendall(GET % keys[number % 2].encode())
        client.sendall(LAST)
        assert statuses(client) == [200] * 21
    other.close()


def connection_to(service):
    address = urlsplit(service.url)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def statuses(client):
    """Return the statuses of all responses until the server ends the connection."""
    received = b"".join(iter(lambda: client.recv(65536), b""))
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3})", received)]
