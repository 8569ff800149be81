"""Every route on one screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import falcon

from api.account import Me, Usage
from api.assistant.page import assistant_routes
from api.assistant.resource import Assistant
from api.assistant.service import AssistantService
from api.bill import bills
from api.console.errors import failure_writer
from api.console.routes import console_routes
from api.console.session import SessionMiddleware
from api.docs.guide_pages import guide_routes
from api.docs.landing import landing_routes
from api.docs.machines import machine_routes
from api.docs.reference import reference_routes
from api.events import Events
from api.health import Healthz, Readyz
from api.http.answers import RefusedBodies
from api.http.authentication import Authentication
from api.http.errors import add_error_handlers
from api.http.observation import Observation
from api.http.origin import Origin, origin_of
from api.invoice import invoices
from api.leave import leaves
from api.openapi import OpenApi
from api.openapi.document import document
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies

BASE = "/api/v1"


Route = tuple[str, Any]
"""A path template, and the resource that answers there."""


def api_routes(dependencies: Dependencies, origin: Origin) -> list[Route]:
    """The routes of the API: what is served, and what its OpenAPI document describes."""
    modules = {"invoices": invoices, "bills": bills, "leaves": leaves}
    routes: list[Route] = []
    for name, module in modules.items():  # "", "/{id}", "/{id}/events" and, where it is paid, "/{id}/payments"
        routes += ((f"{BASE}/{name}{path}", each) for path, each in module(dependencies, origin).routes.items())
    routes += [
        (f"{BASE}/events", Events(dependencies, origin)),
        (f"{BASE}/me", Me(dependencies)),
        (f"{BASE}/usage", Usage(dependencies)),
    ]
    service = assistant_service(dependencies, routes)
    routes += [
        (f"{BASE}/openapi.json", OpenApi(routes, BASE, dependencies.public_url)),
        (f"{BASE}/assistant", Assistant(dependencies.assistant, service, origin)),
    ]
    return routes


def assistant_service(dependencies: Dependencies, described: list[Route]) -> AssistantService:
    """The assistant, which knows the routes that are described."""
    return AssistantService(dependencies.assistant, lambda: document(described, BASE, ""), BASE)


def page_routes(pages: PageFactory, dependencies: Dependencies, described: Sequence[Route]) -> list[Route]:
    """What is for people, browsers and machines around the API; `described` are the API's own routes."""
    origin = _origin(dependencies)
    return [
        ("/healthz", Healthz()),
        ("/readyz", Readyz(dependencies)),
        *reference_routes(pages, dependencies.reference_script, dependencies.public_url),
        *guide_routes(pages, origin),
        *machine_routes(pages, lambda at: document(described, BASE, at), origin),
        *assistant_routes(pages, dependencies.assistant, assistant_service(dependencies, list(described)), origin),
        *landing_routes(pages, origin),
        *console_routes(pages, dependencies, origin),
    ]


def create_app(dependencies: Dependencies) -> falcon.App[Any, Any]:
    """The WSGI application; it reads no environment and opens nothing."""
    origin, pages = _origin(dependencies), PageFactory(reload=dependencies.reload_pages)
    outermost = [Observation(dependencies.observers)] if dependencies.observers else []
    middleware: list[Any] = [
        Authentication(dependencies.admission_control),
        SessionMiddleware(dependencies.users, origin),
        RefusedBodies(),
    ]
    app: falcon.App[Any, Any] = falcon.App(middleware=[*outermost, *middleware])
    app.req_options.strip_url_path_trailing_slash = True
    app.req_options.keep_blank_qs_values = True
    add_error_handlers(app, origin, failure_writer(pages, dependencies.users))

    routes = api_routes(dependencies, origin)
    for path, resource in [*routes, *page_routes(pages, dependencies, routes)]:
        app.add_route(path, resource)
    return app


def _origin(dependencies: Dependencies) -> Origin:
    return lambda req: dependencies.public_url or origin_of(req)
