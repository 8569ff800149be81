"""Executes the command of a form whose key or budget nobody has changed since the form was opened.

The service itself records thresholds in the log of a key. They change nothing that the form shows.
"""

from __future__ import annotations

from api.console.commands import CommandPage
from api.http.request import Request
from api.ports.overview import Overview
from commands.accounts.api_key import UpdateKey
from commands.accounts.budget import SetBudget
from commands.command import Retry
from domain.accounts.thresholds import is_threshold
from domain.errors import StaleVersion

_MAX_EVENTS = 20
"""So many events since the form was opened are looked at. More are a change."""


def execute_on_seen(
    page: CommandPage, overview: Overview, req: Request, command: UpdateKey | SetBudget, retry: Retry, version: int
) -> None:
    """Execute a command on what the form showed at `version`. Raises StaleVersion if somebody has changed it since."""
    try:
        page.execute(req, command, retry, version)
    except StaleVersion as stale:
        if not _are_thresholds(overview, req.context.signed_in_member.org_id, command.id, version):
            raise
        page.execute(req, command, retry, stale.current)


def _are_thresholds(overview: Overview, org_id: str, id: str, version: int) -> bool:
    """Return whether all events after `version` are thresholds that the service has recorded."""
    steps = overview.get_history(org_id, id, None, _MAX_EVENTS).steps
    since = [step.record.name for step in steps if step.record.originator_version > version]
    return len(since) < _MAX_EVENTS and all(map(is_threshold, since))
