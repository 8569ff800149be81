"""Peers that are silent, slow or do not read: others are answered while they still hold their connections."""

from __future__ import annotations

import resource
import socket
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.organization import Organization
from tests.support.peers import KINDS, Kind, connect, is_ended
from tests.support.service import Service
from tests.support.waiting import wait_until

PEERS, IDLE = 64, 2000


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
        for _ in range(PEERS):
            opened.enter_context(connect(service.url, KINDS[kind]))
        assert_answers(service, key)


def test_two_thousand_idle_connections_leave_room_for_others(own_database):
    """They are twice as many as the process keeps. Each was answered; the ones that are idle for longest are closed.

    Seen red with a process that closes none of them, and refuses the new one (`_accept` closes it).
    """
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    with Service(own_database, "--workers", "1") as service, connect_as_table_owner(own_database) as owner:
        organization = Organization(service.url, owner)
        key, address = organization.new_key().raw, ("127.0.0.1", int(service.url.rpartition(":")[2]))
        (process,) = service.workers()
        before = process.num_fds()
        with descriptors(IDLE + 1000), ExitStack() as opened:
            idle = []
            for _ in range(IDLE):
                peer = opened.enter_context(socket.create_connection(address, timeout=30))
                idle.append(peer)
                peer.sendall(request)
                assert peer.recv(4096).startswith(b"HTTP/1.1 200")
            assert_answers(service, key)
            kept = [not is_ended(peer) for peer in idle]
            assert kept[-1] and not kept[0]
        wait_until(lambda: process.num_fds() <= before + 10)
        organization.close()


@contextmanager
def descriptors(count):
    """Let this process open so many files and sockets during the block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(count, hard)), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_bodies_that_never_end_need_a_bounded_memory(own_database):
    """80 peers send all but the end of the largest body: more than the process keeps for slow clients together.

    Seen red with ten times MAX_HELD_BYTES.
    """
    head = b"POST /api/v1/invoices HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n"
    with Service(own_database, "--workers", "1") as service, ExitStack() as opened:
        peers = [opened.enter_context(connect(service.url, Kind(head))) for _ in range(80)]
        for peer in peers:
            with suppress(OSError):  # it may be closed while it still sends
                peer.sendall(b"x" * 1_048_000)
        wait_until(lambda: any(is_ended(peer) for peer in peers))
        assert httpx.get(f"{service.url}/healthz", timeout=5).status_code == 200
        assert not all(is_ended(peer) for peer in peers)


def test_a_stop_does_not_wait_for_peers(own_database):
    """Seen red when neither STOP_SECONDS nor `graceful_timeout` ends the wait: both are a minute."""
    with Service(own_database) as service, ExitStack() as opened:
        for kind in KINDS.values():
            for _ in range(8):
                opened.enter_context(connect(service.url, kind))
        service.process.terminate()
        assert service.process.wait(20) == 0


def assert_answers(service, key):
    """A client that is told to try again does so: with peers of other tests beside it, the machine may be late."""
    for _ in range(3):
        assert httpx.get(f"{service.url}/healthz", timeout=5).status_code == 200
        assert wait_until(lambda: answered(f"{service.url}/api/v1/invoices", key)) == 200


def answered(url, key):
    """Return the status of a response; None if the client is asked to try again."""
    response = httpx.get(url, headers={"Authorization": f"Bearer {key}"}, timeout=5)
    return None if response.status_code == 503 else response.status_code
