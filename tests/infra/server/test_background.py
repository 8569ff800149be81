"""The background worker has a process of its own, which the master keeps beside the server processes."""

import os
import signal

import psutil
import pytest

from infra.server.background import SharedText
from tests.support.service import Service
from tests.support.waiting import wait_until


@pytest.fixture(scope="module")
def service(shared_database):
    with Service(shared_database, "--workers", "1") as service:
        service.background()
        yield service


def test_the_process_is_replaced_when_it_dies_and_the_server_process_is_not(service):
    """Seen red with a master that counts it as one of its server processes (`setup` without `+=`)."""
    (server,), killed = service.workers(), service.background()
    killed.kill()
    assert wait_until(lambda: (found := service.background()) != killed and found)
    assert service.workers() == [server]


def test_the_process_does_not_listen(service):
    """Seen red without `load_wsgi`. After the end of all server processes, clients would wait for its end."""
    background = service.background()
    wait_until(lambda: background.net_connections("all"))  # it has connected to the database, so it has begun
    assert not [found for found in background.net_connections("all") if found.status == psutil.CONN_LISTEN]


def test_a_signal_to_keep_fewer_server_processes_leaves_one(service):
    """Seen red without `handle_ttou`: the service had a background worker, and nobody to answer requests."""
    server, background, master = service.workers(), service.background(), psutil.Process(service.process.pid)
    woken = master.num_ctx_switches().voluntary
    os.kill(master.pid, signal.SIGTTOU)
    wait_until(lambda: master.num_ctx_switches().voluntary > woken)
    os.kill(master.pid, signal.SIGTTIN)
    wait_until(lambda: len(service.workers()) == 2)
    assert server[0] in service.workers() and service.background() == background


def test_without_a_background_worker_there_is_no_such_process(shared_database):
    with Service(shared_database, "--workers", "1", "--no-worker") as service:
        assert service.workers() == service.children()


@pytest.mark.process
@pytest.mark.parametrize(("given", "found"), [("a pooler", "a pooler"), (None, None), ("ग" * 2000, "ग" * 1365)])
def test_what_one_process_sets_its_parent_gets(given, found):
    text = SharedText()
    text.set("earlier")
    child = os.fork()
    if not child:
        text.set(given)
        os._exit(0)
    os.waitpid(child, 0)
    assert text.get() == found
