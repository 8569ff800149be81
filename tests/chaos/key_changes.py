"""Keys that are made and revoked while the service runs: a revoked one must be refused at once."""

from __future__ import annotations

import json
from contextlib import suppress

import httpx

from tests.chaos.checks.finding import Finding
from tests.support.command_line import COMMAND
from tests.support.fork_server import run_command

TRIES = 8


class KeyChanges:
    """Makes keys of one organization with the command line. `env` has the settings of the commands."""

    def __init__(self, url: str, org_id: str, env: dict[str, str]) -> None:
        self._url, self._org_id, self._env = url, org_id, env
        self._revoked, self._wrong = 0, list[str]()

    @property
    def finding(self) -> Finding:
        return Finding("keys that work after they were revoked, or do not before", self._wrong, self._revoked)

    def change(self) -> None:
        """Make a key, use it, revoke it, and use it again, on connections of several server processes."""
        made = self._run("create", "--org", self._org_id, "--name", "For a minute", "--scope", "billing:read")
        if made is None:
            return
        before = self._ask(made["key"])
        if self._run("revoke", made["id"]) is None:
            return
        after = self._ask(made["key"])
        self._revoked += 1
        self._wrong += [f"a new key: {status}" for status in before if status not in (200, 503)]
        self._wrong += [f"a revoked key: {status}" for status in after if status not in (401, 503)]

    def _ask(self, key: str) -> list[int]:
        statuses = []
        for _ in range(TRIES):
            with suppress(httpx.TransportError):
                headers = {"Authorization": f"Bearer {key}"}
                statuses.append(httpx.get(f"{self._url}/api/v1/invoices", headers=headers, timeout=30).status_code)
        return statuses

    def _run(self, *arguments: str) -> dict[str, str] | None:
        """Run `smartdhandha key`; return what it says, or None if the database was away."""
        done = run_command([*COMMAND, "key", *arguments, "--json"], self._env, timeout=120)
        if done.returncode == 0:
            return dict(json.loads(done.stdout))
        return None
