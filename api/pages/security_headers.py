"""What a browser may do with each kind of page: the Content-Security-Policy and the headers beside it.

What sends the response chooses its headers: the middleware of the console, or the resource of another page. Every
policy allows only what the page loads. No page allows inline scripts. No page allows another server, except the
reference: if the set-up could not fetch the script of the reference, its script comes from a public CDN.
"""

from __future__ import annotations

from collections.abc import Mapping

Headers = Mapping[str, str]

_DENY_ALL = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}
_OWN_FILES = {"style-src": "'self'", "img-src": "'self'", "script-src": "'self'"}


def content_security_policy(allowed: Mapping[str, str]) -> str:
    """Return a policy that allows these sources by directive, and nothing else."""
    return "; ".join(f"{directive} {sources}" for directive, sources in {**_DENY_ALL, **allowed}.items())


PUBLIC_FILE: Headers = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
"""For files and texts that are the same for every user."""

PUBLIC_PAGE: Headers = {**PUBLIC_FILE, "Content-Security-Policy": content_security_policy(_OWN_FILES)}
"""For the landing page and the guides."""

ASSISTANT_PAGE: Headers = {
    **PUBLIC_FILE,
    "Cache-Control": "no-store",
    "Content-Security-Policy": content_security_policy(
        {
            **_OWN_FILES,
            "connect-src": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'self'",  # the panel is a frame of the reference page
        }
    ),
}

CONSOLE_PAGE: Headers = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": content_security_policy({**_OWN_FILES, "form-action": "'self'"}),
    "Cross-Origin-Opener-Policy": "same-origin",
    # With no-referrer, browsers send `Origin: null` with the console's own forms.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def reference_page(cdn: str | None, public_url: str | None) -> Headers:
    """Return the headers of the API reference; `cdn` is the script's address when this server does not have it."""
    policy = {
        "script-src": f"'self' {cdn}" if cdn else "'self'",
        "style-src": "'self' 'unsafe-inline'",  # Scalar writes its styles into the page
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "frame-src": "'self'",  # the assistant's panel
        "connect-src": f"'self' {public_url}" if public_url else "'self'",
    }
    return {**PUBLIC_FILE, "Content-Security-Policy": content_security_policy(policy)}
