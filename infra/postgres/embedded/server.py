"""The server process over a cluster: found, started, stopped. Everything here is done in one's turn (see `lease`), so
no two processes of ours do it at once.
"""

import contextlib
import re
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from infra.postgres.embedded.cluster import DATABASE, Cluster
from infra.postgres.embedded.errors import EmbeddedError

_PATIENCE = 120.0  # seconds; recovery after a crash with much unwritten data takes some tens of them
_PATIENCE_WITH_MEMORY = 15.0  # seconds for the last children of a killed server to notice and go


class Server:
    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._pid_file = cluster.folder / "postmaster.pid"

    def ensure(self) -> None:
        """Return when the database answers. A server that already runs is used, no matter which process started it."""
        started = time.monotonic()
        while True:
            try:
                return self._make_database()
            except psycopg.OperationalError as error:
                waited = time.monotonic() - started
                self._give_up_if_hopeless(error, waited)
                if self._postmaster() is None:
                    self._start(waited)
            time.sleep(0.05)

    def stop(self) -> None:
        """A fast shutdown: sessions end, everything is written. The folder being gone counts as stopped."""
        if self._postmaster() is not None:
            self._pg_ctl("stop", "-m", "fast", "-w", "-t", str(int(_PATIENCE)))
            if self._postmaster() is not None:
                raise EmbeddedError(f"PostgreSQL in {self._cluster.data} did not stop within {_PATIENCE:.0f} seconds.")
            if self._cluster.sockets.parent != self._cluster.data:
                with contextlib.suppress(OSError):
                    self._cluster.sockets.rmdir()

    def _make_database(self) -> None:
        with psycopg.connect(self._cluster.conninfo("postgres"), autocommit=True, connect_timeout=5) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _give_up_if_hopeless(self, error: psycopg.OperationalError, waited: float) -> None:
        if "password authentication failed" in str(error):
            password = self._cluster.data / "password"
            raise EmbeddedError(f"{password} does not open PostgreSQL: put back the one it was made with.") from error
        if waited > _PATIENCE:
            raise EmbeddedError(
                f"PostgreSQL in {self._cluster.data} did not answer in {_PATIENCE:.0f} seconds: {self._last_words()}"
            ) from error

    def _start(self, waited: float) -> None:
        """`pg_ctl` gives the server a session of its own, so that Ctrl-C in the terminal ends the requests before it.

        After a server was killed, its children may hold the shared memory for a moment; that is worth another try.
        """
        self._cluster.configure()
        self._clear_stale()
        self._start_log.unlink(missing_ok=True)
        done = self._pg_ctl("start", "-w", "-t", str(int(_PATIENCE)), "-l", "log/start.log")
        if done == 0 or self._postmaster() is not None:
            return
        if waited < _PATIENCE_WITH_MEMORY and "shared memory block" in _text(self._start_log):
            return
        raise EmbeddedError(f"PostgreSQL did not start in {self._cluster.data}: {self._last_words()}")

    def _clear_stale(self) -> None:
        """Takes away what a killed server left and the next would take for a living one, because its number now belongs
        to some other process. When the number is nobody's, PostgreSQL sees to it, with checks of its own.
        """
        pid = self._written_pid()
        if pid is not None and psutil.pid_exists(pid):
            self._pid_file.unlink()
        for left in self._cluster.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def _postmaster(self) -> int | None:
        """The process that serves this cluster. A number in a file is not enough: it may have been given out again."""
        pid = self._written_pid()
        try:
            if pid is None or psutil.Process(pid).name() != "postgres":
                return None
            return pid if self._working_folder(pid) == self._cluster.folder else None
        except psutil.Error:
            return None

    def _working_folder(self, pid: int) -> Path:
        """Asked as the server's user, since in a container root may not look at other users' processes."""
        owner = self._cluster.owner
        if owner.is_self:
            return Path(psutil.Process(pid).cwd())
        return Path(owner.run(["readlink", f"/proc/{pid}/cwd"], cwd=Path("/")).stdout.removesuffix("\n"))

    def _written_pid(self) -> int | None:
        try:
            return int(self._pid_file.read_text().partition("\n")[0])
        except (FileNotFoundError, ValueError):
            return None

    def _pg_ctl(self, *arguments: str) -> int:
        """Paths are given relative to the data: pg_ctl hands them to a shell."""
        cluster = self._cluster
        command: list[str | Path] = [cluster.programs / "pg_ctl", *arguments, "-s", "-D", cluster.folder.name]
        return cluster.owner.run(command, cwd=cluster.data).returncode

    @property
    def _start_log(self) -> Path:
        return self._cluster.log / "start.log"

    def _last_words(self) -> str:
        """The last line in which PostgreSQL says why, from before or after it opened its own log."""
        for log in (self._start_log, *sorted(self._cluster.log.glob("postgresql-*.log"), key=_age)):
            said = re.findall(r"(?:FATAL|PANIC):\s+(.+)", _text(log))
            if said:
                return f"{said[-1].strip().rstrip('.')}."
        told = _text(self._start_log).strip().splitlines() or [f"see {self._cluster.log}"]
        return f"{told[-1].strip().rstrip('.')}."


def _text(log: Path) -> str:
    return log.read_text(errors="replace") if log.exists() else ""


def _age(path: Path) -> float:
    return -path.stat().st_mtime
