"""A request ends at one place only. What a proxy could read differently is refused, and smuggles nothing."""

import re
import socket
from urllib.parse import urlsplit

import pytest

from tests.support.cases import all_cases
from tests.support.framing import CHUNKED, READABLE, UNREADABLE
from tests.support.raw_http import all_received, exchange, request

SMUGGLED = b"GET /docs/guides/smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
LAST = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
FOREIGN = {
    "HTTP/0.9": b"GET /\r\n",
    "HTTP/3": b"GET / HTTP/3\r\nHost: a\r\n\r\n",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "the second PROXY protocol": b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\r\n\r\n",
    "a tab in the first line": b"GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "a blank before the first header": b"GET / HTTP/1.1\r\n Host: a\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nHost: a\r\nfoo\r\n\r\n",
    "a blank in a header's name": b"GET / HTTP/1.1\r\nHost: a\r\nfoo bar: b\r\n\r\n",
    "101 headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: 1\r\n" * 100 + b"\r\n",
}


@all_cases("data", (UNREADABLE | FOREIGN).values(), ids=UNREADABLE | FOREIGN)
def test_what_could_be_read_in_two_ways_gets_one_refusal_and_the_connection_ends(service, data):
    received = all_received(service.url, data + SMUGGLED * 2)
    statuses = STATUS.findall(received)
    assert len(statuses) == 1 and statuses[0] in (b"400", b"431")
    assert b"\r\nConnection: close\r\n" in received and b"no-store" in received


@all_cases(("data", "body"), READABLE.values(), ids=READABLE)
def test_what_is_clear_is_read_to_its_end_and_the_next_request_is_answered(service, data, body):
    received = all_received(service.url, data + data + LAST)
    assert STATUS.findall(received) == [b"404", b"404", b"200"]


BAD_CHUNKS = {name: data for name, data in UNREADABLE.items() if data.startswith(CHUNKED)}
PATHS = ["/api/v1/invoices", "/api/v1/assistant", "/assistant", "/login", "/settings/developer/new", "/nowhere"]


@all_cases("path", PATHS)
@all_cases("data", BAD_CHUNKS.values(), ids=BAD_CHUNKS)
def test_bad_chunks_are_400_wherever_they_are_sent(service, path, data):
    response = exchange(service.url, data.replace(b"POST /x", b"POST " + path.encode()))
    assert (response.status, response.code) == (400, "malformed_json")


@pytest.mark.parametrize("path", PATHS)
def test_chunks_of_a_megabyte_of_extensions_are_refused_early(service, path):
    """The service closes the connection long before all has been sent."""
    data = CHUNKED.replace(b"POST /x", b"POST " + path.encode()) + b"1;" + b"x" * 64 * 1024 * 1024
    try:
        response = exchange(service.url, data)
    except (BrokenPipeError, ConnectionResetError):
        return
    assert response.status == 400


def test_a_body_of_a_refused_request_is_no_request(service):
    hidden = request("/docs/guides/hidden").decode("latin-1")
    data = request("/api/v1/invoices", method="POST", body=hidden).replace(b"Connection: close\r\n", b"", 1)
    received = all_received(service.url, data + LAST)
    assert STATUS.findall(received) == [b"401", b"200"]


def test_a_get_with_a_body_is_one_request(service):
    data = request("/api/v1/me", body="GET /docs HTTP/1.1\r\n\r\n").replace(b"Connection: close\r\n", b"", 1)
    assert STATUS.findall(all_received(service.url, data + LAST)) == [b"401", b"200"]


ANNOUNCED = {
    "too long": ("Content-Type: application/json", "Content-Length: 2000000"),
    "too long, and no JSON": ("Content-Type: text/plain", "Content-Length: 2000000"),
    "too long, with leave asked": ("Content-Length: 2000000", "Expect: 100-continue"),
}


@pytest.mark.parametrize("headers", ANNOUNCED.values(), ids=ANNOUNCED)
def test_a_body_that_is_announced_as_too_long_is_not_waited_for(organization, headers):
    """Nothing of the body is sent, and the client does not end its half of the connection."""
    key = f"Authorization: Bearer {organization.new_key().raw}"
    address = urlsplit(organization.url)
    with socket.create_connection((address.hostname, address.port), 5) as client:
        client.sendall(request("/api/v1/invoices", key, *headers, method="POST"))
        assert STATUS.findall(client.recv(65536)) in ([b"413"], [b"415"])


def test_a_chunked_body_is_refused_when_it_has_become_too_long(organization):
    key = f"Authorization: Bearer {organization.new_key().raw}"
    head = request(
        "/api/v1/invoices", key, "Content-Type: application/json", "Transfer-Encoding: chunked", method="POST"
    )
    address = urlsplit(organization.url)
    with socket.create_connection((address.hostname, address.port), 5) as client:
        client.sendall(head + b"FFFFFF\r\n" + b" " * (1024 * 1024 + 1))
        assert STATUS.findall(client.recv(65536)) == [b"413"]
