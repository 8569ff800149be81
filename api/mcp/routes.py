"""The route of the endpoint for AI clients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from api.http.authentication import Authentication
from api.http.origin import Origin
from api.mcp.calls import WsgiApp
from api.mcp.methods import Methods
from api.mcp.origins import Websites
from api.mcp.resource import Mcp
from api.mcp.revisions import PATH
from api.mcp.tools import tools_of
from api.ports.dependencies import Dependencies
from api.samples.placeholders import daily


def mcp_routes(
    app: WsgiApp,
    authentication: Authentication,
    dependencies: Dependencies,
    origin: Origin,
    build_document: Callable[[str], Mapping[str, Any]],
) -> list[tuple[str, Any]]:
    """Return the route. `app` is the application that will have this route; calls of tools are sent through it."""
    websites = Websites(dependencies.public_url, dependencies.cors_origins)
    methods = Methods(daily(lambda: tools_of(build_document(""))))
    return [(PATH, Mcp(app, authentication, dependencies.admission_control, origin, websites, methods))]
