"""Peers that are silent, slow or do not read: others are answered while they still hold their connections."""

from __future__ import annotations

from contextlib import ExitStack, suppress

import httpx
import pytest

from infra.postgres.database import connect_as_table_owner
from tests.support.organization import Organization
from tests.support.peers import KINDS, Kind, connect, is_ended
from tests.support.service import Service
from tests.support.waiting import wait_until

PEERS = 64


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


def test_bodies_that_never_end_need_a_bounded_memory(own_database):
    """80 peers send all but the end of the largest body: more than the process keeps for slow clients together."""
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
    with Service(own_database) as service, ExitStack() as opened:
        for kind in KINDS.values():
            for _ in range(8):
                opened.enter_context(connect(service.url, kind))
        service.process.terminate()
        assert service.process.wait(20) == 0


def assert_answers(service, key):
    for _ in range(3):
        assert httpx.get(f"{service.url}/healthz", timeout=5).status_code == 200
        headers = {"Authorization": f"Bearer {key}"}
        assert httpx.get(f"{service.url}/api/v1/invoices", headers=headers, timeout=5).status_code == 200
