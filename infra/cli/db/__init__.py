"""`smartdhandha db`: the database's schema, its distribution over machines, and documents that have the same number."""

from __future__ import annotations

import click

from infra.cli.db.clashes import clashes_command
from infra.cli.db.distribution import distribute_command, isolate_command
from infra.cli.db.schema import letters_command, migrate_command, status_command


@click.group("db")
def db_group() -> None:
    """The schema of the database, its distribution over machines, and documents that have the same number."""


for command in (migrate_command, status_command, letters_command, clashes_command, distribute_command, isolate_command):
    db_group.add_command(command)
