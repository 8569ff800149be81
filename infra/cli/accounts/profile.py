"""The profile of an organization on the command line: the options of `org update`, and `org show`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from commands.fields.organization import MAX_ADDRESS, MAX_BANK_LINE, MAX_LEGAL_NAME, parse_field, parse_filed
from domain.accounts.organization import PROFILE
from domain.document import camel
from domain.reading import InvalidValue
from domain.reading.logo import MAX_LOGO_BYTES, MAX_LOGO_SIDE, read_logo
from domain.tax.annual_returns import parse_year
from infra.cli.base import Parsed, checked_option, json_option, session
from infra.cli.output import show
from infra.identity.settings import show_settings

F = TypeVar("F", bound=Callable[..., Any])
_OPTIONS = (
    ("--legal-name", "legal_name", "NAME", f"The name by which it is registered: 1 to {MAX_LEGAL_NAME} characters."),
    ("--trade-name", "trade_name", "NAME", "The name by which customers know it."),
    ("--gstin", "gstin", "GSTIN", "Its GSTIN, which also says the state and the PAN."),
    ("--state", "state_code", "CODE", "The GST code of its state, such as 27, if it has no GSTIN."),
    ("--address", "address", "TEXT", f"Its address, in lines: 1 to {MAX_ADDRESS} characters."),
    ("--email", "email", "ADDRESS", "The e-mail address that documents show."),
    ("--lut", "lut_number", "NUMBER", "The number of the letter of undertaking for exports without payment of tax."),
    ("--upi", "upi_id", "ID", "The UPI id to which clients pay, such as sharma@okhdfcbank."),
    ("--bank", "bank_line", "TEXT", f"Bank, account and IFSC in one line: 1 to {MAX_BANK_LINE} characters."),
)


class Given(Parsed):
    """The type of an option of the profile. The parsed value is refused or passed on as it was typed."""

    def __init__(self, field: str) -> None:
        super().__init__(partial(parse_field, field))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        super().convert(value, param, ctx)
        return value


def profile_options(command: F) -> F:
    """Add the options for the fields of the profile. An empty text takes a value away."""
    for flag, name, metavar, help in reversed(_OPTIONS):
        command = click.option(flag, name, type=Given(name), metavar=metavar, help=help)(command)
    composition = click.option(
        "--composition/--no-composition", default=None, help="Whether it pays tax under the composition scheme."
    )
    return composition(annual_return_option(logo_options(command)))


def annual_return_option(command: F) -> F:
    """Add the option --annual-return. The command gets a day for each financial year, or None without the option."""

    def by_year(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, str] | None:
        return dict(text.split("=", 1) for text in given) or None

    return click.option(
        "--annual-return",
        "annual_returns",
        type=Parsed(parse_annual_return),
        metavar="YEAR=DAY",
        multiple=True,
        callback=by_year,
        help="The day on which the annual return of a financial year was filed, such as 2024-25=2025-10-20.",
    )(command)


def parse_annual_return(text: str) -> str:
    """Return a financial year with the day on which its return was filed. An empty day takes it away."""
    year, separator, day = text.partition("=")
    if not separator:
        raise InvalidValue("must be a financial year and a day, such as 2024-25=2025-10-20")
    parse_year(year)
    if day:
        parse_filed(year, day)
    return text


def logo_options(command: F) -> F:
    """Add the options --logo and --no-logo. The command gets the picture as a PNG, or None for no logo."""

    def read(context: click.Context, parameter: click.Parameter, path: Path | None) -> bytes | None:
        if path is None:
            return None
        with checked_option("--logo"), path.open("rb") as file:
            return read_logo(file.read(MAX_LOGO_BYTES + 1))

    file = click.Path(path_type=Path, exists=True, dir_okay=False)
    help = f"A PNG file of at most {MAX_LOGO_BYTES // 1024} KB and {MAX_LOGO_SIDE} × {MAX_LOGO_SIDE} pixels."
    command = click.option("--no-logo", is_flag=True, help="Take the logo away.")(command)
    return click.option("--logo", type=file, metavar="FILE", callback=read, help=help)(command)


@click.command("show")
@click.argument("org_id", metavar="ID")
@json_option
def org_show(org_id: str, json_output: bool) -> None:
    """Show the settings of an organization, with its whole profile.

    \b
    Example: smartdhandha org show org_01J…
    """
    with session() as (conn, _):
        settings = show_settings(conn, org_id)
    profile = {camel(name): getattr(settings.changed, name, None) for name in PROFILE}
    facts = {
        "id": settings.id,
        "name": settings.name,
        "timeZone": settings.zones.chosen,
        "seriesPrefix": settings.series_prefix,
        **profile,
        "version": settings.version,
    }
    width = max(map(len, facts))
    show(facts, json_output, [f"{name:{width}}  {_text(value)}" for name, value in facts.items()])


def _text(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {each}" for name, each in value.items())
    return "–" if value is None else str(value).replace("\n", ", ")
