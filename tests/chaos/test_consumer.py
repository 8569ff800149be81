"""The consumer of a load reads on to the end of the log, also if it is refused just before."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.chaos.load.consumer import Consumer
from tests.chaos.load.record import ConsumerRecord

PAGES = [
    {"data": [{"position": 1, "id": "evt_1"}], "pagination": {"nextAfter": 1, "hasMore": True}},
    {"data": [{"position": 2, "id": "evt_2"}], "pagination": {"nextAfter": 2, "hasMore": False}},
]


@pytest.fixture
def refused():
    """The address of a log that refuses each page twice."""
    wanted = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            wanted.append(self.path)
            status = 200 if wanted.count(self.path) > 2 else 503
            body = json.dumps(PAGES[int(self.path.rpartition("=")[2])] if status == 200 else {}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Write no log."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.process
def test_a_page_that_is_refused_after_the_load_has_ended_is_asked_for_again(refused):
    """Seen red with a consumer that took a refusal for the end: 30 of 78 events were called missed."""
    record, ended = ConsumerRecord("key"), threading.Event()
    ended.set()
    Consumer(refused, record, ended).run()
    assert list(record.positions) == [1, 2] and record.wrong == []
    assert (record.credits.sent, record.credits.answered) == (6, 2)
