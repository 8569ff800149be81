"""A standby of a test's PostgreSQL, which follows it by streaming replication, and can be made to lag."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.cluster import Cluster
from infra.postgres.embedded.os_user import find_os_user
from infra.postgres.embedded.server import Server
from tests.support.postgres import folder_for_servers, service_group
from tests.support.waiting import wait_until


class StandbyServer:
    """A standby that runs. `pause` stops what it shows where it is; `resume` lets it follow again."""

    def __init__(self, cluster: Cluster, primary: str) -> None:
        self._cluster, self._server, self._primary = cluster, Server(cluster), primary

    def conninfo(self, conninfo: str) -> str:
        """Return the conninfo of the same database and log-in on the standby."""
        return make_conninfo(conninfo, host=str(self._cluster.sockets))

    def start(self) -> None:
        assert self._server._pg_ctl("start", "-w", "-l", "log/start.log") == 0

    def stop(self) -> None:
        assert self._server._pg_ctl("stop", "-m", "immediate", "-w") == 0

    def promote(self) -> None:
        """Let the standby become a primary of its own. It is no standby after that."""
        assert self._execute("SELECT pg_promote()") == [(True,)]

    def pause(self) -> None:
        """Wait until the standby shows everything, and keep it there."""
        self.catch_up()
        self._execute("SELECT pg_wal_replay_pause()")
        wait_until(lambda: self._execute("SELECT pg_get_wal_replay_pause_state()") == [("paused",)])

    def resume(self) -> None:
        self._execute("SELECT pg_wal_replay_resume()")
        self.catch_up()

    @contextlib.contextmanager
    def lagging(self, time: str) -> Iterator[None]:
        """Let the standby show everything only after this time, such as `300ms`, until the end of the block."""
        self._execute(f"ALTER SYSTEM SET recovery_min_apply_delay = '{time}'")
        self._execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            self._execute("ALTER SYSTEM RESET recovery_min_apply_delay")
            self._execute("SELECT pg_reload_conf()")

    def catch_up(self) -> None:
        """Wait until the standby shows everything that the primary has stored."""
        with psycopg.connect(self._primary) as conn:
            (end,) = conn.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or (None,)
        wait_until(lambda: self._execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", end) == [(True,)])

    def _execute(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.conninfo(self._primary), autocommit=True) as conn:
            cursor = conn.execute(sql, values)
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def streaming_standby(primary: str) -> Iterator[StandbyServer]:
    """Start a standby of a bundled server, and end it after the block. `primary` is the owner's conninfo."""
    with folder_for_servers() as folder:
        data, os_user = folder / "data", find_os_user()
        data.mkdir(0o711)
        os_user.give(data)
        cluster = Cluster(data.resolve(), os_user, programs(os_user))
        options = ["-D", "postgresql", "-d", primary, "-R", "-X", "stream", "-c", "fast"]
        done = os_user.run([cluster.programs / "pg_basebackup", *options], cwd=data)
        assert done.returncode == 0, done.stdout
        with psycopg.connect(primary) as conn:
            (origin,) = conn.execute("SHOW data_directory").fetchone() or ("",)
        for name in ("password", "password-application"):
            shutil.copy(Path(origin).with_name(name), data / name)
        cluster.configure()
        if (group := service_group()) is not None:
            cluster.share_sockets(group)
        standby = StandbyServer(cluster, primary)
        standby.start()
        yield standby
