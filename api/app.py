"""The list of all routes, and the WSGI application that serves them."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import falcon

from api.account import Me, Usage
from api.account.keys.leaks import leak_routes
from api.account.keys.routes import key_routes
from api.account.organization import OwnOrganization
from api.account.requests import Requests
from api.account.webhooks.routes import webhook_routes
from api.assistant.knowledge.library import Library
from api.assistant.page import assistant_routes
from api.assistant.rate_limit import check_rate_limit
from api.assistant.resource import Assistant
from api.assistant.service import AssistantService
from api.bill import BILLS
from api.console.access.session import SessionMiddleware
from api.console.errors import failure_writer
from api.console.routes import console_routes
from api.docs.guide_pages import INDEX, guide_routes, redirect_to_guide
from api.docs.guides import guide_sources, guides
from api.docs.landing.page import landing_routes
from api.docs.landing.run import Visit
from api.docs.machine_readable import machine_readable_routes
from api.docs.reference.pages import operation_groups
from api.docs.reference.routes import reference_routes
from api.docs.service_pages import service_routes
from api.events import Events
from api.events.proofs import LOG_KEYS, Checkpoint, LogKeys, Proof
from api.http.address import Address, ProxyDetection, address_of, client_of, seen_address
from api.http.authentication import Authentication
from api.http.errors.handlers import add_error_handlers
from api.http.observation import Observation
from api.http.origin import Origin, origin_of
from api.http.request import Request, RequestMiddleware
from api.invoice import INVOICES
from api.leave import LEAVES
from api.mcp.arguments import ApiRequest
from api.mcp.calls import ApiResponse, WsgiApp, send
from api.mcp.routes import mcp_routes
from api.notes.credit_note import CREDIT_NOTES
from api.notes.debit_note import DEBIT_NOTES
from api.notes.vendor_credit import VENDOR_CREDITS
from api.openapi.document import openapi_document
from api.openapi.examples.events import event_samples
from api.openapi.resource import OpenApi
from api.openapi.tags import tag_descriptions
from api.pages.factory import PageFactory
from api.pages.frame import frame_routes
from api.parties.employee import EMPLOYEES
from api.parties.party import PARTIES
from api.ports.dependencies import Dependencies
from api.resources import BASE, Route, routes_of
from api.samples.placeholders import daily, today
from api.search.entries import all_entries
from api.search.index import Index
from api.search.page import search_routes
from api.service.cors import Cors
from api.service.health import Healthz, Readyz
from api.service.mode import TestClock, TestReset

RESOURCE_TYPES = (
    INVOICES,
    BILLS,
    LEAVES,
    PARTIES,
    EMPLOYEES,
    CREDIT_NOTES,
    DEBIT_NOTES,
    VENDOR_CREDITS,
)
"""All kinds of object that the API serves."""
_event_samples = daily(lambda: event_samples(today()))


def all_routes(
    dependencies: Dependencies, origin: Origin, pages: PageFactory, app: WsgiApp, authentication: Authentication
) -> list[Route]:
    """Return all routes: those of the API (see the OpenAPI document), the one for AI clients, and those of the pages.

    `app` is the application that will have these routes.
    """
    address = partial(address_of, header=dependencies.address_header)
    client = partial(client_of, header=dependencies.address_header)
    api_routes: list[Route] = [
        *(route for type_ in RESOURCE_TYPES for route in routes_of(type_, dependencies, origin)),
        *webhook_routes(dependencies, origin, client, _event_samples),
        *key_routes(dependencies, origin, client),
        (f"{BASE}/events", Events(dependencies, origin)),
        (f"{BASE}/events/{{eventId}}/proof", Proof(dependencies)),
        (f"{BASE}/checkpoint", Checkpoint(dependencies)),
        (f"{BASE}/me", Me(dependencies)),
        (f"{BASE}/organization", OwnOrganization(dependencies)),
        (f"{BASE}/usage", Usage(dependencies)),
        (f"{BASE}/test/clock", TestClock(dependencies)),
        (f"{BASE}/test/reset", TestReset(dependencies, client)),
        (f"{BASE}/requests", Requests(dependencies, origin)),
    ]
    # The OpenAPI document also describes itself and the assistant. Their classes are enough to describe them.
    openapi_routes = (*api_routes, (f"{BASE}/openapi.json", OpenApi), (f"{BASE}/assistant", Assistant))
    build_document = partial(openapi_document, openapi_routes, BASE)
    operations = [each for _, resource in openapi_routes for each in resource.operations.values()]
    tags = tag_descriptions(operations)
    assistant = AssistantService(
        dependencies.assistant,
        lambda: Library(build_document(""), guide_sources(), BASE, RESOURCE_TYPES),
    )
    index = cache(lambda: Index(all_entries(guides(origin=""), build_document(""))))
    return [
        *api_routes,
        (f"{BASE}/openapi.json", OpenApi(lambda: build_document(dependencies.public_url or ""), origin)),
        (f"{BASE}/assistant", Assistant(dependencies.assistant, assistant, origin, address)),
        *leak_routes(dependencies.leak_reports, dependencies.command_bus, client, f"{BASE}/leaks/github"),
        *mcp_routes(app, authentication, dependencies, origin, build_document),
        (LOG_KEYS, LogKeys(dependencies)),
        ("/healthz", Healthz()),
        ("/readyz", Readyz(dependencies)),
        *service_routes(pages, dependencies.health, origin, dependencies.contact),
        *reference_routes(
            pages,
            dependencies.reference_script,
            dependencies.public_url,
            daily(lambda: operation_groups(build_document(""), BASE, operations)),
            [operation.id for operation in operations],
            origin,
        ),
        *guide_routes(pages, origin),
        *search_routes(pages, index),
        *machine_readable_routes(pages, build_document, origin, tags),
        *assistant_routes(pages, dependencies.assistant, assistant, origin, address),
        *landing_routes(pages, origin, build_document, _visit(app, dependencies, address), dependencies.setup),
        *frame_routes(pages),
        *console_routes(
            pages,
            dependencies,
            origin,
            client,
            RESOURCE_TYPES,
            _event_samples,
            lambda text, limit: index().search(text, limit),
        ),
    ]


def _visit(app: WsgiApp, dependencies: Dependencies, address: Address) -> Visit | None:
    """Return what runs a request of a visitor of the start page with the key of the sandbox; None without a sandbox."""
    key = dependencies.sandbox_key
    if key is None:
        return None

    def visit(req: Request, path: str, query: str) -> ApiResponse:
        check_rate_limit(req, dependencies.assistant, address)
        headers = {"authorization": f"Bearer {key}"}
        return send(app, req.env, req.context.request_id, ApiRequest("GET", path, query, headers, None, None))

    return visit


def create_app(dependencies: Dependencies) -> falcon.App[Any, Any]:
    """Return the WSGI application. This function reads no environment variable, file or connection."""

    def origin(req: falcon.Request) -> str:
        return dependencies.public_url or origin_of(req)

    pages = PageFactory(reload=dependencies.reload_pages, contact=dependencies.contact)
    outermost: list[Any] = [Observation(dependencies.observers)] if dependencies.observers else []
    if dependencies.address_header is None:
        outermost.append(ProxyDetection())
    address = partial(seen_address, header=dependencies.address_header)
    authentication = Authentication(dependencies.admission_control, origin, address)
    middleware: list[Any] = [
        *outermost,
        *([Cors(dependencies.cors_origins)] if dependencies.cors_origins else []),
        RequestMiddleware(),
        authentication,
        SessionMiddleware(dependencies.users, dependencies.factors, origin),
    ]
    app: falcon.App[Any, Any] = falcon.App(request_type=Request, middleware=middleware)
    app.req_options.strip_url_path_trailing_slash = True
    app.req_options.keep_blank_qs_values = True
    routes = all_routes(dependencies, origin, pages, app, authentication)
    for path, resource in routes:
        app.add_route(path, resource)
    app.add_sink(redirect_to_guide, rf"{INDEX}/(?P<slug>[A-Za-z0-9-]+)$")
    api_routes = [(path, resource) for path, resource in routes if path.startswith(f"{BASE}/")]
    write = failure_writer(pages, dependencies.users)
    add_error_handlers(app, origin, write, authentication.first_refusal, api_routes)
    return app
