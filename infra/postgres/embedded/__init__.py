"""The bundled PostgreSQL: an ordinary server that this program starts and stops, with its data in a folder.

Several processes may use one data folder at once, such as `serve` and a command. The first process starts PostgreSQL.
The last process to leave stops PostgreSQL, even if another process started it. While `serve` runs, it starts PostgreSQL
again after a signal, a crash or a full disk has ended the server (keeper.py).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.cluster import Cluster
from infra.postgres.embedded.errors import EmbeddedError
from infra.postgres.embedded.keeper import Keeper
from infra.postgres.embedded.lease import Lease
from infra.postgres.embedded.os_user import OsUser, find_os_user
from infra.postgres.embedded.server import Server
from infra.postgres.logins import Logins

__all__ = ["EmbeddedError", "keep_postgres", "run_postgres"]


@contextmanager
def run_postgres(
    data: Path, *, on_note: Callable[[str], None] = lambda note: None, group: int | None = None
) -> Iterator[str]:
    """Run PostgreSQL during the block; yield the superuser's conninfo of the database `smartdhandha`.

    `on_note` is called with a sentence about each change outside the data folder. `group` is the id of a group whose
    processes may use the server's socket; only root can set it. Raises EmbeddedError.

    At the end of the block, the server is stopped if no other process uses it. A process that was forked inside the
    block never stops the server.
    """
    with keep_postgres(data, on_note=on_note, group=group) as (logins, _):
        yield logins.owner


@contextmanager
def keep_postgres(
    data: Path, *, on_note: Callable[[str], None] = lambda note: None, group: int | None = None
) -> Iterator[tuple[Logins, Callable[[], None]]]:
    """Run PostgreSQL during the block, like run_postgres. Yield both log-ins, and a function that restarts the server.

    Call the function each second, in the process that entered the block. If the server has ended, the function begins
    to start it, and returns at once.
    """
    here = os.getpid()
    server, lease, logins = _enter(data, on_note, group)
    try:
        yield logins, Keeper(data, server).check
    finally:
        if os.getpid() == here:
            _leave(server, lease)


def _enter(data: Path, on_note: Callable[[str], None], group: int | None) -> tuple[Server, Lease, Logins]:
    try:
        os_user = find_os_user()
        folder = _data_folder(data, os_user, on_note)
        cluster = Cluster(folder, os_user, programs(os_user))
        server, lease = Server(cluster), Lease(folder)
        try:
            with lease.turn():
                is_alone = lease.take()
                cluster.create()
                if group is not None:
                    cluster.share_sockets(group)
                server.ensure(is_alone=is_alone)
            return server, lease, Logins(cluster.conninfo(), cluster.application_conninfo())
        except BaseException:
            _leave(server, lease)
            raise
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        raise EmbeddedError(
            f"PostgreSQL's data folder {data} cannot be used: {error.strerror or error}{where}."
        ) from error


def _leave(server: Server, lease: Lease) -> None:
    try:
        with lease.turn():
            if lease.is_last():
                server.stop()
    finally:
        lease.close()


def _data_folder(data: Path, os_user: OsUser, on_note: Callable[[str], None]) -> Path:
    """Create the data folder if needed; return its path without links.

    If root starts the service, root owns the data folder, and the server's user owns only folders inside the data
    folder. So the server's user cannot put a link into the data folder, through which root would write elsewhere.
    """
    data.mkdir(mode=0o700 if os_user.is_self else 0o711, parents=True, exist_ok=True)
    folder = data.resolve()
    os_user.open_way_to(folder, on_note)
    return folder
