"""`smartdhandha audit`: shows the history of one object; prints, verifies, seals, exports and imports whole logs;
proves single events; lists security events."""

from __future__ import annotations

import click

from infra.cli import LazyGroup

_PLACES = {
    "history": "infra.cli.audit.history:history_command",
    "show": "infra.cli.audit.history:show_command",
    "replay": "infra.cli.audit.history:replay_command",
    "diff": "infra.cli.audit.history:diff_command",
    "log": "infra.cli.audit.log:log_command",
    "report": "infra.cli.audit.report:report_command",
    "security": "infra.cli.audit.security:security_command",
    "verify": "infra.cli.audit.verify:verify_command",
    "seal": "infra.cli.audit.seal:seal_command",
    "export": "infra.cli.audit.export:export_command",
    "import": "infra.cli.audit.export:import_command",
    "prove": "infra.cli.audit.prove:prove_command",
    "check": "infra.cli.audit.check:check_command",
    "checkpoint": "infra.cli.audit.prove:checkpoint_command",
    "consistency": "infra.cli.audit.consistency:consistency_command",
    "keys": "infra.cli.audit.log_keys:keys_command",
    "rotate-key": "infra.cli.audit.log_keys:rotate_key_command",
}
"""Where each command is, by its name. A command is imported when it is called: `check` needs no database."""


@click.group("audit", cls=LazyGroup, places=_PLACES)
def audit_group() -> None:
    """The log as evidence: who did what and when, and proof that nothing was altered."""
