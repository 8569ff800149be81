"""The service on the bundled PostgreSQL with clients that write, and the check that nothing acknowledged is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from tests.chaos.probe import Probe, Request
from tests.chaos.report import Report
from tests.support.bundled import Bundled
from tests.support.client import Api, list_events
from tests.support.command_line import run_process
from tests.support.scenarios import invoice_body
from tests.support.writers import Writers

CREATE = Request("POST", "/api/v1/invoices", invoice_body())
QUIET: dict[str, Any] = {"SMARTDHANDHA_ACCESS_LOG": "false"}
WRITERS = 8


class Clients(NamedTuple):
    """Clients that write as fast as they can, and one whose answers are noted."""

    key: str
    writers: Writers
    probe: Probe


@contextmanager
def clients(bundled: Bundled) -> Iterator[Clients]:
    """Let clients of a new organization write until the end of the block."""
    key, url = bundled.new_key(), bundled.service.url
    with Writers(url, key, WRITERS) as writers, Probe(url, CREATE.of(key), pause=0.05) as probe:
        yield Clients(key, writers, probe)


def report_losses(report: Report, what: str, bundled: Bundled, done: Clients) -> None:
    """Add a line about what was acknowledged and is not stored, or is stored twice, and one about the audit."""
    with Api(bundled.service.url, done.key) as api:
        stored = [invoice["id"] for invoice in list_events(api, "invoices", limit=100)]
    acknowledged = done.writers.acknowledged
    missing = set(acknowledged) - set(stored)
    doubled = len(stored) - len(set(stored))
    report.none(f"{what}: acknowledged and lost, or doubled", [*missing, *["doubled"] * doubled], len(acknowledged))
    verified = run_process("audit", "verify", env=bundled.env).out.strip().splitlines()
    report.add(f"{what}: smartdhandha audit verify", verified[-1], "no error", reached=True)
