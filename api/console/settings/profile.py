"""The pages with the profile of the organization: what its documents say of it, and to whom clients pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple

from api.console.settings.organization_form import PATH, OrganizationForm, today_of
from api.http.request import Request
from api.pages.formats import format_day
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.organization import OrganizationSettings
from commands.fields.organization import MAX_ADDRESS, MAX_BANK_LINE, MAX_LEGAL_NAME, MAX_LUT, MAX_UPI
from domain.calendar import financial_year, financial_year_label
from domain.document import camel
from domain.reading.mail_address import MAX_LENGTH
from domain.tax.annual_returns import FIRST_YEAR, LAST_YEAR, NONE_FILED, Filings
from domain.tax.states import OVERSEAS, PRESENT, state_name

PROFILE, PAYMENT = f"{PATH}/profile", f"{PATH}/payment"
YES = "yes"
ANNUAL_RETURN = "annual_return_"
"""The name of a field with the day of an annual return, before the name of its financial year."""
YEARS_OFFERED = 3
"""The form asks for the annual returns of so many financial years, the last that have ended."""


class Field(NamedTuple):
    """A field of the profile: how a form shows it, and what sentences and lists call it."""

    name: str
    """The attribute of the command."""
    label: str
    subject: str
    """What sentences call it: "The address"."""
    widget: str = "text"
    """`text`, `area` for several lines, `state` for a list of states, `date`, or `box` for yes or no."""
    max_length: int = 0
    hint: str = ""
    autocomplete: str = "off"


PUBLIC_FIELDS = (
    Field(
        "legal_name",
        marked("Registered name"),
        marked("The registered name"),
        max_length=MAX_LEGAL_NAME,
        hint=marked("As it is on the GST certificate. Without it, documents have the name of the organization."),
        autocomplete="organization",
    ),
    Field("trade_name", marked("Trade name"), marked("The trade name"), max_length=MAX_LEGAL_NAME),
    Field(
        "address",
        marked("Address"),
        marked("The address"),
        "area",
        MAX_ADDRESS,
        autocomplete="street-address",
    ),
    Field(
        "state_code",
        marked("State or union territory"),
        marked("The state"),
        "state",
        hint=marked("With a GSTIN, it is the state of the GSTIN."),
    ),
    Field("email", marked("E-mail address"), marked("The e-mail address"), max_length=MAX_LENGTH, autocomplete="email"),
    Field(
        "lut_number",
        marked("LUT number"),
        marked("The LUT number"),
        max_length=MAX_LUT,
        hint=marked("Of the letter of undertaking under which you export without payment of tax."),
    ),
    Field(
        "composition",
        marked("Composition scheme"),
        marked("The composition scheme"),
        "box",
        hint=marked("You pay tax under the composition scheme, so you issue bills of supply without tax."),
    ),
)
PAYMENT_FIELDS = (
    Field(
        "gstin",
        marked("GSTIN"),
        marked("The GSTIN"),
        max_length=20,
        hint=marked("It decides which tax documents have. It also says the state and the PAN."),
    ),
    Field(
        "upi_id",
        marked("UPI id"),
        marked("The UPI id"),
        max_length=MAX_UPI,
        hint=marked("Clients pay to it, such as sharma@okhdfcbank."),
    ),
    Field(
        "bank_line",
        marked("Bank account"),
        marked("The bank account"),
        max_length=MAX_BANK_LINE,
        hint=marked("Bank, account number and IFSC in one line."),
    ),
)


class Fact(NamedTuple):
    """A value of the profile that is known, as a page shows it."""

    label: str
    value: str


class ProfilePage(OrganizationForm):
    """The form with what documents say of the organization."""

    template: ClassVar[str] = "settings/profile.html"
    fields: ClassVar[Sequence[Field]] = PUBLIC_FIELDS
    title: ClassVar[str] = marked("Settings → Organization → Profile")
    lead: ClassVar[str] = marked("What invoices and other documents say of the organization. All of it is optional.")
    labels: ClassVar[Mapping[str, tuple[str, str]]] = {
        camel(field.name): (field.name, field.subject) for field in PUBLIC_FIELDS
    } | {
        f"annualReturns.{year}": (ANNUAL_RETURN + year, marked("The day of the annual return"))
        for year in map(financial_year_label, range(FIRST_YEAR, LAST_YEAR + 1))
    }

    def fields_of(self, settings: OrganizationSettings, today: date) -> Sequence[Field]:
        """Return the fields of the form on this day."""
        return (*self.fields, *_annual_returns(settings, today))

    def values(self, settings: OrganizationSettings, today: date) -> dict[str, str]:
        return {field.name: _text(settings, field) for field in self.fields_of(settings, today)}

    def parsed(self, changes: Mapping[str, str]) -> dict[str, Any]:
        filed = {name: value for name, value in changes.items() if name.startswith(ANNUAL_RETURN)}
        others = {name: value for name, value in changes.items() if name not in filed}
        parsed = {name: value == YES if name == "composition" else value for name, value in others.items()}
        returns = {name.removeprefix(ANNUAL_RETURN): day for name, day in filed.items()}
        return parsed | ({"annual_returns": returns} if returns else {})

    def facts(self, req: Request, settings: OrganizationSettings, form: Mapping[str, str]) -> dict[str, Any]:
        return {
            "title": _(self.title),
            "lead": _(self.lead),
            "fields": self.fields_of(settings, today_of(req)),
            "states": [(state.code, state.name) for state in PRESENT.values() if state.code != OVERSEAS],
        }


class PaymentPage(ProfilePage):
    """The form with the GSTIN, and with what leads payments. It needs the password or a second factor before."""

    needs_proof: ClassVar[bool] = True
    fields: ClassVar[Sequence[Field]] = PAYMENT_FIELDS
    title: ClassVar[str] = marked("Settings → Organization → GSTIN and payment")
    lead: ClassVar[str] = marked(
        "Owners and admins see a change of these on Home for a week, so that nobody leads payments elsewhere unnoticed."
    )
    labels: ClassVar[Mapping[str, tuple[str, str]]] = {
        camel(field.name): (field.name, field.subject) for field in (*PAYMENT_FIELDS, *PUBLIC_FIELDS)
    }

    def fields_of(self, settings: OrganizationSettings, today: date) -> Sequence[Field]:
        return self.fields


def facts_of(settings: OrganizationSettings, *, shows_payment: bool) -> list[Fact]:
    """Return what is known of the profile. Only with `shows_payment`, UPI id and bank account are among it."""
    gstin, *payment = PAYMENT_FIELDS
    fields = (*PUBLIC_FIELDS[:3], gstin, *PUBLIC_FIELDS[3:], *(payment if shows_payment else ()))
    facts = [Fact(_(field.label), _shown(text, field)) for field in fields if (text := _text(settings, field))]
    filed = _filed(settings).items()
    return facts + [Fact(_("Annual return of %(year)s, filed on", year=year), format_day(day)) for year, day in filed]


def _filed(settings: OrganizationSettings) -> Filings:
    """Return the annual returns of the organization."""
    return (settings.changed and settings.changed.annual_returns) or NONE_FILED


def _annual_returns(settings: OrganizationSettings, today: date) -> list[Field]:
    """Return a field for each financial year whose annual return can be entered; none without a GSTIN."""
    filed, this_year = _filed(settings), financial_year(today)
    if not filed and not (settings.changed and settings.changed.gstin):
        return []
    ended = map(financial_year_label, range(max(FIRST_YEAR, this_year - YEARS_OFFERED), this_year))
    years = sorted({*ended, *filed}, reverse=True)
    return [_annual_return(year, is_first=year == years[0]) for year in years]


def _annual_return(year: str, *, is_first: bool) -> Field:
    hint = marked(
        "After this day, a credit note no longer lowers the tax of what was invoiced in that year. Without it, that is "
        "so after 30 November following the year."
    )
    label = _("Annual return of %(year)s, filed on", year=year)
    return Field(f"{ANNUAL_RETURN}{year}", label, "", "date", hint=hint if is_first else "")


def _text(settings: OrganizationSettings, field: Field) -> str:
    """Return the value of a field, as a form has it."""
    if field.widget == "date":
        day = _filed(settings).get(field.name.removeprefix(ANNUAL_RETURN))
        return "" if day is None else day.isoformat()
    value = getattr(settings.changed, field.name, None)
    return (YES if value else "") if field.widget == "box" else value or ""


def _shown(text: str, field: Field) -> str:
    if field.widget == "state":
        return f"{state_name(text)} ({text})"
    return _("yes") if field.widget == "box" else text.replace("\n", ", ")
