"""Start the peers over HTTP, with their own packages and databases."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from infra.postgres.database import connect_as_table_owner
from tests.benchmarks import http
from tests.benchmarks.meter import Servers
from tests.benchmarks.postgres import PASSWORD, USER, Postgres

PEERS_VENV = Path.home() / ".cache" / "smartdhandha" / "peers-venv"

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
def peers_running(postgres: Postgres, peers: Path, names: tuple[str, ...]) -> Iterator[list[http.Target]]:
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
) -> Iterator[http.Target]:
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
        scripts = {work: folder / "lua" / f"{work}.lua" for work in ("create", "list")}
        yield http.Target(name, url, scripts, {}, Servers(process.pid, postgres.pid))
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
