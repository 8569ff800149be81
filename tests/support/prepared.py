"""The data folder of a PostgreSQL server with the schema, made once for all processes of the tests, which copy it.

initdb and the migrations take as much processor time as a hundred tests.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import subprocess
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path

import pytest

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from infra.postgres.logins import revoke_temporary
from infra.postgres.migrate import migrate
from tests.support.formats import let_new_logs_have_the_chosen_format
from tests.support.postgres import (
    folder_for_servers,
    make_connecting_cheap,
    new_folder_for_servers,
    service_group,
)
from tests.support.shared_folder import VARIABLE, shared_folder


def share_folder(config: pytest.Config, *, in_advance: bool) -> None:
    """Let the workers of pytest-xdist, which have not started yet, share one folder. It is removed at the end.

    It is made at once, in another process, if `in_advance` says so; otherwise when the first worker needs it.
    """
    shared = new_folder_for_servers()
    os.environ[VARIABLE] = str(shared)
    config.add_cleanup(lambda: shutil.rmtree(shared, ignore_errors=True))
    config.add_cleanup(partial(os.environ.__delitem__, VARIABLE))
    if in_advance and hasattr(os, "fork"):
        process = get_context("fork").Process(target=_make_all)
        process.start()
        config.add_cleanup(process.join)


def _make_all() -> None:
    """Make the data folder, and then what the first pages need."""
    from api.pages.factory import compile_templates  # noqa: PLC0415 -- only this process needs it

    _prepared()
    compile_templates()


def prepare(data: Path) -> None:
    """Make the data folder of a server with the schema, as a copy."""
    subprocess.run(["cp", "-a", "--reflink=auto", _prepared(), data], check=True)


@cache
def _prepared() -> Path:
    """Return the folder that is copied. The first process that asks for it makes it."""
    folder = shared_folder() or _own_folder()
    done = folder / "done"
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _make(folder / "data")
            done.touch()
    return folder / "data"


def _own_folder() -> Path:
    """Return a folder of this process, which is removed at its exit."""
    folders = contextlib.ExitStack()
    atexit.register(folders.close)
    return folders.enter_context(folder_for_servers())


def _make(data: Path) -> None:
    with run_postgres(data, group=service_group()) as conninfo, connect_as_table_owner(conninfo) as conn:
        migrate(conn)
        let_new_logs_have_the_chosen_format(conn)
        revoke_temporary(conn)
        make_connecting_cheap(conninfo, conn)
    shutil.rmtree(data / "log")
    shutil.rmtree(data / "run")
