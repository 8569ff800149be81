"""Which thread does what in a server process."""

import threading

import pytest

from api.ports.request.streams import StreamBrokenOff
from tests.support.server_process import ServerProcess

pytestmark = pytest.mark.process

PIECE = b"x" * 65_536
PIECES = 1000
"""More than the system buffers for a client that does not read."""


class Streaming:
    """An application with a response in pieces, and one that keeps its thread until the test lets it go on."""

    def __init__(self):
        self.makers = []
        """The names of the threads that have made pieces, in order."""
        self.is_busy, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        start_response("200 OK", [])
        if environ["PATH_INFO"] == "/stream":
            return self._pieces()
        if environ["PATH_INFO"] == "/busy":
            self.is_busy.set()
            assert self.may_go_on.wait(60)
        return [b"ok"]

    def _pieces(self):
        for _ in range(PIECES):
            self.makers.append(threading.current_thread().name)
            yield PIECE


def test_the_main_thread_makes_no_piece_of_a_streamed_response():
    """A piece may take long to make, and the main thread has to look after all others."""
    application = Streaming()
    with ServerProcess(application, threads=1) as server, server.request("/stream", receive_bytes=4096) as reader:
        received = len(reader.recv(1))  # the response has begun; its thread goes on until the client's side is full
        with server.request("/busy") as busy:
            assert application.is_busy.wait(30)
            made = len(application.makers)
            assert 1 < made < PIECES
            while received < (made - 1) * len(PIECE):  # then there is room for the next piece
                received += len(reader.recv(65_536))
            for _ in range(3):  # the main thread answers these, and looks at all connections before each
                assert server.get("/healthz").endswith(b"ok")
            made_meanwhile = len(application.makers) - made
            application.may_go_on.set()
            assert made_meanwhile == 0
            assert busy.recv(15) == b"HTTP/1.1 200 OK"
        while reader.recv(65_536):
            pass
    assert application.makers == ["requests-0"] * PIECES


def test_an_application_that_fails_outside_of_its_error_handlers_leaves_its_traces():
    def application(environ, start_response):
        raise RuntimeError("a fault")

    with ServerProcess(application, threads=1) as server:
        response = server.get("/anything")
    (record,) = server.access_log
    assert response.startswith(b"HTTP/1.1 500 ")
    assert (record.status, record.method, record.ip) == (500, "GET", "127.0.0.1")
    assert f"X-Request-Id: {record.request_id}\r\n".encode() in response


@pytest.mark.parametrize("size", [0, 65_536, 65_537, 3_000_000])
def test_a_body_of_any_size_is_sent_whole_and_the_connection_goes_on(size):
    """A large body is sent from the application's own bytes, which several responses may share."""
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)

    def application(environ, start_response):
        start_response("200 OK", [])
        return [body if environ["PATH_INFO"] == "/body" else b"next"]

    with ServerProcess(application, threads=1) as server, server.connect() as client:
        client.sendall(b"GET /body HTTP/1.1\r\nHost: x\r\n\r\n")
        with client.makefile("rb") as reader:
            assert b"Content-Length: %d\r\n" % size in list(iter(reader.readline, b"\r\n"))
            assert reader.read(size) == body
            client.sendall(b"GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert reader.read().endswith(b"\r\n\r\nnext")


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
def test_a_response_that_is_broken_off_is_no_complete_response_for_the_client(version, caplog):
    """Without the reset, a client or proxy that speaks HTTP/1.0 takes the end of the connection for that of the body.

    Seen red without it.
    """

    def application(environ, start_response):
        start_response("200 OK", [])
        return pieces()

    def pieces():
        yield b"first"
        raise StreamBrokenOff("its session has ended")

    with caplog.at_level("INFO"), ServerProcess(application, threads=1) as server, server.connect() as client:
        client.sendall(f"GET /list {version}\r\nHost: x\r\n\r\n".encode())
        with client.makefile("rb") as reader, pytest.raises(ConnectionResetError):
            reader.read()
    assert [(each.levelname, each.message) for each in caplog.records] == [("INFO", "its session has ended")]
