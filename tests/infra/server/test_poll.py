"""The poll: a connection is in the poll or in one thread's hands, also when the system reuses its number."""

import os
import socket
from contextlib import ExitStack

import pytest

from infra.server.connection import Connection
from infra.server.poll import Poll

ENVIRON = {"REMOTE_ADDR": ""}


class LookedAt(Connection):
    """A connection that calls `on_look` while a thread looks whether it must be closed, before that thread takes it."""

    def __init__(self, sock, on_look):
        super().__init__(sock, ENVIRON, {})
        self._on_look = on_look

    def is_too_slow(self, now):
        self._on_look()
        return True

    @property
    def held_bytes(self):
        self._on_look()
        return 1


class Race:
    """A poll with an old connection, which a second thread closes and replaces while the first one looks at it."""

    def __init__(self):
        self.sockets = ExitStack()
        self.poll = Poll([], lambda listener: None)
        server, self._old_client = self._pair()
        self.old = LookedAt(server, self._replace)
        self.new: Connection | None = None
        self._put(self.old)

    def _pair(self):
        server, client = socket.socketpair()
        return self.sockets.enter_context(server), self.sockets.enter_context(client)

    def _replace(self):
        if self.new is not None:
            return
        self._old_client.sendall(b"x")
        server, self.new_client = self._pair()
        assert self.poll.wait(10) == [self.old]
        self.old.close()
        reused = os.dup2(server.fileno(), self.old.number)
        self.new = Connection(self.sockets.enter_context(socket.socket(fileno=reused)), ENVIRON, {})
        self._put(self.new)

    def _put(self, connection):
        self.poll.add(connection)
        self.poll.put_back(connection)


@pytest.mark.parametrize("take", [lambda poll: poll.take_expired(), lambda poll: poll.take_largest(0)])
def test_a_new_connection_with_the_number_of_one_that_was_closed_meanwhile_is_not_lost(take):
    race = Race()
    with race.sockets:
        assert take(race.poll) == []
        assert race.new is not None and race.new.number == race.old.number
        race.new_client.sendall(b"x")
        assert race.poll.wait(10) == [race.new]
