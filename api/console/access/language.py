"""Which language a page of the console has: that of the user, that of the browser's cookie, or one that it accepts."""

from __future__ import annotations

from api.console.access.cookies import LANGUAGE, cookie
from api.http.request import Request
from api.pages.translation import ENGLISH, LANGUAGES


def language_of(req: Request, origin: str) -> str:
    """Return the code of the language for the response, one of LANGUAGES."""
    member = req.context.member
    chosen = (member.language if member else None) or cookie(req, LANGUAGE, origin) or ""
    return chosen if chosen in LANGUAGES else accepted_language(req.get_header("Accept-Language") or "")


def accepted_language(header: str) -> str:
    """Return the language of LANGUAGES that the browser prefers; English if it accepts none of them.

    The header lists languages with weights, such as `hi-IN,hi;q=0.9,en;q=0.8` (RFC 9110, section 12.5.4).
    """
    weights: dict[str, float] = {}
    for part in header.split(","):
        range_, _, weight = part.partition(";")
        weights.setdefault(range_.strip().partition("-")[0].lower(), _weight(weight))
    return max((ENGLISH, *LANGUAGES), key=lambda code: weights.get(code, 0.0))


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0
