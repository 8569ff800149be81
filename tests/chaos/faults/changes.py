"""Under load, all read tables are rebuilt, migrations run, logs are verified and exported, and keys are revoked.

Fails when a rebuild replaces its table without the rows that were written meanwhile: objects differ from their events.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from infra.postgres import migrate as migrations
from infra.postgres.database import connect_as_table_owner
from infra.postgres.schema.files import OUTSIDE, Migration, list_migrations
from tests.chaos.key_changes import KeyChanges
from tests.chaos.probe import LIST, longest
from tests.chaos.report import Report
from tests.chaos.stage import Stage
from tests.chaos.under_load import Place, checked_load, on_database
from tests.support.command_line import COMMAND
from tests.support.fork_server import run_command

WHAT = "commands under load"
GROUPS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("projections", "rebuild"), ("db", "migrate"), ("worker", "--once")),
    (("audit", "verify"), ("projections", "verify"), ("audit", "export", "--out", "/dev/null")),
    (("projections", "rebuild", "invoices", "bills"), ("db", "migrate")),
)
"""Commands that run at once, one group after the other."""
ADDED = (
    Migration(9001, "an_index", f"{OUTSIDE}\nCREATE INDEX CONCURRENTLY IF NOT EXISTS chaos ON invoices (version);\n"),
    Migration(9002, "a_column", "ALTER TABLE bills ADD COLUMN chaos integer NOT NULL DEFAULT 7;\n"),
)
"""Migrations that two processes apply at once. They are taken back at the end."""
MAX_ANSWER_SECONDS = 2.0

_TAKE_BACK = (
    "DROP INDEX chaos",
    "ALTER TABLE bills DROP COLUMN chaos",
    "DELETE FROM schema_migrations WHERE version > 9000",
)
_MAX_COMMAND_SECONDS = 120


def measure(stage: Stage, report: Report) -> None:
    conninfo = stage.new_database()
    with stage.service(conninfo) as service:
        run(report, on_database(service.url, conninfo), conninfo, GROUPS)


def run(report: Report, place: Place, conninfo: str, groups: Sequence[Sequence[tuple[str, ...]]]) -> None:
    """Run the groups of commands, the migrations, and changes of keys."""
    wrong, count = list[str](), 0
    with checked_load(report, WHAT, place) as load, place.probe(LIST) as lists, ThreadPoolExecutor(4) as threads:
        for group in groups:
            results = threads.map(lambda arguments: _run(arguments, place.env), group)
            wrong += [error for error in results if error]
            count += len(group)
            load.go_on()
        applied = _migrate_at_once(conninfo, threads)
        changes = KeyChanges(place.url, load.tenants[0].org_id, place.env)
        changes.change()
    report.none(f"{WHAT}: commands that failed", wrong, count)
    report.add(f"{WHAT}: migrations that two processes applied", str(applied), str(len(ADDED)), reached=applied == 2)
    report.none(f"{WHAT}: {changes.finding.what}", changes.finding.wrong, changes.finding.of)
    failed = load.statuses[503] + load.statuses[0]
    report.none(f"{WHAT}: requests without a result", ["503 or no answer"] * failed, load.answers)
    report.at_most(f"{WHAT}: a list, longest", longest(lists.answers), MAX_ANSWER_SECONDS)


def _run(arguments: tuple[str, ...], env: dict[str, str]) -> str:
    """Run a command; return its error, or an empty text."""
    done = run_command([*COMMAND, *arguments], env, _MAX_COMMAND_SECONDS)
    return "" if done.returncode == 0 else f"{' '.join(arguments)}: {done.stderr[-300:]}"


def _migrate_at_once(conninfo: str, threads: ThreadPoolExecutor) -> int:
    """Apply the added migrations on two connections at once, then take them back; return how many were applied."""
    everything = [*list_migrations(), *ADDED]

    def apply(_: int) -> int:
        with connect_as_table_owner(conninfo) as conn:
            return len(migrations.migrate(conn))

    with patch.object(migrations, "list_migrations", lambda: everything):
        applied = sum(threads.map(apply, range(2)))
    with connect_as_table_owner(conninfo) as conn:
        for statement in _TAKE_BACK:
            conn.execute(statement)
    return applied
