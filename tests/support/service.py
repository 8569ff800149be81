"""The tests' hands: a service as a process, organizations, and an HTTP client that speaks the envelope."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Barrier
from typing import Any, TypeVar

import httpx
import psutil
from psycopg.errors import InsufficientPrivilege

from domain.api_key import SCOPES
from domain.calendar import DEFAULT_TIME_ZONE
from infra.identity import accounts

T = TypeVar("T")
COMMAND = [sys.executable, "-c", "from infra.cli import main; main()"]


def environment(**changes: str) -> dict[str, str]:
    """The environment without settings of the machine's own, and these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SMARTDHANDHA_", "DATABASE_URL"))}
    return {**kept, **changes}


class Service:
    """`smartdhandha serve` as a process of its own, on a free port."""

    def __init__(
        self, database_url: str, *options: str, log: Path | None = None, terminal: int | None = None, **env: str
    ) -> None:
        self._command = [*COMMAND, "serve", "--bind", "127.0.0.1:0", "--no-demo", "--json", *options]
        self._env = environment(DATABASE_URL=database_url, **env)
        self._log, self._terminal = log, terminal

    def __enter__(self) -> Service:
        with self._log.open("ab") if self._log else nullcontext() as log:
            self.process = subprocess.Popen(
                self._command,
                env=self._env,
                stdout=subprocess.PIPE,
                stderr=log or self._terminal,
                text=True,
                start_new_session=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"the service did not start (exit status {self.process.wait()})"
        self.url = json.loads(line)["url"]
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(40)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        return psutil.Process(self.process.pid).children()

    def kill(self) -> None:
        """SIGKILL to the master and all its workers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


class Api(httpx.Client):
    """The API of one key; paths are below `/api/v1`."""

    def __init__(self, url: str, key: str | None, **options: Any) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        super().__init__(base_url=f"{url}/api/v1/", headers=headers, timeout=30, trust_env=False, **options)
        self.key = key

    def made(self, path: str, body: dict[str, Any], **options: Any) -> dict[str, Any]:
        """POST that must answer 201; the resource."""
        return data_of(self.post(path, json=body, **options), 201)

    def got(self, path: str, **params: Any) -> Any:
        """GET that must answer 200; the data."""
        return data_of(self.get(path, params=params), 200)

    def patched(self, path: str, body: dict[str, Any], **options: Any) -> dict[str, Any]:
        """PATCH that must answer 200; the resource."""
        return data_of(self.patch(path, json=body, **options), 200)


class Organization:
    """An organization of one test's own."""

    def __init__(self, url: str, owner: Any, name: str = "Test Traders", time_zone: str = DEFAULT_TIME_ZONE) -> None:
        self.url, self._owner = url, owner
        self.id = accounts.create_organization(owner, name, time_zone)["id"]
        self._opened: list[Api] = []

    def new_key(self, scopes: Sequence[str] = SCOPES, limit: int = 1_000_000) -> accounts.NewKey:
        return accounts.create_key(self._owner, self.id, "a test", tuple(scopes), limit, None)

    def api(self, scopes: Sequence[str] = SCOPES, limit: int = 1_000_000) -> Api:
        """The API through a new key."""
        opened = Api(self.url, self.new_key(scopes, limit).raw)
        self._opened.append(opened)
        return opened

    def close(self) -> None:
        for opened in self._opened:
            opened.close()


def data_of(response: httpx.Response, status: int) -> Any:
    """What a success carries; anything else fails the test with the whole answer."""
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    body = response.json()
    assert body["success"] is True
    return body["data"]


def error_of(response: httpx.Response, status: int, code: str) -> Any:
    """What a failure carries, once its shape, status and code have been looked at."""
    assert response.status_code == status, f"{response.status_code}: {response.text}"
    body = response.json()
    assert set(body) == {"success", "error"} and body["success"] is False
    error = body["error"]
    assert {"code", "message", "status", "details", "requestId", "docUrl"} <= set(error)
    assert (error["status"], error["code"]) == (status, code), error
    assert error["requestId"] == response.headers["X-Request-Id"]
    return error


def walked(api: Api, path: str, **params: Any) -> list[dict[str, Any]]:
    """Every event on the way along `nextUrl`."""
    found: list[dict[str, Any]] = []
    answer = api.get(path, params=params)
    while True:
        page = answer.json()
        found += page["data"]
        pagination = page["pagination"]
        assert pagination["hasMore"] == (pagination["nextUrl"] is not None)
        if not pagination["hasMore"]:
            assert "Link" not in answer.headers
            return found
        assert answer.headers["Link"] == f'<{pagination["nextUrl"]}>; rel="next"'
        answer = api.get(pagination["nextUrl"])


def folded(events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The fields that an object's events leave behind, its payments gathered."""
    fields: dict[str, Any] = {}
    payments = []
    for event in events:
        changes = dict(event["data"])
        payments += changes.pop("payments", [])
        fields |= changes
    return {**fields, "payments": payments}


def at_once(count: int, work: Callable[[int], T]) -> list[T]:
    """Do `work(0)` … `work(count - 1)` in as many threads, all released at the same moment."""
    barrier = Barrier(count)

    def run(number: int) -> T:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as executor:
        return list(executor.map(run, range(count)))


def until(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """Ask again and again until the condition holds, and answer with what it said; it fails the test in the end."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)
    return found


def servers(data: Path) -> list[psutil.Process]:
    """Every process of a server under this folder, found by where it works and not by what it wrote down."""
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            if process.info["name"] == "postgres" and Path(process.cwd()).is_relative_to(data):
                found.append(process)
    return found


def end_servers(folder: Path) -> None:
    """Kill every server under this folder, and wait until the last of its processes has gone."""
    for process in servers(folder):
        with contextlib.suppress(psutil.NoSuchProcess):  # one that went with its parent, which was killed just before
            process.kill()
    until(lambda: not servers(folder))


@contextlib.contextmanager
def folder_for_servers() -> Iterator[Path]:
    """A folder that a server's own user can pass through, until everything in it is ended and removed.

    pytest's folders are closed to other users, and closed again by each further run of the same person.
    """
    folder = Path(tempfile.mkdtemp(prefix="sd-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        end_servers(folder)
        shutil.rmtree(folder)


def spent(owner: Any, key: accounts.NewKey) -> list[tuple[Any, ...]]:
    """The key's ledger of credits: each one's number and time."""
    sql = "SELECT seq, at FROM credits WHERE key_id = %s ORDER BY seq"
    found: list[tuple[Any, ...]] = owner.execute(sql, (key.row["id"],)).fetchall()
    return found


def set_limit(owner: Any, key: accounts.NewKey, limit: int) -> None:
    owner.execute("UPDATE api_keys SET credit_limit = %s WHERE id = %s", (limit, key.row["id"]))


def refused(conn: Any, sql: str, *values: Any) -> bool:
    """Whether PostgreSQL refuses the statement; the transaction goes on."""
    try:
        with conn.transaction():
            conn.execute(sql, values)
    except InsufficientPrivilege:
        return True
    return False
