"""PostgreSQL: servers that a test starts itself, and checks of a database's contents and permissions."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import InsufficientPrivilege

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.cluster import APPLICATION, Cluster
from infra.postgres.embedded.os_user import find_os_user
from infra.postgres.embedded.server import Server
from infra.postgres.logins import Logins
from infra.server.service_user import find_service_user
from tests.support.given_database import given_application, given_database, given_settings
from tests.support.waiting import wait_until

_MEMORY = Path("/dev/shm")
"""Where Linux has a file system in memory."""
_ENOUGH_BYTES = 8 * 1024**3
"""More than the servers of all workers of pytest-xdist need."""


class StoppableServer:
    """A PostgreSQL that a test can stop and start while clients use it."""

    def __init__(self, data: Path, conninfo: str) -> None:
        self.conninfo, self.data = conninfo, data
        os_user = find_os_user()
        self._server = Server(Cluster(data.resolve(), os_user, programs(os_user)))

    def stop(self, mode: str) -> None:
        """Stop the server as `pg_ctl stop -m` does with this mode."""
        assert self._server._pg_ctl("stop", "-m", mode, "-w") == 0

    @contextlib.contextmanager
    def stopped_processes(self) -> Iterator[None]:
        """Suspend every process of the server until the end of the block."""
        with stopped_server(self.conninfo):
            yield

    def start(self) -> None:
        self._server.ensure(is_alone=True)


@contextlib.contextmanager
def stopped_server(conninfo: str) -> Iterator[None]:
    """Suspend every process of the server of this database until the end of the block."""
    with connect_as_table_owner(conninfo) as conn:
        master = psutil.Process(conn.info.backend_pid).parent()
    assert master is not None
    processes = [master, *master.children(recursive=True)]
    for process in processes:
        process.suspend()
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()


def service_group() -> int | None:
    """Return the group that may use a server's socket, for a service that runs as another user; None without such."""
    user = find_service_user(None, lambda note: None)
    return user and user.gid


def make_connecting_cheap(conninfo: str, owner: Any) -> None:
    """Store the passwords of both log-ins so that a client hashes its password once to connect, and not 4096 times.

    The tests connect thousands of times. The passwords stay what they are, and PostgreSQL asks for them as before.
    """
    owner.execute("SET scram_iterations = 1")
    for login in map(conninfo_to_dict, (conninfo, application_login(conninfo))):
        names = sql.Identifier(str(login["user"])), sql.Literal(login["password"])
        owner.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(*names))


@contextlib.contextmanager
def stoppable_server() -> Iterator[StoppableServer]:
    """Start a server whose database has the schema. End the server after the block."""
    from tests.support.prepared import prepare  # noqa: PLC0415 -- it imports this module

    with folder_for_servers() as parent:
        prepare(parent / "data")
        with run_postgres(parent / "data", group=service_group()) as conninfo:
            yield StoppableServer(parent / "data", conninfo)


@contextlib.contextmanager
def folder_for_servers() -> Iterator[Path]:
    """Make a folder for server data. After the block, end the servers in it and remove it."""
    folder = new_folder_for_servers()
    try:
        yield folder
    finally:
        end_servers(folder)
        shutil.rmtree(folder)


def new_folder_for_servers() -> Path:
    """Make a folder for server data, for tests in memory if there is enough of it.

    To copy the data folder of a server takes a tenth of the processor time there, and to copy a database a third.
    Measurements, which run without pytest, use a disk.

    The folders of pytest cannot be used: the system user that runs PostgreSQL for root cannot enter them.
    """
    is_in_memory = (
        "PYTEST_VERSION" in os.environ and _MEMORY.is_mount() and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES
    )
    folder = Path(tempfile.mkdtemp(prefix="sd-", dir=_MEMORY if is_in_memory else None))
    folder.chmod(0o711)
    return folder


def server_processes(folder: Path) -> list[psutil.Process]:
    """Return every PostgreSQL process whose working folder is inside this folder. PID files are not read."""
    processes = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            if process.info["name"] == "postgres" and Path(process.cwd()).is_relative_to(folder):
                processes.append(process)
    return processes


def end_servers(folder: Path) -> None:
    """Kill every server inside this folder, and wait until its last process has ended."""
    for process in server_processes(folder):
        with contextlib.suppress(psutil.NoSuchProcess):  # the process ended when its parent was killed just before
            process.kill()
    wait_until(lambda: not server_processes(folder))


def tables_containing(owner: Any, text: str) -> set[str]:
    """Return the tables that hold the text in any column, as text or as bytes."""
    tables = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace = 'public'::regnamespace"
    search = "SELECT FROM {} t WHERE strpos(t::text, %(text)s) > 0 OR strpos(t::text, %(hex)s) > 0 LIMIT 1"
    values = {"text": text, "hex": text.encode().hex()}
    names = [name for (name,) in owner.execute(tables)]
    return {name for name in names if owner.execute(search.format(name), values).fetchall()}


def application_login(conninfo: str) -> str:
    """Return the application's conninfo of a database of the bundled server. `conninfo` is that of the owner."""
    with connect_as_table_owner(conninfo) as conn:
        (folder,) = conn.execute("SHOW data_directory").fetchone() or ("",)
    password = Path(folder).with_name("password-application").read_text().strip()
    return make_conninfo(conninfo, user=APPLICATION, password=password)


def logins_of(conninfo: str) -> Logins:
    """Return both log-ins to a database of the bundled or the given server. `conninfo` is that of the owner."""
    if given_database():
        return Logins(conninfo, given_application(conninfo))
    return Logins(conninfo, application_login(conninfo))


def database_settings(conninfo: str) -> dict[str, str]:
    """Return the settings that make a service use a database of the bundled or the given server."""
    if given_database():
        return given_settings(conninfo)
    return {"DATABASE_URL": conninfo, "SMARTDHANDHA_APP_DATABASE_URL": application_login(conninfo)}


def copy_database(conninfo: str, name: str, template: str) -> None:
    """Create a database on the server of `conninfo` as a copy of another one, to which nobody is connected."""
    command = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
    with connect_as_table_owner(conninfo) as conn:
        conn.execute(sql.SQL(command).format(sql.Identifier(name), sql.Identifier(template)))


def drop_databases(conninfo: str, names: Sequence[str]) -> None:
    """Drop databases of the given server. A server that the tests have started ends with all its databases."""
    if given_database():
        with connect_as_table_owner(conninfo) as conn:
            for name in names:
                conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def is_denied(conn: Any, sql: str, *values: Any) -> bool:
    """Return whether PostgreSQL denies the statement to the connection's role. An open transaction can continue."""
    try:
        with conn.transaction():
            conn.execute(sql, values)
    except InsufficientPrivilege:
        return True
    return False
