"""The security headers of each kind of page, such as Content-Security-Policy.

For the console, the middleware sets the headers of the response. For other pages, the resource sets them. Each policy
allows only the files that the page loads, and no inline scripts. Only the API reference may load a file from another
server: if the set-up could not fetch its script, the script comes from a public CDN.
"""

from __future__ import annotations

from collections.abc import Mapping

Headers = Mapping[str, str]

_DENY_ALL = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
_OWN_FILES = {"style-src": "'self'", "img-src": "'self'", "script-src": "'self'"}


def content_security_policy(allowed: Mapping[str, str]) -> str:
    """Return a policy that allows only the sources in `allowed`, which maps directives to sources."""
    return "; ".join(f"{directive} {sources}" for directive, sources in {**_DENY_ALL, **allowed}.items())


PUBLIC_FILE: Headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
"""The headers of files and texts that are the same for all users."""

PUBLIC_PAGE: Headers = {
    **PUBLIC_FILE,
    "Content-Security-Policy": content_security_policy(
        {**_OWN_FILES, "connect-src": "'self'", "form-action": "'self'"}
    ),
}
"""The headers of the landing page, the guides and public error pages, whose forms ask the assistant or search."""

ASSISTANT_PAGE: Headers = {
    **PUBLIC_FILE,
    "Cache-Control": "no-store",
    "Content-Security-Policy": content_security_policy(
        {
            **_OWN_FILES,
            "connect-src": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'self'",  # The API reference shows the panel in a frame.
        }
    ),
}

CONSOLE_PAGE: Headers = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": content_security_policy({**_OWN_FILES, "form-action": "'self'"}),
    "Cross-Origin-Opener-Policy": "same-origin",
    # With no-referrer, browsers would send `Origin: null` with forms of the console.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def reference_page(cdn: str | None, public_url: str | None) -> Headers:
    """Return the headers of the API reference. `cdn` is the URL of its script; None if this service has the script.

    `public_url` is the origin to which the reference sends requests; None for the origin of the page.
    """
    policy = {
        "script-src": f"'self' {cdn}" if cdn else "'self'",
        "style-src": "'self' 'unsafe-inline'",  # Scalar uses inline styles.
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "frame-src": "'self'",  # The reference shows the assistant's panel in a frame.
        "connect-src": f"'self' {public_url}" if public_url else "'self'",
        "form-action": "'self'",  # The search in the header.
    }
    return {**PUBLIC_FILE, "Content-Security-Policy": content_security_policy(policy)}
