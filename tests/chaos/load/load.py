"""The mixed load of a run: organizations, each with clients that write and read and a consumer of its events."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from tests.chaos.load.client import Client
from tests.chaos.load.consumer import Consumer
from tests.chaos.load.record import STORED, ClientRecord, ConsumerRecord, Crash, Tenant
from tests.support.console import new_user, open_session
from tests.support.organization import Organization
from tests.support.waiting import wait_until

WRITES = 0.5
"""The share of writes among a client's requests."""


def new_tenants(
    url: str, owner: Any, organizations: int = 4, clients: int = 4, *, with_session: bool = True
) -> list[Tenant]:
    """Create organizations with a key for each client, and a console session for all clients of one.

    `owner` is a connection as the owner of the tables.
    """
    tenants = []
    for number in range(organizations):
        organization = Organization(url, owner, f"Load {number}")
        session = open_session(owner, new_user(owner, organization.id).user.id) if with_session else None

        def key(to: Organization = organization) -> str:
            return to.new_key(limit=10**12).raw

        records = [ClientRecord(f"o{number}c{client}", key()) for client in range(clients)]
        tenants.append(Tenant(organization.id, key(), session, records, ConsumerRecord(key())))
    return tenants


class Load:
    """Runs the clients until the end of the block, and then the consumers to the end of the log.

    The service must answer at the end of the block. `writes` is the share of writes among the requests, and `pause` the
    seconds that a client waits after each response.
    """

    least_pause = 0.0
    """The least `pause`, whatever is asked for."""

    def __init__(self, url: str, tenants: list[Tenant], writes: float = WRITES, pause: float = 0.0) -> None:
        self.url, self.tenants = url, tenants
        self.crashes = list[Crash]()
        """When the database was killed: answers just before may have left no credit."""
        self._stop, self._end = threading.Event(), threading.Event()
        how = (self._stop, writes, max(pause, self.least_pause))
        clients = [Client(url, record, it.session, *how) for it in tenants for record in it.clients]
        consumers = [Consumer(url, it.consumer, self._end) for it in tenants]
        self._clients = [threading.Thread(target=client.run) for client in clients]
        self._consumers = [threading.Thread(target=consumer.run) for consumer in consumers]

    def __enter__(self) -> Load:
        for thread in (*self._clients, *self._consumers):
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for event, threads in ((self._stop, self._clients), (self._end, self._consumers)):
            event.set()
            for thread in threads:
                thread.join()

    @property
    def records(self) -> list[ClientRecord]:
        return [record for tenant in self.tenants for record in tenant.clients]

    @property
    def answers(self) -> int:
        """How many requests the clients have had an answer to."""
        return sum(record.answers for record in self.records)

    @property
    def acknowledged(self) -> int:
        """How many creations and payments were acknowledged."""
        return sum(record.statuses[201] for record in self.records)

    def crashed(self, earliest: float, latest: float | None = None) -> None:
        """Remember that the database was killed at a time of time.monotonic, or between two."""
        self.crashes.append(Crash(earliest, earliest if latest is None else latest))

    def go_on(self, seconds: float = 30) -> None:
        """Wait until ten more creations or payments per organization were acknowledged."""
        before = self.acknowledged
        wait_until(lambda: self.acknowledged >= before + 10 * len(self.tenants), seconds)

    @property
    def statuses(self) -> Counter[int]:
        """How many answers had each status; 0 is no answer."""
        return sum((record.statuses for record in self.records), Counter())

    @property
    def replayed(self) -> int:
        """How many writes were acknowledged by the stored answer to an earlier attempt."""
        return sum(record.replayed for record in self.records)

    def outcomes(self) -> dict[str, int]:
        """Return how many writes there are of each outcome."""
        counts = dict.fromkeys((STORED, "refused", "unknown"), 0)
        for record in self.records:
            for write in record.writes:
                counts[write.outcome] += 1
        return counts
