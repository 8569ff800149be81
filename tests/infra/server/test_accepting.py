"""A process accepts bursts of connections quickly, and makes room for new ones."""

import socket
from contextlib import ExitStack

import pytest

from infra.server.connection import Connection
from infra.server.poll import MANY_CONNECTIONS, Poll

pytestmark = pytest.mark.process
BURST = 4 * MANY_CONNECTIONS


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0), backlog=BURST) as made:
        yield made


@pytest.fixture
def poll(listener):
    made = Poll([listener], accept)
    yield made
    for connection in made.take_all():
        connection.close()


def accept(listener):
    try:
        return Connection(listener.accept()[0], {"REMOTE_ADDR": ""}, {})
    except BlockingIOError:
        return None


def put_back_new(poll):
    for connection in poll.wait(10):
        poll.put_back(connection)


def test_a_process_with_many_connections_accepts_a_burst_in_few_steps(listener, poll):
    clients = [socket.create_connection(listener.getsockname()) for _ in range(BURST)]
    steps = 0
    while len(poll) < BURST:
        put_back_new(poll)
        steps += 1
    for client in clients:
        client.close()
    assert MANY_CONNECTIONS <= steps < BURST // 2


def test_a_burst_of_connections_that_end_at_once_is_accepted_in_few_steps(listener, poll):
    """Seen red when only the connections that wait are counted: each step accepted one, after a pause."""
    clients = [socket.create_connection(listener.getsockname()) for _ in range(BURST)]
    steps = accepted = 0
    while accepted < BURST:
        for connection in poll.wait(10):
            connection.close()
            accepted += 1
        steps += 1
    for client in clients:
        client.close()
    assert MANY_CONNECTIONS <= steps < BURST // 2


def test_the_next_client_after_a_burst_is_no_burst(listener, poll):
    with ExitStack() as clients:
        for _ in range(MANY_CONNECTIONS + 1):
            clients.enter_context(socket.create_connection(listener.getsockname()))
        while not poll.is_in_burst:
            (connection,) = poll.wait(10)
            connection.close()
        (last,) = poll.wait(10)
        last.close()
        assert not poll.is_in_burst


def test_the_connections_that_make_room_are_those_with_the_earliest_deadlines(listener, poll):
    clients = [socket.create_connection(listener.getsockname()) for _ in range(5)]
    while len(poll) < 5:
        put_back_new(poll)
    waiting = poll.take_all()
    for seconds, connection in zip([3, 1, 5, 2, 4], waiting, strict=True):
        connection.deadline = seconds
        poll.put_back(connection)
    taken = poll.take_longest_idle(2)
    assert [connection.deadline for connection in taken] == [1, 2] and len(poll) == 3
    for each in (*clients, *taken):
        each.close()
