"""Connections that stay open after a refusal."""

import socket
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest

REFUSED = b"%b HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n"
NEXT = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("line", [b"POST /api/v1/invoices", b"PUT /api/v1/bills", b"POST /nowhere"])
def test_a_request_that_comes_along_with_the_refused_one_s_body_is_answered(service, line):
    """The refusal leaves before the body arrives; then body and next request come in one piece."""
    address = urlsplit(service.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as client:
        client.sendall(REFUSED % line)
        assert status_of(client) in (401, 404, 405)
        client.sendall(b"{}" + NEXT)
        assert status_of(client) == 200


def status_of(client):
    """The status of the next answer, which is read whole."""
    with HTTPResponse(client) as response:
        response.begin()
        response.read()
        return response.status
