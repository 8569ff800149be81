"""The command line. Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import sys

import click

from infra.cli.audit import audit_group
from infra.cli.db import db_group
from infra.cli.errors import reported_errors
from infra.cli.key import key_group
from infra.cli.org import org_group
from infra.cli.projections import projections
from infra.cli.serve import serve_command
from infra.cli.user import user_group
from infra.cli.worker import worker_command


def main() -> None:
    """Run the command line. An expected error ends it with one message on standard error (see errors.py)."""
    with reported_errors():
        sys.exit(cli.main(standalone_mode=False))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """SmartDhandha API: invoices, bills and leaves over REST, stored as events."""


for command in (
    serve_command,
    worker_command,
    db_group,
    projections,
    audit_group,
    org_group,
    key_group,
    user_group,
):
    cli.add_command(command)
