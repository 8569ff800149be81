"""The independent checker: what the clients of a run remember, compared with what the service says afterwards.

It reads over HTTP, as a consumer does, and runs two commands. It uses none of the service's own modules for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.chaos.checks.credits import check_credits
from tests.chaos.checks.documents import check_documents
from tests.chaos.checks.finding import Finding, merged
from tests.chaos.checks.log import Log
from tests.chaos.checks.writes import MISSING, NOBODY_CAUSED, check_writes
from tests.chaos.load.record import Crash, Tenant
from tests.chaos.report import Report
from tests.support.client import Api
from tests.support.command_line import COMMAND
from tests.support.fork_server import run_command

COMMANDS = (("audit", "verify"), ("projections", "verify"))
DISORDER = "events out of order"
_MAX_COMMAND_SECONDS = 1800


def check(
    url: str,
    tenants: Sequence[Tenant],
    env: dict[str, str],
    crashes: Sequence[Crash] = (),
    program: Sequence[str] = COMMAND,
) -> list[Finding]:
    """Return a finding for each promise. `env` has the settings with which the commands find the database.

    `crashes` tells when the database was killed. `program` begins the command lines. The commands run side by side, and
    beside the reading over HTTP.
    """
    with ThreadPoolExecutor(1) as thread:
        commands = thread.submit(check_commands, env, program)
        return [*check_over_http(url, tenants, crashes), *commands.result()]


def check_over_http(url: str, tenants: Sequence[Tenant], crashes: Sequence[Crash] = ()) -> list[Finding]:
    """Return the findings of `check` without those of the two commands."""
    return merged([finding for tenant in tenants for finding in _check_tenant(url, tenant, crashes)])


def report_findings(report: Report, what: str, findings: Sequence[Finding]) -> None:
    """Add one line for each promise that was broken, or a single one that says how much was checked."""
    for finding in findings:
        if not finding.is_kept:
            report.none(f"{what}: {finding.what}", list(finding.wrong), finding.of)
    if all(finding.is_kept for finding in findings):
        counts = {finding.what: finding.of for finding in findings}
        report.add(f"{what}: the checker", summary(counts), "nothing lost, doubled or wrong", reached=True)


def summary(counts: dict[str, int]) -> str:
    """Return how much was checked, in a few words."""
    stored, events = counts[MISSING], counts[DISORDER]
    return f"{stored} acknowledged writes, {events} events"


def _check_tenant(url: str, tenant: Tenant, crashes: Sequence[Crash]) -> Iterator[Finding]:
    wrong = [text for record in tenant.clients for text in record.wrong] + tenant.consumer.wrong
    yield Finding("answers that the contract does not allow", wrong, sum(it.answers for it in tenant.clients))
    with Api(url, tenant.key) as api:
        log = Log(api, tenant.consumer)
        yield from check_writes(log, tenant.clients)
        yield Finding(DISORDER, log.disorder, log.events)
        yield Finding("events that a consumer missed or saw twice", log.missed + log.beyond, log.events)
        yield from check_documents(api, log)
    yield from check_credits(url, [*(it.credits for it in tenant.clients), tenant.consumer.credits], crashes)


def check_copy(url: str, tenants: Sequence[Tenant]) -> list[Finding]:
    """Return the findings of a restored copy. `tenants` are snapshots from before the dump began.

    The copy may have later writes, too, but only events that the original had, from the first one without a gap.
    """
    findings: list[Finding] = []
    for tenant in tenants:
        with Api(url, tenant.key) as api:
            log = Log(api, tenant.consumer)
            findings += [it for it in check_writes(log, tenant.clients) if it.what != NOBODY_CAUSED]
            findings.append(Finding("events that the original did not have", log.missed, log.events))
            findings.append(Finding(DISORDER, log.disorder, log.events))
            findings += check_documents(api, log)
    return merged(findings)


def check_commands(env: dict[str, str], program: Sequence[str] = COMMAND) -> list[Finding]:
    """Run the commands that verify the logs and the projections, side by side."""
    with ThreadPoolExecutor(len(COMMANDS)) as threads:
        return list(threads.map(lambda command: _check_command(command, env, program), COMMANDS))


def _check_command(command: Sequence[str], env: dict[str, str], program: Sequence[str]) -> Finding:
    """Run a command that verifies the logs or the projections."""
    done = run_command([*program, *command], env, _MAX_COMMAND_SECONDS)
    wrong = [] if done.returncode == 0 else [(done.stdout + done.stderr).strip()[-500:]]
    return Finding(f"smartdhandha {' '.join(command)}", wrong, 1)
