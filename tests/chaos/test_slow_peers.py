"""Peers that are silent, slow or do not read: others are answered while they still hold their connections."""

from __future__ import annotations

import socket
from contextlib import ExitStack, suppress
from urllib.parse import urlsplit

import httpx
import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.organization import Organization
from tests.support.service import Service
from tests.support.waiting import wait_until

PEERS = 64
POST = b"POST /api/v1/invoices HTTP/1.1\r\nHost: x\r\n"
REFERENCE = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
KINDS = {
    "silent": b"",
    "one byte": b"G",
    "half a head": b"GET /healthz HTTP/1.1\r\nX-A: ",
    "half a body": POST + b"Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    "half a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n64\r\n{",
    "half a chunk extension": POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 3000,
    "not closing": b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


@pytest.fixture(scope="module")
def served(new_database):
    conninfo = new_database()
    with connect_as_table_owner(conninfo) as owner, Service(conninfo) as service:
        organization = Organization(service.url, owner)
        yield service, organization.new_key().raw
        organization.close()


@pytest.mark.parametrize("kind", KINDS)
def test_others_are_answered_beside_peers_that_hold_their_connections(served, kind):
    service, key = served
    with ExitStack() as opened:
        peers = [opened.enter_context(connection_to(service)) for _ in range(PEERS)]
        for peer in peers:
            peer.sendall(KINDS[kind])
        assert_answers(service, key)


def test_others_are_answered_beside_peers_that_do_not_read(served):
    service, key = served
    with ExitStack() as opened:
        for _ in range(PEERS):
            peer = opened.enter_context(connection_to(service, receive_bytes=4096))
            peer.sendall(REFERENCE * 20)
        assert_answers(service, key)


def test_bodies_that_never_end_need_a_bounded_memory(own_database):
    """80 peers send all but the end of the largest body: more than the process keeps for slow clients together."""
    body = POST + b"Content-Length: 1048576\r\n\r\n" + b"x" * 1_048_000
    with Service(own_database, "--workers", "1") as service, ExitStack() as opened:
        peers = [opened.enter_context(connection_to(service)) for _ in range(80)]
        for peer in peers:
            with suppress(OSError):  # it may be closed while it still sends
                peer.sendall(body)
        wait_until(lambda: any(is_closed(peer) for peer in peers))
        assert httpx.get(f"{service.url}/healthz", timeout=5).status_code == 200
        assert not all(is_closed(peer) for peer in peers)


def is_closed(peer):
    peer.setblocking(False)
    try:
        return peer.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_a_stop_does_not_wait_for_peers(own_database):
    with Service(own_database) as service, ExitStack() as opened:
        for data in KINDS.values():
            for _ in range(8):
                opened.enter_context(connection_to(service)).sendall(data)
        service.process.terminate()
        assert service.process.wait(20) == 0


def assert_answers(service, key):
    for _ in range(3):
        assert httpx.get(f"{service.url}/healthz", timeout=5).status_code == 200
        headers = {"Authorization": f"Bearer {key}"}
        assert httpx.get(f"{service.url}/api/v1/invoices", headers=headers, timeout=5).status_code == 200


def connection_to(service, receive_bytes=None):
    address = urlsplit(service.url)
    client = socket.socket()
    client.settimeout(10)
    if receive_bytes is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
    client.connect((address.hostname, address.port))
    return client
