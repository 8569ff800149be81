"""The script of the program Scalar, which shows the OpenAPI document as an API reference.

If the set-up could fetch the script, the service serves it. Otherwise browsers load it from a public CDN.
"""

from __future__ import annotations

PACKAGE, VERSION = "@scalar/api-reference", "1.72.1"
FILE = "dist/browser/standalone.js"
INTEGRITY = "sha384-U11tb2XnKvmwt8RlTvnwUnYgrN+ur4Xyh9htLhjajWNR/Oyl5AX5DEz00qRmlrmK"
"""The hash of the file FILE. The set-up and browsers refuse a file with another hash."""

SAMPLE_LANGUAGES = 22
"""For how many languages this version shows a sample of each request. A test counts them in the script."""

CDN = f"https://cdn.jsdelivr.net/npm/{PACKAGE}@{VERSION}/{FILE}"
OWN = f"/docs/scalar-{VERSION}.js"
