"""A dump is made under load and restored: what was acknowledged before the dump is there, and nothing is torn.

Fails when the events and the row of a command are stored in two transactions (COMMIT and BEGIN between them in
`PostgresUnitOfWork`): the copy, and the original, have objects that no list shows.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from infra.postgres.embedded.binaries import programs
from infra.postgres.embedded.os_user import find_os_user
from tests.chaos.checker import check_commands, check_copy, report_findings
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import checked_load, on_database
from tests.support.service import Service

WHAT = "a dump under load is restored"


def measure(stage: Stage, report: Report) -> None:
    run(report, stage.new_database(), stage.postgres.create("chaos_restored"), stage.service)


def run(report: Report, conninfo: str, empty: str, new_service: Callable[[str], Service]) -> None:
    """Dump one database while a service runs on it, and restore it into the empty one."""
    with TemporaryDirectory() as folder:
        dump = Path(folder, "smartdhandha.dump")
        with (
            new_service(conninfo) as service,
            checked_load(report, WHAT, on_database(service.url, conninfo)) as load,
        ):
            load.go_on()
            before = [tenant.snapshot() for tenant in load.tenants]
            _run("pg_dump", "--format=custom", f"--file={dump}", conninfo)
        _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={empty}", str(dump))
    with new_service(empty) as service:
        place = on_database(service.url, empty)
        findings = [*check_copy(service.url, before), *check_commands(place.env)]
    report_findings(report, f"{WHAT}, the copy", findings)


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [programs(find_os_user()) / program, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
