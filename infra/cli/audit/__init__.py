"""`smartdhandha audit`: shows the history of one object; prints, verifies, seals, exports and imports whole logs;
lists security events."""

from __future__ import annotations

import click

from infra.cli.audit.export import export_command, import_command
from infra.cli.audit.history import diff_command, history_command, replay_command, show_command
from infra.cli.audit.log import log_command
from infra.cli.audit.report import report_command
from infra.cli.audit.security import security_command
from infra.cli.audit.verify import seal_command, verify_command


@click.group("audit")
def audit_group() -> None:
    """The log as evidence: who did what and when, and proof that nothing was altered."""


for command in (
    history_command,
    show_command,
    replay_command,
    diff_command,
    log_command,
    report_command,
    security_command,
    verify_command,
    seal_command,
    export_command,
    import_command,
):
    audit_group.add_command(command)
