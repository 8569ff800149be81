"""The page `/settings/organization`: the organization's name, its time zone, and its series of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from api.console.settings.logo import picture_of
from api.console.settings.organization_form import OrganizationForm, today_of
from api.console.settings.profile import facts_of
from api.http.request import Request
from api.pages.translation import marked
from api.ports.organization import OrganizationSettings
from commands.fields.organization import MAX_NAME
from domain.accounts.series import MAX_PREFIX, last_serial
from domain.accounts.zones import known_time_zones
from domain.calendar import financial_year


class OrganizationPage(OrganizationForm):
    """`GET` shows the settings to all, and to owners and admins in a form. It also shows the profile."""

    managers_only: ClassVar[bool] = False
    template: ClassVar[str] = "settings/organization.html"
    labels: ClassVar[Mapping[str, tuple[str, str]]] = {
        "name": ("name", marked("The name")),
        "timeZone": ("timeZone", marked("The time zone")),
        "seriesPrefix": ("seriesPrefix", marked("The prefix")),
    }

    def values(self, settings: OrganizationSettings, today: date) -> dict[str, str]:
        return {"name": settings.name, "time_zone": settings.zones.chosen, "series_prefix": settings.series_prefix}

    def facts(self, req: Request, settings: OrganizationSettings, form: Mapping[str, str]) -> dict[str, Any]:
        member = req.context.signed_in_member
        year = financial_year(today_of(req))
        return {
            "profile": facts_of(settings, shows_payment=member.is_manager),
            "picture": picture_of(settings),
            "is_zone_ahead": settings.zones.chosen != settings.zones.at(member.now),
            "next_number": self._organizations.get_next_number(member.org_id, year),
            "last_serial": last_serial(settings.series_prefix),
            "time_zones": sorted(known_time_zones()),
            "max_name": MAX_NAME,
            "max_prefix": MAX_PREFIX,
        }
