"""Five minutes of deliveries while a process is killed every ten seconds: each event arrives, in order where asked.

Prints a line for each promise; the exit status is 1 if one was broken.

python -m tests.chaos.webhooks.run [--seconds 300] [--kill 10]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from tests.benchmarks import autogroup
from tests.chaos.bundled_stage import QUIET
from tests.chaos.checks.finding import Finding
from tests.chaos.kills import Killer, kill
from tests.chaos.load.load import Load, new_tenants
from tests.chaos.load.record import Tenant
from tests.chaos.report import note
from tests.chaos.webhooks.broken import BrokenReceiver, Caretaker
from tests.chaos.webhooks.checker import Hook, check_arrivals, read_log
from tests.support.bundled import Bundled
from tests.support.client import Api
from tests.support.ports import free_address
from tests.support.postgres import folder_for_servers
from tests.support.senders import is_sender
from tests.support.waiting import wait_until

CLIENTS = (4, 3, 3, 3, 3)
"""The writers of each organization."""
WRITES, PAUSE_SECONDS = 0.8, 0.4
SENDERS = 2
KINDS: Sequence[tuple[tuple[str, ...] | None, bool]] = ((None, False), (None, True), (("invoice.*", "bill.paid"), True))
"""The webhooks of each organization: their types, and whether they are ordered."""
SELECT_UNSERVED = """
SELECT c.webhook_id, c.position, l.position, c.pending FROM webhook_cursors c JOIN org_log l USING (org_id)
WHERE c.position <> l.position OR c.pending <> 0 OR EXISTS (
    SELECT FROM webhook_deliveries d WHERE d.org_id = c.org_id AND d.webhook_id = c.webhook_id AND d.status = 'pending'
)
"""


class AllKiller(Killer):
    """Kills senders, too."""

    def kinds(self) -> dict[str, Callable[[], bool]]:
        return {"a sender": self.kill_sender, **super().kinds()}

    def kill_sender(self) -> bool:
        kill(self._chance.choice(wait_until(lambda: [it for it in self.service.children() if is_sender(it)])))
        return False


def main() -> None:
    options = _options()
    with autogroup.off(note), folder_for_servers() as folder, ExitStack() as running:
        serve = ("--bind", free_address(), "--workers", "2")
        env = {**QUIET, "SMARTDHANDHA_SENDERS": str(SENDERS)}
        bundled = Bundled(folder, *serve, **env)
        killer = AllKiller(bundled, serve, **env)
        running.callback(killer.stop)
        receiver = BrokenReceiver(folder)
        running.callback(receiver.stop)
        url = bundled.service.url
        with run_postgres(bundled.data) as conninfo, connect_as_table_owner(conninfo) as owner:
            tenants = [it for count in CLIENTS for it in new_tenants(url, owner, 1, count, with_session=False)]
        hooks = [hook for number, it in enumerate(tenants) for hook in _hooks(url, receiver, number, it)]
        with Caretaker(url, conninfo, receiver, hooks) as caretaker:
            with Load(url, tenants, WRITES, PAUSE_SECONDS) as load:
                _run(options, load, killer)
            note("The load has ended. The receiver is mended, and takes what is left ...")
            receiver.mend()
            caretaker.await_all()
        logs = {it.org_id: read_log(url, it.key) for it in tenants}
        with connect_as_table_owner(conninfo) as owner:
            unserved = [str(row) for row in owner.execute(SELECT_UNSERVED).fetchall()]
        arrivals = receiver.arrivals
        findings = [
            *check_arrivals(hooks, logs, arrivals),
            Finding("webhooks whose cursor is not at the head of the log", unserved, len(hooks)),
            caretaker.finding,
            killer.finding,
        ]
        note(
            f"{killer.count} kills, {receiver.starts - 2} deaths of the receiver, {caretaker.resumed} webhooks resumed."
        )
        note(f"{len(arrivals)} deliveries, {len(arrivals) - len({(it.path, it.id) for it in arrivals})} of them again.")
    print(*findings, sep="\n")
    sys.exit(not all(finding.is_kept for finding in findings))


def _hooks(url: str, receiver: BrokenReceiver, number: int, tenant: Tenant) -> list[Hook]:
    """Create the webhooks of an organization, which has no events yet."""
    hooks = []
    with Api(url, tenant.key) as api:
        for place, (types, ordered) in enumerate(KINDS):
            path = f"/{number}/{place}"
            made = api.create("webhooks", {"url": receiver.url + path, "types": types, "ordered": ordered})
            hooks.append(Hook(path, made["id"], tenant.org_id, tenant.key, types, ordered))
    return hooks


def _run(options: Any, load: Load, killer: Killer) -> None:
    """Kill a process every so many seconds while the load runs."""
    began = time.monotonic()
    next_kill = began + options.kill
    while time.monotonic() < began + options.seconds:
        time.sleep(0.2)
        if time.monotonic() >= next_kill:
            next_kill += options.kill
            killer.next(load)
            note(f"{time.monotonic() - began:5.0f} s: {load.acknowledged} acknowledged creations, {killer.count} kills")


def _options() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0, help="how long the load and the kills last")
    parser.add_argument(
        "--kill", type=float, default=10.0, metavar="SECONDS", help="kill a process every so many seconds"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
