"""A PostgreSQL server for one benchmark: durable as in production, in a folder that is removed afterwards."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from psycopg.conninfo import make_conninfo

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.os_user import find_os_user
from infra.settings import default_data
from tests.support.postgres import service_group

USER, PASSWORD = "perf", "x"  # as in the peers' code; the server listens on this machine only


def find_peers(checkout: Path) -> Path:
    """Return the folder `peers` in a folder beside the checkout, or the checkout's own when there is none."""
    return next(checkout.parent.glob("*/peers"), checkout / "peers")


class Postgres(NamedTuple):
    """The server. Our service and the peers connect over the same TCP port."""

    port: int
    pid: int
    programs: Path

    def conninfo(self, database: str) -> str:
        return make_conninfo(host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname=database)

    def create(self, database: str, template: str = "template1") -> str:
        with connect_as_table_owner(self.conninfo("postgres")) as conn:
            conn.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            conn.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self.conninfo(database)

    def pgbench(
        self, database: str, scripts: Sequence[str], seconds: float, clients: int = 16, options: str = ""
    ) -> dict[str, float]:
        """Return transactions per second and milliseconds per transaction. Each client runs the scripts at random."""
        with tempfile.TemporaryDirectory() as folder:
            command = [str(self.programs / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", str(clients)]
            command += ["-T", str(max(1, round(seconds))), "-h", "127.0.0.1", "-p", str(self.port), "-U", USER]
            for number, script in enumerate(scripts):
                path = Path(folder, f"{number}.sql")
                path.write_text(script)
                command += ["-f", str(path)]
            env = {**os.environ, "PGPASSWORD": PASSWORD, "PGOPTIONS": options}
            done = subprocess.run([*command, database], capture_output=True, text=True, env=env, check=False)
        if done.returncode or "tps" not in done.stdout:
            raise RuntimeError(f"pgbench failed: {done.stderr[-2000:]}")
        return {
            "rate": _number(r"tps = ([\d.]+)", done.stdout),
            "mean": _number(r"latency average = ([\d.]+)", done.stdout),
        }


@contextmanager
def own_postgres() -> Iterator[Postgres]:
    """Start a server in a new folder beside the program's own data, so that it uses the same disk."""
    parent = default_data()
    parent.mkdir(parents=True, exist_ok=True)
    data = Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
    try:
        with run_postgres(data, group=service_group()) as conninfo:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            with connect_as_table_owner(conninfo) as conn:
                conn.execute(f"CREATE ROLE {USER} SUPERUSER LOGIN PASSWORD '{PASSWORD}'")
                for name, value in {
                    "listen_addresses": "127.0.0.1",
                    "port": str(port),
                    "max_connections": "200",
                }.items():
                    conn.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            os_user = find_os_user()
            folder = programs(os_user)
            done = os_user.run(
                [folder / "pg_ctl", "restart", "-w", "-s", "-D", "postgresql", "-l", "log/start.log"], data
            )
            if done.returncode:
                raise RuntimeError(done.stdout)
            pid = int((data / "postgresql" / "postmaster.pid").read_text().partition("\n")[0])
            yield Postgres(port, pid, folder)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def settings(postgres: Postgres) -> Mapping[str, str]:
    """Return the settings that make the server durable, as the server reports them."""
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
    with connect_as_table_owner(postgres.conninfo("postgres")) as conn:
        return {name: value for name in names for (value,) in conn.execute(f"SHOW {name}")}


def _number(pattern: str, text: str) -> float:
    match = re.search(pattern, text)
    assert match, text
    return float(match[1])
