"""A constant response: our server processes against gunicorn's gthread, with the same application, parser and settings.

python -m tests.benchmarks.constant ours|gthread serves it on a free port, which is the first line of the output.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from infra import settings
from infra.postgres.logins import Logins
from infra.server.application import Application
from infra.server.arbiter import GracefulArbiter
from tests.benchmarks.http import Target
from tests.benchmarks.meter import Servers
from tests.benchmarks.postgres import Postgres

SERVERS = ("ours", "gthread")
LUA = Path(__file__).parent / "lua" / "constant.lua"
BODY = b'{"status":"ok"}'
HEADERS = [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))]


class Constant(Application):
    """The server of the service with an application that does nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        values = settings.load(
            {"SMARTDHANDHA_BIND": "127.0.0.1:0", "SMARTDHANDHA_WORKERS": "2", "SMARTDHANDHA_WORKER": "false"}
        )
        super().__init__(values, Logins(""), lambda host: print(host, flush=True))

    def load_config(self) -> None:
        super().load_config()
        if self._name == "gthread":
            self.cfg.set("worker_class", "gthread")

    def load(self) -> Any:
        return respond


def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The application (PEP 3333)."""
    start_response("200 OK", HEADERS)
    return [BODY]


@contextmanager
def serving(name: str, postgres: Postgres) -> Iterator[Target]:
    """Serve the constant response until the end of the block."""
    command = [sys.executable, "-m", "tests.benchmarks.constant", name]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        host = process.stdout.readline().strip()
        assert host, f"the constant response is not served (exit status {process.wait()})"
        yield Target(name, f"http://{host}", {"constant": LUA}, {}, Servers(process.pid, postgres.pid))
    finally:
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    GracefulArbiter(Constant(sys.argv[1]), keep_database=lambda: None, has_background=False).run()
