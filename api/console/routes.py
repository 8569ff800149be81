"""The list of the console's routes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from api.account.webhooks.testing import Samples
from api.advice.credentials import BUDGET_PAGE
from api.console.access.factors.routes import factor_pages
from api.console.access.forgot import ForgotPassword
from api.console.access.login import Login, Logout, SetPassword
from api.console.access.profile.routes import profile_pages
from api.console.access.setup.page import SetupPage
from api.console.access.setup.sign_up import PATH as SIGN_UP
from api.console.access.setup.sign_up import ConfirmedSignUp, SignUp
from api.console.access.switches import SwitchLanguage, SwitchMode, SwitchOrganization
from api.console.activity.activity_page import Activity, Verify
from api.console.activity.edit_log.page import PATH as EDIT_LOG
from api.console.activity.edit_log.page import EditLogPage
from api.console.activity.history_page import ObjectHistory
from api.console.home import Home
from api.console.keys.base import PATH
from api.console.keys.budget import BudgetPage
from api.console.keys.edit_key import EditKeyPage
from api.console.keys.key_list import KeyList, Settings
from api.console.keys.key_page import KeyPage
from api.console.keys.new_key import NewKey
from api.console.keys.request_filters import REQUESTS
from api.console.keys.requests_page import RequestsPage
from api.console.keys.revoke_key import RevokeKeyPage
from api.console.keys.rotate_key import RotateKeyPage
from api.console.keys.try_key import TryKeyPage
from api.console.objects.find_page import GuideSearch
from api.console.objects.routes import object_pages
from api.console.people.routes import people_pages
from api.console.settings.data import PATH as DATA
from api.console.settings.data import DataPage
from api.console.settings.logo import LOGO, PICTURE, LogoPage, LogoPicture
from api.console.settings.organization import OrganizationPage
from api.console.settings.organization_form import PATH as ORGANIZATION
from api.console.settings.privacy.page import PATH as PRIVACY
from api.console.settings.privacy.page import PrivacyPage
from api.console.settings.profile import PAYMENT, PROFILE, PaymentPage, ProfilePage
from api.console.settings.security.security_page import PATH as SECURITY
from api.console.settings.security.security_page import SecurityEvents
from api.console.webhooks.routes import webhook_pages
from api.http.address import ClientOf, seen_address
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.pages.responses import CSS, JAVASCRIPT
from api.ports.dependencies import Dependencies
from api.resource_type import ResourceType


def console_routes(
    pages: PageFactory,
    dependencies: Dependencies,
    origin: Origin,
    client: ClientOf,
    resource_types: Sequence[ResourceType],
    samples: Samples,
    guides: GuideSearch,
) -> list[tuple[str, Any]]:
    """Return the routes of all pages of the console. They are not part of the API.

    Tests of webhooks post one of the `samples`, and the console's search looks into `guides`, too.
    """
    users, overview = dependencies.users, dependencies.overview
    key_commands = (pages, dependencies, origin, client, resource_types)
    return [
        ("/login", Login(pages, dependencies, origin, client)),
        ("/logout", Logout(pages, users, origin, client)),
        ("/forgot", ForgotPassword(pages, dependencies.mails, client)),
        ("/password/{token}", SetPassword(pages, users, origin, client)),
        ("/setup", SetupPage(pages, dependencies, origin, client)),
        (SIGN_UP, SignUp(pages, dependencies, client)),
        (f"{SIGN_UP}/{{token}}", ConfirmedSignUp(pages, dependencies, origin, client)),
        ("/mode", SwitchMode(pages, users, origin)),
        ("/organization", SwitchOrganization(pages, users, origin)),
        ("/language", SwitchLanguage(pages, users, origin)),
        ("/home", Home(pages, overview, users, dependencies.webhook_reads, dependencies.key_reads)),
        ("/activity", Activity(pages, overview, users)),
        ("/activity/verify", Verify(pages, overview)),
        (EDIT_LOG, EditLogPage(pages, dependencies, origin, client)),
        ("/activity/{id}", ObjectHistory(pages, overview, users)),
        *object_pages(pages, dependencies, origin, client, guides),
        ("/settings", Settings(pages)),
        (ORGANIZATION, OrganizationPage(pages, dependencies, client)),
        (PROFILE, ProfilePage(pages, dependencies, client)),
        (PAYMENT, PaymentPage(pages, dependencies, client)),
        (LOGO, LogoPage(pages, dependencies, client)),
        (PICTURE, LogoPicture(pages, dependencies.organizations)),
        (DATA, DataPage(pages, dependencies, origin, client)),
        (PRIVACY, PrivacyPage(pages, dependencies, origin, client)),
        (PATH, KeyList(pages, dependencies.key_reads)),
        (f"{PATH}/new", NewKey(*key_commands)),
        (REQUESTS, RequestsPage(pages, dependencies.key_reads)),
        (BUDGET_PAGE, BudgetPage(pages, dependencies, client)),
        (
            f"{PATH}/test",
            TryKeyPage(pages, dependencies, origin, partial(seen_address, header=dependencies.address_header)),
        ),
        (f"{PATH}/keys/{{id}}", KeyPage(pages, dependencies)),
        (f"{PATH}/keys/{{id}}/edit", EditKeyPage(*key_commands)),
        (f"{PATH}/keys/{{id}}/rotate", RotateKeyPage(*key_commands)),
        (f"{PATH}/keys/{{id}}/revoke", RevokeKeyPage(*key_commands)),
        *people_pages(pages, dependencies, origin, client),
        *profile_pages(pages, dependencies, origin, client),
        (SECURITY, SecurityEvents(pages, dependencies)),
        *webhook_pages(pages, dependencies, client, samples),
        *factor_pages(pages, dependencies, origin, client),
        ("/static/console.css", pages.static_file("console.css", CSS)),
        ("/static/overview.css", pages.static_file("overview.css", CSS)),
        ("/static/console.js", pages.static_file("console.js", JAVASCRIPT)),
    ]
