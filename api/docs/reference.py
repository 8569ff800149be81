"""`/docs`: Scalar's API reference over the OpenAPI document, from this server alone where set-up could fetch it."""

from __future__ import annotations

from pathlib import Path
from string import Template
from typing import Any

from api.pages.files import CSS, FOREVER, HTML, JAVASCRIPT, Page, navigation, page, static

HERE = Path(__file__).parent

PACKAGE, VERSION = "@scalar/api-reference", "1.72.1"
FILE = "dist/browser/standalone.js"
INTEGRITY = "sha384-U11tb2XnKvmwt8RlTvnwUnYgrN+ur4Xyh9htLhjajWNR/Oyl5AX5DEz00qRmlrmK"
"""The hash of that file: set-up and the browser both refuse another one."""

CDN = f"https://cdn.jsdelivr.net/npm/{PACKAGE}@{VERSION}/{FILE}"
OWN = f"/docs/scalar-{VERSION}.js"


def reference_routes(script: bytes | None, public_url: str | None) -> list[tuple[str, Any]]:
    """The page, what starts it, and Scalar itself (`script`, gzipped) when this server has it."""
    source = CDN if script is None else OWN
    policy = {
        "script-src": f"'self' {CDN}" if script is None else "'self'",
        "style-src": "'self' 'unsafe-inline'",  # Scalar writes its styles into the page
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "frame-src": "'self'",  # the assistant beside it
        "connect-src": f"'self' {public_url}" if public_url else "'self'",
    }
    html = Template((HERE / "templates" / "reference.html").read_text("utf-8"))
    shown = page(html.substitute(source=source, integrity=INTEGRITY, navigation=navigation("/docs")), HTML, policy)
    routes: list[tuple[str, Any]] = [
        ("/docs", shown),
        ("/docs/reference.js", static("reference.js", JAVASCRIPT)),
        ("/docs/reference.css", static("reference.css", CSS)),
    ]
    if script is not None:
        routes.append((OWN, Page(script, JAVASCRIPT, FOREVER)))
    return routes
