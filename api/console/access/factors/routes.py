"""The routes of the pages for second factors."""

from __future__ import annotations

from typing import Any

from api.console.access.factors.app import AddApp
from api.console.access.factors.base import CONFIRM, PATH
from api.console.access.factors.confirm import Confirm
from api.console.access.factors.last_step import LastStep
from api.console.access.factors.new_codes import NewCodes
from api.console.access.factors.one_factor import OneFactor
from api.console.access.factors.overview import Overview
from api.console.access.factors.passkey import AddPasskey
from api.console.page import LAST_STEP
from api.http.address import ClientOf
from api.http.origin import Origin
from api.pages.factory import PageFactory
from api.pages.responses import JAVASCRIPT
from api.ports.dependencies import Dependencies


def factor_pages(
    pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf
) -> list[tuple[str, Any]]:
    """Return the routes."""
    common = (pages, dependencies.factors, origin, client)
    return [
        (LAST_STEP, LastStep(pages, dependencies.users, dependencies.factors, origin, client)),
        (PATH, Overview(*common)),
        (CONFIRM, Confirm(*common)),
        (f"{PATH}/app", AddApp(*common)),
        (f"{PATH}/passkey", AddPasskey(*common)),
        (f"{PATH}/codes", NewCodes(*common)),
        (f"{PATH}/{{id}}", OneFactor(*common)),
        ("/static/passkeys.js", pages.static_file("passkeys.js", JAVASCRIPT)),
    ]
