"""A fault under load: clients write and read while it happens, and the checker compares everything afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, NamedTuple

from infra.postgres.database import connect_as_table_owner
from infra.postgres.embedded import run_postgres
from tests.chaos.checker import check, report_findings
from tests.chaos.load.load import WRITES, Load, new_tenants
from tests.chaos.probe import Probe, Request
from tests.chaos.report import Report
from tests.support.bundled import Bundled
from tests.support.command_line import COMMAND, environment
from tests.support.organization import Organization
from tests.support.postgres import database_settings
from tests.support.scenarios import invoice_body
from tests.support.waiting import wait_until

CREATE = Request("POST", "/api/v1/invoices", invoice_body())


class Place(NamedTuple):
    """A running service. `env` are the settings of commands on its database."""

    url: str
    env: dict[str, str]
    open_owner: Callable[[], AbstractContextManager[Any]]
    """Opens a connection as the owner of the tables."""
    command: Sequence[str] = COMMAND
    """The beginning of each command line."""

    def new_key(self) -> str:
        """Create an organization, which the checker does not look at, and return an API key of it."""
        with self.open_owner() as owner:
            return Organization(self.url, owner).new_key().raw

    def probe(self, request: Request = CREATE, **options: Any) -> Probe:
        """Return a client of a new organization, whose answers are noted."""
        return Probe(self.url, request.of(self.new_key()), **{"pause": 0.05, **options})


def on_database(url: str, conninfo: str) -> Place:
    """Return the place of a service whose database has this conninfo."""
    return Place(url, environment(**database_settings(conninfo)), lambda: connect_as_table_owner(conninfo))


def on_bundled(bundled: Bundled) -> Place:
    """Return the place of a service on the bundled PostgreSQL."""

    @contextmanager
    def open_owner() -> Iterator[Any]:
        with run_postgres(bundled.data) as conninfo, connect_as_table_owner(conninfo) as owner:
            yield owner

    return Place(bundled.service.url, bundled.env, open_owner)


@contextmanager
def checked_load(
    report: Report,
    what: str,
    place: Place,
    *,
    organizations: int = 2,
    clients: int = 4,
    writes: float = WRITES,
    pause: float = 0.0,
    with_pages: bool = True,
    url: str | None = None,
) -> Iterator[Load]:
    """Run clients of new organizations during the block, and report afterwards what the checker finds.

    `writes` and `pause` are those of Load. Scenarios that measure times have a pause, which leaves them the processors.
    Without `with_pages`, no client asks for a page of the console, whose session may end during the block.
    `url` is where the clients send their requests, if it is not the service itself. The service must answer at the end.
    """
    with place.open_owner() as owner:
        tenants = new_tenants(place.url, owner, organizations, clients, with_session=with_pages)
    with Load(url or place.url, tenants, writes, pause) as load:
        load.go_on()
        yield load
        load.go_on()
    report_findings(report, what, check(place.url, tenants, place.env, load.crashes, place.command))
    report.count(load)


def seconds_to_success(probe: Probe, since: float, patience: float = 30.0) -> float:
    """Wait for the first success of a request that was sent after a fault was noticed, or 0.2 s after `since`.

    Return the seconds from `since`, of time.monotonic, to its answer; infinity if none came in time.
    """

    def first() -> float | None:
        sent = [answer for answer in probe.answers if answer.at > since]
        failed = [answer.at for answer in sent if not answer.is_success]
        begin = max(failed[-1:] or [since + 0.2])
        return next((answer.end - since for answer in sent if answer.is_success and answer.at > begin), None)

    with suppress(AssertionError):
        return float(wait_until(first, patience))
    return math.inf
