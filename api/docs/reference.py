"""The page `/docs`, on which the program Scalar shows the OpenAPI document as an API reference.

If the set-up could fetch the script of Scalar, the service serves it. Otherwise browsers load it from a public CDN.
"""

from __future__ import annotations

from typing import Any

from api.pages.factory import PageFactory
from api.pages.responses import CSS, JAVASCRIPT, ONE_YEAR, CachedPage, CachedResponse
from api.pages.security_headers import PUBLIC_FILE, reference_page

PACKAGE, VERSION = "@scalar/api-reference", "1.72.1"
FILE = "dist/browser/standalone.js"
INTEGRITY = "sha384-U11tb2XnKvmwt8RlTvnwUnYgrN+ur4Xyh9htLhjajWNR/Oyl5AX5DEz00qRmlrmK"
"""The hash of the file FILE. The set-up and browsers refuse a file with another hash."""

CDN = f"https://cdn.jsdelivr.net/npm/{PACKAGE}@{VERSION}/{FILE}"
OWN = f"/docs/scalar-{VERSION}.js"


def reference_routes(pages: PageFactory, script: bytes | None, public_url: str | None) -> list[tuple[str, Any]]:
    """Return the routes of the page and of its files. `script` is the gzipped script of Scalar; None to use the CDN."""
    source = CDN if script is None else OWN
    headers = reference_page(CDN if script is None else None, public_url)

    def make() -> CachedResponse:
        return pages.html("docs/reference.html", headers, path="/docs", source=source, integrity=INTEGRITY)

    routes: list[tuple[str, Any]] = [
        ("/docs", pages.page(make)),
        ("/docs/reference.js", pages.static_file("reference.js", JAVASCRIPT)),
        ("/docs/reference.css", pages.static_file("reference.css", CSS)),
    ]
    if script is not None:
        response = CachedResponse(script, JAVASCRIPT, PUBLIC_FILE, ONE_YEAR)
        routes.append((OWN, CachedPage(lambda: response)))
    return routes
