"""In which order a burst of requests is answered."""

import threading
from contextlib import ExitStack

import pytest

from infra.server import worker
from infra.server.intake import Intake
from tests.support.server_process import ServerProcess
from tests.support.waiting import wait_until

pytestmark = pytest.mark.process

BURST = 40


@pytest.fixture
def pauses(monkeypatch):
    """How long each pause of the main thread may be. While a thread is free, it only ends when the thread is woken."""
    monkeypatch.setattr(worker, "_SWEEP_SECONDS", 60.0)
    pause_seconds, seen = Intake.pause_seconds, []

    def noted(intake, longest):
        seen.append(pause_seconds(intake, longest))
        return seen[-1]

    monkeypatch.setattr(Intake, "pause_seconds", noted)
    return seen


class Recorded:
    """An application that notes the paths of its requests in their order. `/wait` waits for the test."""

    def __init__(self):
        self.paths, self.is_waiting, self.may_go_on = [], threading.Event(), threading.Event()

    def __call__(self, environ, start_response):
        self.paths.append(environ["PATH_INFO"])
        if environ["PATH_INFO"] == "/wait":
            self.is_waiting.set()
            assert self.may_go_on.wait(60)
        start_response("200 OK", [])
        return [b"ok"]


def test_a_light_request_does_not_wait_behind_a_burst_that_came_before_it():
    """Seen red when the thread answers each request before it receives the next one: the light one came last."""
    application = Recorded()
    with ExitStack() as opened:
        server = ServerProcess(application, threads=1)
        clients = [opened.enter_context(server.request("/page")) for _ in range(BURST)]
        clients.append(opened.enter_context(server.request("/healthz")))
        opened.enter_context(server)
        assert all(client.recv(15) == b"HTTP/1.1 200 OK" for client in clients)
    assert application.paths == ["/healthz", *["/page"] * BURST]


def test_the_main_thread_receives_new_connections_while_all_threads_are_busy():
    application = Recorded()
    with ServerProcess(application, threads=1) as server, server.request("/wait") as waiting:
        assert application.is_waiting.wait(30)
        with server.request("/page") as page:
            assert server.get("/healthz").endswith(b"ok")
            application.may_go_on.set()
            assert waiting.recv(15) == page.recv(15) == b"HTTP/1.1 200 OK"
    assert application.paths == ["/wait", "/healthz", "/page"]


@pytest.mark.parametrize("threads", [1, 4])
def test_the_main_thread_rests_while_a_thread_is_free_and_is_there_when_none_is(pauses, threads):
    """Seen red without `_end_rest`, and with a pause that is never long."""
    application = Recorded()
    with ServerProcess(application, threads) as server, ExitStack() as opened:
        wait_until(lambda: pauses[-1:] == [60.0])
        clients = [opened.enter_context(server.request("/wait")) for _ in range(threads)]
        wait_until(lambda: application.paths == ["/wait"] * threads)
        assert server.get("/healthz").endswith(b"ok")
        application.may_go_on.set()
        assert all(client.recv(15) == b"HTTP/1.1 200 OK" for client in clients)
        wait_until(lambda: pauses[-1] == 60.0)
