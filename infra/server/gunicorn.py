"""gunicorn, run by the program itself: its settings stand here and nowhere else."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import count
from types import ModuleType
from typing import Any

import msgspec
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from api.http.authentication import new_request_id
from api.http.errors import ApiError, envelope_of
from infra.bootstrap import build_app
from infra.settings import Settings
from infra.telemetry import logs
from infra.worker.leader import Worker


class PortTaken(Exception):
    """Something else listens there; the message says what to do."""


def serve(settings: Settings, conninfo: str, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM, then let requests in flight finish; `on_ready` learns the address.

    Raises PortTaken.
    """
    check_address(settings.bind)
    with metrics_folder(settings):
        GracefulArbiter(Application(settings, conninfo, on_ready)).run()


@contextmanager
def metrics_folder(settings: Settings) -> Iterator[None]:
    """Where the processes of one service count, when metrics are on.

    It goes with the process that made it, not with the children, which leave this block too.
    """
    if settings.metrics_bind is None:
        yield
        return
    check_address(settings.metrics_bind, "SMARTDHANDHA_METRICS_BIND")
    here, folder = os.getpid(), tempfile.mkdtemp(prefix="smartdhandha-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    try:
        yield
    finally:
        if os.getpid() == here:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]
            shutil.rmtree(folder, ignore_errors=True)


def check_address(bind: str, variable: str = "SMARTDHANDHA_BIND") -> None:
    """Try the address before anything is started, so that a taken port is one sentence. Raises PortTaken."""
    host, _, port = bind.rpartition(":")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        how = "smartdhandha serve --bind 127.0.0.1:8001 (or set SMARTDHANDHA_BIND)"
        raise PortTaken(
            f"{bind} cannot be listened on ({error.strerror}); stop what runs there, or choose another address: "
            f"{how if variable == 'SMARTDHANDHA_BIND' else f'set {variable}'}."
        ) from None


class Application(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    """The WSGI application and gunicorn's settings for it."""

    def __init__(self, settings: Settings, conninfo: str, on_ready: Callable[[str], None]) -> None:
        self._settings, self._conninfo, self._on_ready = settings, conninfo, on_ready
        self._upkeep: Worker | None = None
        self._slot = ""
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self._settings.bind,
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": FastShutdownWorker,
            "http_parser": "fast",
            "keepalive": 15,
            "timeout": 60,
            "graceful_timeout": 30,
            "loglevel": "warning" if self._settings.log_level == "info" else self._settings.log_level,
            "logger_class": logs.ServerLog,
            "proc_name": "smartdhandha",
            "control_socket_disable": True,
            "pre_fork": _give_slot,
            "post_fork": self._take_slot,
            "child_exit": self._bury_worker,
            "post_worker_init": self._enter_worker,
            "worker_exit": self._leave_worker,
            "when_ready": lambda arbiter: self._on_ready(_address_of(arbiter)),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # Called in each worker after the fork, so no connection is ever shared between processes.
        logs.set_up(self._settings.log_level)
        bind = self._settings.metrics_bind
        if bind is None:
            return build_app(self._settings, self._conninfo)
        library = metrics_module()
        metrics = library.Metrics(self._slot)
        app = build_app(self._settings, self._conninfo, metrics)
        library.Exporter(bind, self._conninfo, metrics).start()
        return app

    @property
    def public_url(self) -> str | None:
        """Under which address clients know the service, if it was told."""
        return self._settings.public_url

    def _take_slot(self, arbiter: Any, worker: Any) -> None:
        self._slot = worker.slot

    def _bury_worker(self, arbiter: Any, worker: Any) -> None:
        if self._settings.metrics_bind is not None:
            metrics_module().forget(worker.slot)

    def _enter_worker(self, worker: Any) -> None:
        # A terminal sends Ctrl-C to every process of the group; the master alone decides how its workers end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if self._settings.worker:
            # Each process stands for leader, so the work goes on when the one that leads dies.
            self._upkeep = Worker(self._conninfo)
            threading.Thread(target=self._upkeep.run, name="worker", daemon=True).start()

    def _leave_worker(self, arbiter: Any, worker: Any) -> None:
        self.stop_upkeep()

    def stop_upkeep(self) -> None:
        """Begin no further task in this process, and no more stand for leader."""
        if self._upkeep is not None:
            self._upkeep.stop()


class GracefulArbiter(Arbiter):  # type: ignore[misc]  # the same
    """Takes Ctrl-C for what SIGTERM is: an end after the requests in flight."""

    def handle_int(self) -> None:
        self.handle_term()

    def handle_term(self) -> None:
        """Say at a terminal what happens now; a log is told by what it no longer says."""
        if sys.stderr.isatty():
            sys.stderr.write("\nStopping: requests in flight are answered first.\n")
            sys.stderr.flush()
        super().handle_term()


class FastShutdownWorker(ThreadWorker):  # type: ignore[misc]  # the same
    """Ends once the requests in flight are answered; the stock worker also waits for connections that a client merely
    keeps open, up to `graceful_timeout`."""

    alive: bool

    def accept(self, listener: Any) -> None:
        """Let workers with fewer connections go first.

        A new connection wakes all workers, and without this whoever is quickest takes a whole burst of them, to keep:
        all of a client's traffic may come to one process while the others idle.
        """
        if self.cfg.workers > 1:
            time.sleep(min(self.nr_conns, 10) * 1e-4)
        super().accept(listener)

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self.alive:
            self.alive = False
            self.app.stop_upkeep()  # now, and not after the last request: else it would still come to lead
            self.method_queue.defer(self._close_idle)

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """What never reaches the application, since it is no valid HTTP, is answered in the shape of every failure."""
        if isinstance(exc, ParseException):
            self.log.warning("Invalid request from ip=%s", addr[0] if addr else "")
            message = "The request is not valid HTTP, or its first line or its headers are too long."
            error = ApiError(400, "invalid_parameter", message)
        else:
            self.log.error("Error handling request", exc_info=exc)
            error = ApiError(500, "internal_error", "Something went wrong on our side; if it stays, report it.")
        request_id = new_request_id()
        body = msgspec.json.encode(envelope_of(error, request_id, self.app.public_url or _origin_of(client)))
        head = (
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nX-Request-Id: {request_id}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with contextlib.suppress(OSError):
            client.sendall(head.encode() + body)

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Go on at once with what was read ahead.

        The stock worker waits until the socket can be read, and when it drained a body that a refusal left unread, the
        next request may have come along with it: nothing more arrives, and the client waits in vain.
        """
        if self.alive and not fs.cancelled() and fs.exception() is None and fs.result() is True and _read_ahead(conn):
            self.enqueue_req(conn)
        else:
            super().finish_request(conn, fs)

    def _close_idle(self) -> None:
        for waiting in (self.keepalived_conns, self.pending_conns):
            for conn in [conn for conn in waiting if not _has_sent(conn.sock)]:
                waiting.remove(conn)
                self.poller.unregister(conn.sock)
                self.nr_conns -= 1
                conn.close()


def _read_ahead(conn: Any) -> bool:
    unreader = getattr(conn.parser, "unreader", None)  # HTTP/2 has none
    if unreader is None:
        return False
    ahead = unreader.take_buffered()
    unreader.unread(ahead)
    return bool(ahead)


def _has_sent(client: socket.socket) -> bool:
    # What has come in is still answered; its event may already wait in the same turn of the worker's loop.
    poller = select.poll()
    poller.register(client, select.POLLIN)
    return bool(poller.poll(0))


def metrics_module() -> ModuleType:
    """`infra.metrics`, which costs nothing where metrics are off."""
    from infra.telemetry import metrics  # noqa: PLC0415 -- its library must be imported after its folder is named

    return metrics


def _give_slot(arbiter: Any, worker: Any) -> None:
    """A number that no living process has: who follows a dead one goes on in that one's files."""
    taken = {other.slot for other in arbiter.WORKERS.values()}
    worker.slot = next(slot for slot in map(str, count()) if slot not in taken)


def _address_of(arbiter: Any) -> str:
    return _host_of(arbiter.LISTENERS[0].sock)


def _origin_of(client: socket.socket) -> str:
    return f"http://{_host_of(client)}"


def _host_of(own: socket.socket) -> str:
    host, port = own.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
