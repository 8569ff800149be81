"""Count the instructions that one request executes, in Python's process and in its PostgreSQL process.

python -m tests.benchmarks.instructions [create] [list] [patch]

callgrind (of valgrind) counts them. Other programs change nothing about the figures, so they tell two versions apart on
a machine that is not quiet: two runs of the same code differ by a few thousandths. They say nothing about waiting,
caches and the kernel. The requests come one after the other, over one connection, without HTTP.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import psutil
from falcon.testing import create_environ

from api.ports.request.deadline import ARRIVED
from infra.bootstrap import app_on
from infra.postgres.database import DatabaseUnreachable, connect_as_table_owner
from infra.postgres.embedded.os_user import find_os_user
from infra.postgres.migrate import migrate
from infra.postgres.pool import open_pool
from tests.benchmarks.postgres import Postgres, own_postgres
from tests.support.organization import Organization
from tests.support.postgres import logins_of
from tests.support.scenarios import invoice_body
from tests.support.waiting import wait_until

SHAPES = ("create", "list", "patch")
FEW, MANY = 50, 150
"""PostgreSQL's process is counted from its start, so it is counted for a few and for many requests."""
WARM_UP = 80
"""So many invoices are created, and requests made, before any is counted. Then plans and statements are remembered."""
PATH = "/api/v1/invoices"
HEADERS = {"Host": "localhost", "Content-Type": "application/json"}
LATER_SECONDS = 60.0
"""So much later than now a request is said to have arrived: under callgrind, its response is not there in time."""
_CHILD = "--requests"
_COUNTED = re.compile(r"^(?:summary|totals): (\d+)", re.MULTILINE)


def main(shapes: list[str]) -> None:
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind is not installed, which counts instructions: apt install valgrind")
    with own_postgres() as postgres, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        conninfo = _database(postgres)
        python = {shape: _count_python(conninfo, shape, Path(folder, shape)) for shape in shapes}
        with _counting_server(postgres, conninfo, Path(folder)) as count:
            postgresql = {shape: (count(shape, MANY) - count(shape, FEW)) // (MANY - FEW) for shape in shapes}
    print(f"{'instructions of a request':28}{'Python':>12}{'PostgreSQL':>12}{'sum':>12}")
    for shape in shapes:
        counts = (python[shape], postgresql[shape], python[shape] + postgresql[shape])
        print(f"{shape:28}" + "".join(f"{count:12,}" for count in counts).replace(",", " "))


def _database(postgres: Postgres) -> str:
    conninfo = postgres.create("ours")
    with connect_as_table_owner(conninfo) as conn:
        migrate(conn)
        conn.execute("VACUUM ANALYZE")
    return conninfo


def _count_python(conninfo: str, shape: str, out: Path) -> int:
    """Return how many instructions a request executes in Python's process."""
    valgrind = ["valgrind", "-q", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}"]
    _run([*valgrind, *_requests(conninfo, shape, MANY)])
    return _counted(out) // MANY


@contextmanager
def _counting_server(postgres: Postgres, conninfo: str, folder: Path) -> Iterator[Callable[[str, int], int]]:
    """Restart the server under callgrind. Yield what counts the instructions of its process for so many requests."""
    data, user, out = psutil.Process(postgres.pid).cwd(), find_os_user(), folder / "server"
    out.mkdir()
    folder.chmod(0o711)
    user.give(out)
    user.run([postgres.programs / "pg_ctl", "stop", "-w", "-s", "-D", data], Path(data))
    program = str(postgres.programs / "postgres")
    command = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}/%p", program]
    server = subprocess.Popen(
        [*command, "-D", data, "-c", "autovacuum=off"],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(out)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=None if user.is_self else user.uid,
        group=None if user.is_self else user.gid,
        extra_groups=None if user.is_self else [],
    )

    def count(shape: str, requests: int) -> int:
        backend = _run(_requests(conninfo, shape, requests)).split()[-1]
        wait_until(lambda: not psutil.pid_exists(int(backend)))
        return _counted(out / backend)

    try:
        wait_until(lambda: _is_up(conninfo))
        yield count
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def _is_up(conninfo: str) -> bool:
    with suppress(DatabaseUnreachable), connect_as_table_owner(conninfo):
        return True
    return False


def _counted(out: Path) -> int:
    """Return the number of instructions in a file of callgrind."""
    return int(_COUNTED.findall(out.read_text())[-1])


def _requests(conninfo: str, shape: str, requests: int) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.instructions", _CHILD, conninfo, shape, str(requests)]


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return done.stdout


def send_requests(conninfo: str, shape: str, requests: int) -> None:
    """Make requests of this shape, counted if callgrind runs this process. Print the id of PostgreSQL's process."""
    with connect_as_table_owner(conninfo) as owner, open_pool(logins_of(conninfo), 1) as pool:
        organization = Organization("http://localhost", owner)
        app, headers = app_on(pool), {"Authorization": f"Bearer {organization.new_key().raw}", **HEADERS}
        created = [_send(app, _environ("create", headers, "", 0)) for _ in range(WARM_UP)]
        id = re.findall(rb'"id":"(inv_[^"]+)"', created[0])[0].decode()
        warm, counted = (
            [_environ(shape, headers, id, number) for number in range(*numbers)]
            for numbers in ((0, WARM_UP), (WARM_UP, WARM_UP + requests))
        )
        for environ in warm:
            _send(app, environ)
        _switch("on")
        for environ in counted:
            _send(app, environ)
        _switch("off")
        with pool.connection() as conn:
            print(conn.info.backend_pid)


def _environ(shape: str, headers: dict[str, str], id: str, number: int) -> dict[str, Any]:
    if shape == "create":
        return create_environ(PATH, method="POST", headers=headers, body=_json(invoice_body()))
    if shape == "patch":
        body = _json({"notes": f"Changed {number} times"})
        return create_environ(f"{PATH}/{id}", method="PATCH", headers=headers, body=body)
    return create_environ(PATH, query_string="limit=50", headers=headers)


def _json(body: dict[str, Any]) -> str:
    return msgspec.json.encode(body).decode()


def _send(app: Any, environ: dict[str, Any]) -> bytes:
    statuses: list[str] = []
    environ[ARRIVED] = time.monotonic() + LATER_SECONDS
    body = b"".join(app(environ, lambda status, headers: statuses.append(status)))
    if not statuses[0].startswith("2"):
        raise SystemExit(f"{statuses[0]}: {body.decode()}")
    return body


def _switch(state: str) -> None:
    """Have callgrind count the instructions of this process from now on, or no longer, if it runs the process."""
    subprocess.run(["callgrind_control", "-i", state, str(os.getpid())], capture_output=True, check=False)


if __name__ == "__main__":
    if sys.argv[1:2] == [_CHILD]:
        send_requests(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main(sys.argv[1:] or [*SHAPES])
