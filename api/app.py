"""Every route on one screen."""

from __future__ import annotations

from typing import Any

import falcon

from api.account import Me, Usage
from api.authentication import Authentication
from api.bill import bills
from api.dependencies import Dependencies
from api.envelope import RefusedBodies
from api.errors import add_error_handlers
from api.events import Events
from api.health import Healthz, Readyz
from api.invoice import invoices
from api.leave import leaves
from api.observation import Observation

BASE = "/api/v1"


def create_app(dependencies: Dependencies) -> falcon.App[Any, Any]:
    """The WSGI application; it reads no environment and opens nothing."""

    def origin(req: falcon.Request) -> str:
        return dependencies.public_url or req.prefix

    outermost = [Observation(dependencies.observers)] if dependencies.observers else []
    app: falcon.App[Any, Any] = falcon.App(middleware=[*outermost, Authentication(dependencies.gate), RefusedBodies()])
    app.req_options.strip_url_path_trailing_slash = True
    app.req_options.keep_blank_qs_values = True
    add_error_handlers(app, origin)

    modules = {"invoices": invoices, "bills": bills, "leaves": leaves}
    for name, module in modules.items():  # "", "/{id}", "/{id}/events" and, where it is paid, "/{id}/payments"
        for path, resource in module(dependencies, origin).routes.items():
            app.add_route(f"{BASE}/{name}{path}", resource)
    app.add_route(f"{BASE}/events", Events(dependencies, origin))
    app.add_route(f"{BASE}/me", Me(dependencies))
    app.add_route(f"{BASE}/usage", Usage(dependencies))

    app.add_route("/healthz", Healthz())
    app.add_route("/readyz", Readyz(dependencies))
    return app
