"""Start our service and the peers, and measure each of them with wrk."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

from infra.postgres.database import connect_as_table_owner
from tests.benchmarks.postgres import PASSWORD, USER, Postgres
from tests.benchmarks.seed import SeededData
from tests.support.service import Service

LUA = Path(__file__).parent / "lua" / "ours.lua"
CONNECTIONS = 16
PEERS_VENV = Path.home() / ".cache" / "smartdhandha" / "peers-venv"
INSTALL_WRK = "wrk is missing, so nothing is measured over HTTP: install it (Debian and Ubuntu: apt install wrk)."


class Target(NamedTuple):
    """A server, and the wrk script for each kind of work."""

    name: str
    url: str
    scripts: Mapping[str, Path]
    env: Mapping[str, str]


def load(target: Target, work: str, seconds: float) -> dict[str, Any]:
    """Return requests per second and latencies in milliseconds. Raise RuntimeError if a request was refused."""
    run = str(time.monotonic_ns() // 1_000_000 % 10_000_000)
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--latency", "-s", str(target.scripts[work])]
    env = {**os.environ, **target.env, "WORK": work, "RUN": run}
    done = subprocess.run([*command, target.url], capture_output=True, text=True, env=env, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"{target.name}, {work}: {done.stdout}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert rate, done.stdout
    return {"rate": float(rate[1]), "p50": _milliseconds("50", done.stdout), "p99": _milliseconds("99", done.stdout)}


def _milliseconds(quantile: str, text: str) -> float:
    match = re.search(rf"\s{quantile}%\s+([\d.]+)(us|ms|s)\s", text)
    assert match, text
    return round(float(match[1]) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[match[2]], 3)


@contextmanager
def ours(conninfo: str, seeded: SeededData, **settings: Any) -> Iterator[Target]:
    """Start our service with two server processes and, like the peers, without an access log."""
    settings = {"SMARTDHANDHA_ACCESS_LOG": "false", "SMARTDHANDHA_LOG_LEVEL": "warning", **settings}
    with tempfile.TemporaryDirectory() as folder, Service(conninfo, "--workers", "2", **settings) as service:
        keys = Path(folder, "keys")
        keys.write_text("".join(f"{key.raw}\n" for key in seeded.keys))
        ids = Path(folder, "ids")
        raw = {key.org_id: key.raw for key in seeded.keys}
        ids.write_text("".join(f"{raw[org]} {id}\n" for org, of_org in seeded.invoices.items() for id in of_org))
        works = ("create", "create-numbered-by-us", "list", "patch", "constant")
        env = {"KEYS_FILE": str(keys), "IDS_FILE": str(ids)}
        yield Target("ours", service.url, dict.fromkeys(works, LUA), env)


# How each peer is started, according to its README. SETUP creates the index that icontains of Django can use.
PEERS = {
    "FastAPI": ("uvicorn", "d_fastapi_app:app", "--workers", "2", "--no-access-log", "--log-level", "error"),
    "Django REST": (
        "gunicorn",
        "d_django_app:app",
        "-k",
        "gthread",
        "-w",
        "2",
        "--threads",
        "8",
        "--log-level",
        "error",
    ),
}
SETUP = {
    "Django REST": (
        "DROP INDEX invoices_customer_name_idx",
        "CREATE INDEX ON invoices USING gin (upper(customer_name) gin_trgm_ops)",
    )
}


def peers_python(peers: Path) -> Path:
    """Return a Python with the packages of the peers, which are installed first if they are missing."""
    requirements = (peers / "requirements.txt").read_text()
    stamp = PEERS_VENV / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != requirements:
        print("Installing the peers' packages ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", PEERS_VENV], check=True)
        pip: list[str | Path] = [
            PEERS_VENV / "bin" / "python",
            "-m",
            "pip",
            "-q",
            "--disable-pip-version-check",
            "install",
        ]
        subprocess.run([*pip, "-r", peers / "requirements.txt"], check=True)
        stamp.write_text(requirements)
    return PEERS_VENV / "bin" / "python"


@contextmanager
def peers_running(postgres: Postgres, peers: Path, names: tuple[str, ...]) -> Iterator[list[Target]]:
    """Start these peers, each on a database of its own that their own script has seeded."""
    binaries = peers_python(peers).parent
    seed = postgres.create("peer_seed")
    with connect_as_table_owner(seed) as conn:
        for statement in (peers / "sql" / "seed.sql").read_text().split(";\n"):
            if statement.strip():
                conn.execute(statement.encode())
    with ExitStack() as stack:
        targets = []
        for name in names:
            database = f"peer_{name.split()[0].lower()}"
            with connect_as_table_owner(postgres.create(database, "peer_seed")) as conn:
                for statement in SETUP.get(name, ()):
                    conn.execute(statement.encode())
                conn.execute("VACUUM ANALYZE")
            targets.append(stack.enter_context(_peer(name, binaries, PEERS[name], peers, database, postgres)))
        yield targets


@contextmanager
def _peer(
    name: str, binaries: Path, command: tuple[str, ...], folder: Path, database: str, postgres: Postgres
) -> Iterator[Target]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program, *rest = command
    where = ["--port", str(port)] if program == "uvicorn" else ["-b", f"127.0.0.1:{port}"]
    env = {
        **os.environ,
        "PYTHONWARNINGS": "ignore",
        "PYTHONDONTWRITEBYTECODE": "1",
        "DSN": f"postgresql+asyncpg://{USER}:{PASSWORD}@127.0.0.1:{postgres.port}/{database}",
        "PGDATABASE": database,
        "PGPORT": str(postgres.port),
        "PGPASSWORD": PASSWORD,
    }
    process = subprocess.Popen([binaries / program, *rest, *where], cwd=folder, env=env, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/invoices?limit=1", process)
        yield Target(name, url, {work: folder / "lua" / f"{work}.lua" for work in ("create", "list")}, {})
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            httpx.get(url, headers={"X-API-Key": "key-1"}, timeout=2, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"The peer at {url} did not start.")


def wrk_is_here() -> bool:
    return shutil.which("wrk") is not None
