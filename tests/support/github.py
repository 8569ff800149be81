"""GitHub's secret scanning: keys that sign reports, the list of their public keys, and a server that offers it."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def new_signing_key() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def public_keys(**keys: EllipticCurvePrivateKey) -> bytes:
    """Return the list of public keys by identifier, in the form of GitHub's."""
    listed = [
        {
            "key_identifier": identifier,
            "key": key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            "is_current": True,
        }
        for identifier, key in keys.items()
    ]
    return json.dumps({"public_keys": listed}).encode()


def signed(body: bytes, identifier: str, key: EllipticCurvePrivateKey) -> dict[str, str]:
    """Return the headers of a report with this body."""
    signature = base64.b64encode(key.sign(body, ECDSA(SHA256()))).decode()
    return {
        "Content-Type": "application/json",
        "Github-Public-Key-Identifier": identifier,
        "Github-Public-Key-Signature": signature,
    }


def report(*tokens: str, **fields: Any) -> bytes:
    """Return the body of a report of these tokens."""
    place = {"url": "https://github.com/octocat/Hello-World/blob/1234/foo/bar.txt", "source": "content"}
    entries = [{"token": token, "type": "smartdhandha_key", **place, **fields} for token in tokens]
    return json.dumps(entries).encode()


class KeyServer:
    """A server that answers with `body`, after `held` is set; `asked` counts the requests."""

    def __init__(self, body: bytes) -> None:
        self.body, self.status, self.asked, self.held = body, 200, 0, threading.Event()
        self.held.set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                outer.held.wait()
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/keys"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> KeyServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.held.set()
        self._server.shutdown()
        self._server.server_close()
