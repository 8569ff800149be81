"""The HTTP server: gunicorn with the options of this service, started from Python and not by its own command."""

from __future__ import annotations

import gc
import logging
import select
import signal
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from gunicorn.app.base import BaseApplication

from api.http.address import NO_ADDRESS_HEADER
from api.http.errors import MAX_HEADER_BYTES, MAX_HEADER_FIELDS
from api.pages.factory import compile_templates
from api.ports.request.observer import Observer
from api.ports.request.sender import OrganizationLookup
from infra.assets import reference_script
from infra.bootstrap import access_log_of, build_app
from infra.postgres.logins import Logins
from infra.server.address import check_addresses, host_of
from infra.server.arbiter import STOP_SIGNALS, GracefulArbiter
from infra.server.background import BackgroundProcess, SharedText
from infra.server.http.request_limits import MAX_REQUEST_LINE_BYTES
from infra.server.process_names import BACKGROUND_NAME, SERVER_NAME, name_process
from infra.server.service_user import ServiceUser
from infra.settings import Settings
from infra.telemetry import logs
from infra.telemetry.metrics_folder import make_metrics, metrics_folder, remove_samples, start_exporter
from infra.telemetry.requests.writer import RequestWriter
from infra.telemetry.server_log import ServerLog
from infra.worker.children import ChildProgram, child_processes
from infra.worker.leader import BackgroundWorker
from infra.worker.tasks import tasks_keeping

GRACEFUL_SECONDS = 15
"""How long the requests in flight may take after the signal to stop. Then their processes are ended."""

logger = logging.getLogger("smartdhandha.server")


def serve(
    settings: Settings,
    logins: Logins,
    on_ready: Callable[[str], None],
    keep_database: Callable[[], None],
    user: ServiceUser | None = None,
    secret_keys: Sequence[str] = (),
) -> None:
    """Serve until SIGINT or SIGTERM, then finish the requests in flight.

    `on_ready` is called with HOST:PORT once the server listens. The master process calls `keep_database` each second
    until the server stops. The server processes run as `user`; if it is None, as the user of this process. The
    senders of webhooks get `secret_keys`; without any, none of them runs. Raises AddressUnavailable.
    """
    check_addresses(settings)
    logs.set_up(settings.log_level)
    _warn_about_proxy(settings)
    reference_script()  # before the fork, so that the server processes need not read it themselves
    if not settings.reload:
        compile_templates()
    with (
        metrics_folder(settings, user and user.uid),
        child_processes(
            _programs(settings, secret_keys),
            _environment(settings, logins, secret_keys),
            user and (user.uid, user.gid),
        ) as keep_programs,
    ):

        def keep_processes() -> None:
            keep_database()
            keep_programs()

        GracefulArbiter(Application(settings, logins, on_ready, user), keep_processes, settings.worker).run()


def _programs(settings: Settings, secret_keys: Sequence[str]) -> list[ChildProgram]:
    """Return the programs that wait for a network: the senders of webhooks, and the sender of mails."""
    slots = range(settings.senders if secret_keys else 0)
    webhooks = [ChildProgram("a sender of webhooks", ["deliver", "--slot", str(slot)]) for slot in slots]
    mails = [] if settings.smtp_url is None else [ChildProgram("the sender of mails", ["mail"])]
    return webhooks + mails


def _environment(settings: Settings, logins: Logins, secret_keys: Sequence[str]) -> dict[str, str]:
    """Return what the programs find in their environment: no other user of the machine can read it."""
    return {
        "DATABASE_URL": logins.owner,
        "SMARTDHANDHA_SECRET_KEY": ",".join(secret_keys),
        "SMARTDHANDHA_BIND": settings.bind,
    }


def _warn_about_proxy(settings: Settings) -> None:
    """Warn if the service is behind a proxy, and no setting names the header with the clients' addresses."""
    if (settings.public_url or "").startswith("https://") and settings.address_header is None:
        logger.warning("SMARTDHANDHA_PUBLIC_URL begins with https, so there is a proxy, and %s", NO_ADDRESS_HEADER)


class Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The WSGI application, and gunicorn's settings and hooks for it."""

    def __init__(
        self, settings: Settings, logins: Logins, on_ready: Callable[[str], None], user: ServiceUser | None = None
    ) -> None:
        self._settings, self._logins, self._on_ready, self._user = settings, logins, on_ready, user
        self._slot = ""
        self.worker_problem = SharedText()
        """Why the background worker must not lead although it can reach the database; None if it may."""
        self.access_log: Observer | None = None
        """The observer that writes the access log; None when the access log is off."""
        self.count_request: Observer | None = None
        """The observer that counts requests in the metrics; None when the metrics are off."""
        self.keep_request: Observer | None = None
        """The observer that records requests for organizations, after `load`."""
        self._request_writer: RequestWriter | None = None
        self.organization_lookup: OrganizationLookup | None = None
        """Finds the organizations of keys, after `load`."""
        super().__init__()

    @property
    def public_url(self) -> str | None:
        """The origin under which clients reach the service; None if it is not set."""
        return self._settings.public_url

    @property
    def cors_origins(self) -> Sequence[str]:
        """The origins of other websites whose scripts may call the API."""
        return self._settings.cors_origins

    def load_config(self) -> None:
        """Set gunicorn's options; times are in seconds."""
        options: dict[str, Any] = {
            "bind": self._settings.bind,
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": _worker_class(),
            "http_parser": "fast",
            "forwarder_headers": "",
            "limit_request_line": MAX_REQUEST_LINE_BYTES,
            "limit_request_field_size": MAX_HEADER_BYTES,
            "limit_request_fields": MAX_HEADER_FIELDS,
            "keepalive": 15,
            "timeout": 15,
            "graceful_timeout": GRACEFUL_SECONDS,
            "loglevel": "warning" if self._settings.log_level == "info" else self._settings.log_level,
            "logger_class": ServerLog,
            "proc_name": "smartdhandha",
            "control_socket_disable": True,
            **(self._user.options() if self._user else {}),
            **self._hooks(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the application. Each server process does this after the fork: processes cannot share connections."""
        logs.set_up(self._settings.log_level)
        self.access_log = access_log_of(self._settings)
        app, self.organization_lookup = self._build()
        assert self._request_writer is not None
        self._request_writer.start()
        # Python's garbage collector need not look through what exists now: it stays until the end. Otherwise a full
        # collection, such as after a burst of connections, would stop all threads for 50 to 150 ms.
        gc.collect()
        gc.freeze()
        return app

    def _build(self) -> tuple[Any, OrganizationLookup]:
        bind = self._settings.metrics_bind
        metrics = None if bind is None else make_metrics(self._slot)
        on_drop = [] if metrics is None else [metrics.count_dropped]
        self._request_writer = RequestWriter(self._logins, *on_drop)
        self.keep_request = self._request_writer.observe
        observers = [each for each in (self.access_log, self.keep_request) if each is not None]
        app = build_app(self._settings, self._logins, observers, metrics, [self.worker_problem.get])
        if bind is not None and metrics is not None:
            self.count_request = metrics.observe
            start_exporter(bind, self._logins.owner, metrics)
        return app

    def end_process(self) -> None:
        """Write the last records of requests at the end of a server process."""
        if self._request_writer is not None:
            self._request_writer.close()

    def make_background_worker(self) -> BackgroundWorker:
        """Return the worker that the process beside the server processes runs."""
        return BackgroundWorker(self._logins.owner, tasks_keeping(self._settings.trace_days))

    def _hooks(self) -> dict[str, Any]:
        return {
            "when_ready": lambda arbiter: self._on_ready(host_of(arbiter.LISTENERS[0].sock)),
            "pre_fork": _assign_slot,
            "post_fork": self._begin_process,
            "post_worker_init": _set_signals,
            "worker_exit": lambda arbiter, worker: self.end_process(),
            "child_exit": self._remove_samples,
        }

    def _begin_process(self, arbiter: Any, worker: Any) -> None:
        name_process(BACKGROUND_NAME if isinstance(worker, BackgroundProcess) else SERVER_NAME)
        self._slot = worker.slot
        if self._user is not None:
            self._user.drop_rights()

    def _remove_samples(self, arbiter: Any, worker: Any) -> None:
        if self._settings.metrics_bind is not None:
            remove_samples(worker.slot)


def _worker_class() -> Any:
    """Return the class of the server processes: PollWorker, or gunicorn's own one on a system without epoll."""
    if hasattr(select, "epoll"):
        from infra.server.worker import PollWorker  # noqa: PLC0415 -- it cannot be imported without epoll

        return PollWorker
    logger.warning("this system has no epoll: slow clients can occupy all threads, so use it for development only")
    return "gthread"


def _set_signals(worker: Any) -> None:
    """Let signals reach a new process, now that it has its handlers. The arbiter blocked them before the fork.

    On Ctrl-C, a terminal sends SIGINT to every process. The arbiter's processes ignore it: the arbiter stops them.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def _assign_slot(arbiter: Any, worker: Any) -> None:
    """Give the new server process a slot: the smallest number that no running server process has.

    A server process counts its metrics in files with the slot in their names. When a process dies, the next one gets
    its slot and continues its files, so the number of files does not grow.
    """
    taken = {other.slot for other in arbiter.WORKERS.values()}
    worker.slot = next(slot for slot in map(str, count()) if slot not in taken)
