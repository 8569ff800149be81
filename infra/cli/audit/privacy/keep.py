"""`smartdhandha privacy keep`: for how long an organization keeps its records."""

from __future__ import annotations

import click

from domain.accounts.security_event import SecurityEventKind
from domain.privacy.retention import DOCUMENTS, LEAVES, MOST_YEARS, PROCESSING, RULES, Choice
from infra.audit.privacy.holdings import get_choice, store_choice
from infra.cli.audit.privacy.person import get_state
from infra.cli.base import database_option, json_option, session
from infra.cli.output import show
from infra.identity.security_events import operator_transaction


@click.command("keep")
@click.option("--org", "org_id", metavar="ID", required=True, help="The organization.")
@click.option(
    "--document-years",
    type=click.IntRange(RULES[DOCUMENTS].least, MOST_YEARS),
    help="For how many financial years documents that were sent or opened are kept: at least those of the law.",
)
@click.option(
    "--leave-years", type=click.IntRange(RULES[LEAVES].least, MOST_YEARS), help="For how many years leaves are kept."
)
@database_option
@json_option
def keep_command(org_id: str, document_years: int | None, leave_years: int | None, json_output: bool) -> None:
    """Show for how long records are kept, with the source of each rule; change it with the options.

    \b
    Example: smartdhandha privacy keep --org org_01J… --document-years 10 --leave-years 1
    """
    with session() as (conn, _):
        get_state(conn, org_id)
        before = get_choice(conn, org_id)
        choice = Choice(
            before.document_years if document_years is None else document_years,
            before.leave_years if leave_years is None else leave_years,
        )
        if choice != before:
            with operator_transaction(conn) as record:
                store_choice(conn, org_id, choice)
                years = {"documentYears": choice.document_years, "leaveYears": choice.leave_years}
                record(SecurityEventKind.RETENTION_CHANGED, org_id, None, **years)
    chosen = {DOCUMENTS: choice.document_years, LEAVES: choice.leave_years, PROCESSING: None}
    rules = [
        {"rule": name, **rule._asdict(), "years": rule.years if chosen[name] is None else chosen[name]}
        for name, rule in RULES.items()
    ]
    lines = [
        f"{rule['records']}: {rule['years']} years after {rule['begins']} ({rule['source']}"
        + ("" if rule["since"] is None else f", since {rule['since']}")
        + ")"
        for rule in rules
    ]
    show(rules, json_output, lines)
