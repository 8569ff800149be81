"""A PostgreSQL that is too old is named at once, before a statement fails on it."""

import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from infra.postgres.database import DatabaseUnreachable, connect_as_table_owner

VERSIONS = {"server_version": "15.14", "server_encoding": "UTF8", "client_encoding": "UTF8"}
"""What a server says of itself. The present server cannot say that it is another one."""

pytestmark = pytest.mark.process


def message(kind, body):
    return kind + struct.pack("!i", len(body) + 4) + body


def greet(listener):
    """Accept one client without a password, as a server with these versions does, until the client ends."""
    client, _ = listener.accept()
    with client, suppress(TimeoutError):
        client.settimeout(5)
        client.recv(8192)
        texts = (message(b"S", f"{name}\0{value}\0".encode()) for name, value in VERSIONS.items())
        client.sendall(message(b"R", struct.pack("!i", 0)) + b"".join(texts) + message(b"Z", b"I"))
        while client.recv(8192):
            pass


def test_a_server_that_is_too_old_is_refused_with_its_version():
    with ThreadPoolExecutor(1) as thread, socket.create_server(("127.0.0.1", 0)) as listener:
        served = thread.submit(greet, listener)
        conninfo = f"host=127.0.0.1 port={listener.getsockname()[1]} user=x dbname=x sslmode=disable gssencmode=disable"
        with pytest.raises(DatabaseUnreachable, match=r"is PostgreSQL 15\.14; use PostgreSQL 17 or newer"):
            connect_as_table_owner(conninfo)
        served.result()
