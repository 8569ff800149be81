"""A small server with the chat completions API. It can fail in the same ways as a server of a language model."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ModelServer:
    """A server that answers each question as `manner` says: `well`, or with one of several failures.

    `asked` has the path, the headers and the body of each request.
    """

    def __init__(self):
        self.manner = "well"
        self.asked: list[tuple[Any, ...]] = []
        self.entered, self.release = threading.Semaphore(0), threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((self.path, dict(self.headers), json.loads(body)))
                outer.entered.release()
                getattr(outer, f"_{outer.manner}")(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self.release.set()
        self._server.shutdown()
        self._server.server_close()

    def _well(self, handler):
        _begin(handler)
        for piece in ("Call **", "the model's", "** endpoint.\n", "<img src=x onerror=alert(1)>"):
            _send(handler, piece)
        handler.wfile.write(b"data: [DONE]\n\n")

    def _midway(self, handler):
        _begin(handler)
        _send(handler, "Half of an answer")

    def _nothing(self, handler):
        _begin(handler)
        handler.wfile.write(b"data: [DONE]\n\n")

    def _garbage(self, handler):
        _begin(handler)
        handler.wfile.write(b"data: {not json\n\n")

    def _refusal(self, handler):
        handler.send_response(500)
        handler.end_headers()

    def _redirect(self, handler):
        handler.send_response(307)
        handler.send_header("Location", f"{self.url}/elsewhere")
        handler.end_headers()

    def _waiting(self, handler):
        _begin(handler)
        _send(handler, "First piece.\n")
        self.release.wait(30)
        handler.wfile.write(b"data: [DONE]\n\n")


def _begin(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.end_headers()


def _send(handler, piece):
    chunk = {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
    handler.wfile.write(b"data: %b\n\n" % json.dumps(chunk).encode())
    handler.wfile.flush()
