"""The server process of a cluster: finds, starts and stops it.

Call `ensure` and `stop` inside `Lease.turn`, so that no two processes start or stop the server at once.
"""

import contextlib
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from infra.postgres.embedded.application import ensure_application
from infra.postgres.embedded.cluster import DATABASE, Cluster
from infra.postgres.embedded.errors import EmbeddedError
from infra.postgres.embedded.start_log import StartLog

_TIMEOUT_SECONDS = 120.0  # recovery after a crash with much unwritten data takes tens of seconds
_SHARED_MEMORY_TIMEOUT_SECONDS = 15.0  # how long the children of a killed server may take to end

_STATUS_LINE = 7
"""The index of the line of the PID file that contains the server's status, such as `ready` or `stopping`."""


class Server:
    """The PostgreSQL server of one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._pid_file = cluster.folder / "postmaster.pid"
        self._start_log = StartLog(cluster.log)

    def ensure(self, *, is_alone: bool) -> None:
        """Wait until the database accepts connections. Start the server if it does not run. Raises EmbeddedError.

        `is_alone` says whether no other process uses the server: see `ensure_application`.
        """
        started = time.monotonic()
        while True:
            try:
                return self._make_database_and_logins(is_alone)
            except psycopg.OperationalError as error:
                waited = time.monotonic() - started
                self._check_error(error, waited)
                if self.find() is None:
                    self._start(waited)
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server by a fast shutdown, which ends sessions and writes all data.

        A server whose folder was deleted counts as stopped. Raises EmbeddedError.
        """
        if self.find() is not None:
            self._pg_ctl("stop", "-m", "fast", "-w", "-t", str(int(_TIMEOUT_SECONDS)))
            if self.find() is not None:
                raise EmbeddedError(
                    f"PostgreSQL in {self._cluster.data} did not stop within {_TIMEOUT_SECONDS:.0f} seconds."
                )
            if self._cluster.sockets.parent != self._cluster.data:
                with contextlib.suppress(OSError):
                    self._cluster.sockets.rmdir()

    def find(self) -> psutil.Process | None:
        """Return the main process of this cluster's server; None if it does not run.

        The process id in the PID file may belong to another process by now, so the process itself is checked. This
        method may also be called outside of `Lease.turn`.
        """
        pid = self._written_pid()
        try:
            process = None if pid is None else psutil.Process(pid)
            if process is None or process.name() != "postgres":
                return None
            return process if self._working_folder(process.pid) == self._cluster.folder else None
        except psutil.Error:
            return None

    def is_stopping(self) -> bool:
        """Return whether the server is shutting down, which may take until its clients close their connections."""
        try:
            lines = self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return False
        return lines[_STATUS_LINE : _STATUS_LINE + 1] == ["stopping"]

    def _make_database_and_logins(self, is_alone: bool) -> None:
        with psycopg.connect(self._cluster.conninfo("postgres"), autocommit=True, connect_timeout=5) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
            ensure_application(connection, self._cluster, is_alone=is_alone)

    def _check_error(self, error: psycopg.OperationalError, waited: float) -> None:
        """Raise EmbeddedError if the password is wrong, or if the server has not responded for too long."""
        if "password authentication failed" in str(error):
            password = self._cluster.data / "password"
            raise EmbeddedError(
                f"PostgreSQL refuses the password in {password}: restore the file that was created with the data."
            ) from error
        if waited > _TIMEOUT_SECONDS:
            raise EmbeddedError(
                f"PostgreSQL in {self._cluster.data} did not respond within {_TIMEOUT_SECONDS:.0f} seconds: "
                f"{self._start_log.reason()}"
            ) from error

    def _start(self, waited: float) -> None:
        """Start the server in a session of its own, so that Ctrl-C in the terminal does not reach it.

        The children of a killed server may hold the shared memory for some seconds. Then this method returns without a
        running server, and `ensure` tries again. `waited` is the time since the first attempt, in seconds.
        """
        self._cluster.configure()
        self._clear_stale()
        self._start_log.clear()
        done = self._pg_ctl("start", "-w", "-t", str(int(_TIMEOUT_SECONDS)), "-l", "log/start.log")
        if done == 0 or self.find() is not None:
            return
        if waited < _SHARED_MEMORY_TIMEOUT_SECONDS and "shared memory block" in self._start_log.text:
            return
        raise EmbeddedError(f"PostgreSQL did not start in {self._cluster.data}: {self._start_log.reason()}")

    def _clear_stale(self) -> None:
        """Delete the PID file and sockets of a killed server whose process id now belongs to another process.

        PostgreSQL would mistake that other process for a running server. If no process has the id, PostgreSQL deletes
        the PID file itself.
        """
        pid = self._written_pid()
        if pid is not None and psutil.pid_exists(pid):
            self._pid_file.unlink()
        for left in self._cluster.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def _working_folder(self, pid: int) -> Path:
        """Return a process's working folder. The server's user reads it: in a container, root may have no right to."""
        os_user = self._cluster.os_user
        if os_user.is_self:
            return Path(psutil.Process(pid).cwd())
        return Path(os_user.run(["readlink", f"/proc/{pid}/cwd"], cwd=Path("/")).stdout.removesuffix("\n"))

    def _written_pid(self) -> int | None:
        try:
            return int(self._pid_file.read_text().partition("\n")[0])
        except (FileNotFoundError, ValueError):
            return None

    def _pg_ctl(self, *arguments: str) -> int:
        """Run pg_ctl in the data folder and return its exit status.

        Paths are relative: pg_ctl passes them to a shell, which could misread the characters of an absolute path.
        """
        cluster = self._cluster
        command: list[str | Path] = [cluster.programs / "pg_ctl", *arguments, "-s", "-D", cluster.folder.name]
        return cluster.os_user.run(command, cwd=cluster.data).returncode
