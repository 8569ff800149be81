"""Start our service, and measure it or a peer with wrk: rate, latencies, and processor time per request."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.meter import Servers
from tests.benchmarks.postgres import Postgres
from tests.benchmarks.seed import SeededData
from tests.support.service import Service

LUA = Path(__file__).parent / "lua" / "ours.lua"
CONNECTIONS = 16
MAX_REFUSED_SHARE = 0.02
"""A busy machine can make a request wait so long that it is refused. A mistake would refuse more of them."""
SLOW = {"CONNECTIONS": "4"}
"""The client whose p99 shows whether the service is fair: a few connections that pause after each answer."""
INSTALL_WRK = "wrk is missing, so nothing is measured over HTTP: install it (Debian and Ubuntu: apt install wrk)."


class Target(NamedTuple):
    """A server, and the wrk script for each kind of work."""

    name: str
    url: str
    scripts: Mapping[str, Path]
    env: Mapping[str, str]
    servers: Servers


def load(target: Target, work: str, seconds: float, *, env: Mapping[str, str] = {}) -> dict[str, Any]:
    """Return requests per second, latencies in ms, and processor time per request of Python and PostgreSQL in µs.

    Refused requests are not in the rate. Raise RuntimeError if they are more than a busy machine explains. `env` is
    added to the environment of the script.
    """
    before = target.servers.seconds()
    out = subprocess.run(**_wrk(target, work, seconds, env), text=True, check=True).stdout
    after = target.servers.seconds()
    count, refused = _number(r"(\d+) requests in", out), _number(r"Non-2xx or 3xx responses: (\d+)", out, 0)
    if "Socket errors" in out or refused > count * MAX_REFUSED_SHARE:
        raise RuntimeError(f"{target.name}, {work}: {out}")
    python, postgres = ((late - early) * 1e6 / count for early, late in zip(before, after, strict=True))
    return {
        "rate": round(_number(r"Requests/sec:\s+([\d.]+)", out) * (1 - refused / count), 2),
        "p50": _milliseconds("50", out),
        "p99": _milliseconds("99", out),
        "python": round(python, 1),
        "postgres": round(postgres, 1),
        "refused": refused,
    }


def serve_more(target: Target, requests: int) -> None:
    """Let a server answer this many more lists."""
    while requests > 0:
        out = subprocess.run(**_wrk(target, "list", 5, {}), text=True, check=True).stdout
        requests -= int(_number(r"(\d+) requests in", out))


def load_beside_flood(target: Target, seconds: float) -> dict[str, Any]:
    """Measure the slow client of one organization while another organization sends lists at full speed."""
    flood = subprocess.Popen(**_wrk(target, "flood", seconds + 1, {}))
    try:
        time.sleep(0.5)  # until it is at full speed
        figures = load(target, "alone", seconds, env=SLOW)
    finally:
        flood.terminate()
        flood.communicate()
    return {figure: figures[figure] for figure in ("rate", "p50", "p99", "refused")}


def _wrk(target: Target, work: str, seconds: float, env: Mapping[str, str]) -> dict[str, Any]:
    connections = int(env.get("CONNECTIONS", CONNECTIONS))
    run = str(time.monotonic_ns() // 1_000_000 % 10_000_000)
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds:.0f}s", "--latency", "-s", str(target.scripts[work])]
    return {
        "args": [*command, target.url],
        "env": {**os.environ, **target.env, **env, "WORK": work, "RUN": run},
        "stdout": subprocess.PIPE,
    }


def _number(pattern: str, text: str, default: float | None = None) -> float:
    match = re.search(pattern, text)
    if match is None and default is not None:
        return default
    assert match, text
    return float(match[1])


def _milliseconds(quantile: str, text: str) -> float:
    match = re.search(rf"\s{quantile}%\s+([\d.]+)(us|ms|s)\s", text)
    assert match, text
    return round(float(match[1]) * {"us": 1e-3, "ms": 1.0, "s": 1e3}[match[2]], 3)


@contextmanager
def ours(postgres: Postgres, conninfo: str, seeded: SeededData, **settings: Any) -> Iterator[Target]:
    """Start our service with two server processes and, like the peers, without an access log."""
    settings = {"SMARTDHANDHA_ACCESS_LOG": "false", "SMARTDHANDHA_LOG_LEVEL": "warning", **settings}
    with tempfile.TemporaryDirectory() as folder, Service(conninfo, "--workers", "2", **settings) as service:
        keys = Path(folder, "keys")
        keys.write_text("".join(f"{key.raw}\n" for key in seeded.keys))
        ids = Path(folder, "ids")
        raw = {key.org_id: key.raw for key in seeded.keys}
        ids.write_text("".join(f"{raw[org]} {id}\n" for org, of_org in seeded.invoices.items() for id in of_org))
        works = ("create", "create-numbered-by-us", "list", "patch", "alone", "flood")
        env = {"KEYS_FILE": str(keys), "IDS_FILE": str(ids)}
        servers = Servers(service.process.pid, postgres.pid)
        yield Target("ours", service.url, dict.fromkeys(works, LUA), env, servers)


def wrk_is_here() -> bool:
    return shutil.which("wrk") is not None
