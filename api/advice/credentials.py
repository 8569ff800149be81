"""Says what is wrong with the credentials of a request that has no well-formed API key, and what to do.

This module looks only at the form of the request, so no message reveals whether a key exists. No message repeats what
the client sent. The module is used only for requests that are refused.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from api.advice.credential_forms import form_of
from api.ports.request.deadline import ARRIVED
from domain.accounts.key_secret import PREFIXES, SECRET_CHARACTERS, has_prefix, is_well_formed
from domain.accounts.misplaced_key import is_misplaced_key

KEYS_PAGE = "/settings/developer"
"""The path of the console's page on which people create keys."""
BUDGET_PAGE = f"{KEYS_PAGE}/budget"
"""The path of the page with the budget of the organization."""
_SEND = "Send your API key in the header: Authorization: Bearer sd_live_…."
_OTHER_HEADERS = (
    "X-Api-Key Api-Key Apikey X-Api-Token Api-Token X-Auth-Token X-Access-Token Access-Token X-Token Token "
    "X-Authorization Proxy-Authorization X-Auth-Key Auth Bearer Key X-Key"
)
"""The headers in which other products expect a key."""
_AROUND = "\"'`<>()[]{},;\u201c\u201d\u2018\u2019"
_MAX_PEEKED = 64 * 1024
"""How many bytes of a body, from its beginning, are searched for a key."""


class Problem(NamedTuple):
    """The code of the error 401, and a message that says what is wrong and what to do."""

    code: str
    message: str


def no_key(origin: str, problem: str = "", *, has_key: bool = False) -> Problem:
    """Return the problem of a request without a key in the header Authorization.

    `problem` is a sentence about what the request has instead. `has_key` says that the sender probably has a valid key.
    """
    sentences = [problem, _SEND, "" if has_key else _where_keys_are_made(origin)]
    return Problem("missing_credentials", " ".join(filter(None, sentences)))


def problem_of(env: Mapping[str, Any], origin: str) -> Problem:
    """Return the problem of a request whose header Authorization has no well-formed key.

    `env` is the WSGI environ. Links begin with `origin`.
    """
    header = _text(env.get("HTTP_AUTHORIZATION", "")).strip()
    if leak := _leak(env):
        return no_key(origin, leak)
    if not header:
        problem = _other_header(env)
        return no_key(origin, problem, has_key=bool(problem))
    scheme, _, rest = header.partition(" ")
    key = rest.strip()
    if scheme.lower() != "bearer" or not key:
        return no_key(origin, _problem_of_scheme(scheme, key), has_key=True)
    bare = key.strip(_AROUND)
    form = None if is_well_formed(bare) else form_of(key) or form_of(bare)
    if form is None:
        return Problem("invalid_api_key", _problem_of_key(key, bare))
    where = f" {_where_keys_are_made(origin)}" if form.needs_new_key else ""
    return Problem("invalid_api_key", f"{form.problem}{where}")


def _where_keys_are_made(origin: str) -> str:
    return f"Keys are made and rotated in the console, under Settings → Developer ({origin}{KEYS_PAGE})."


def _problem_of_scheme(scheme: str, rest: str) -> str:
    """Return what is wrong with a header Authorization that is not `Bearer`, a blank and a text."""
    name = scheme.lower()
    if name == "basic":
        return _problem_of_basic(rest)
    if name == "bearer":
        return "There is no key after the word Bearer: is the variable with the key empty?"
    if name.startswith("bearer"):
        return "Between the word Bearer and the key there must be one blank, and nothing else."
    if has_prefix(scheme):
        return "The word Bearer is missing before the key."
    return "The header Authorization must begin with the word Bearer." if rest else "The word Bearer is missing."


def _problem_of_basic(credentials: str) -> str:
    try:
        decoded = base64.b64decode(credentials, validate=True).decode("latin-1")
    except ValueError:
        decoded = ""
    user, _, password = decoded.partition(":")
    place = "user name" if has_prefix(user) else "password" if has_prefix(password) else ""
    if place:
        return f"The key was sent as the {place} of Basic authentication, which this API does not use."
    return "This API does not use Basic authentication."


def _problem_of_key(key: str, bare: str) -> str:
    """Return what is wrong with a text after `Bearer` that may be a damaged key."""
    if key.lower().startswith(("bearer ", "bearer:")):
        return "The header contains the word Bearer twice: your tool adds the word, so enter only the key."
    if not bare.lower().startswith(PREFIXES):
        return "This is not a SmartDhandha API key: keys begin with sd_live_ or sd_test_. Copy the whole key."
    if not bare.startswith(PREFIXES):
        return f"This key was changed: it must begin with {bare[:8].lower()} in lower case. Copy it again."
    if bare != key:
        return "There are quotes, brackets or other signs around the key: send only the key."
    if any(each.isspace() for each in key):
        return "There is a blank in the key, probably from copying. Copy the key again, in one piece."
    return _problem_of_length(key)


def _problem_of_length(key: str) -> str:
    if len(key) < SECRET_CHARACTERS:
        return (
            f"This API key was not copied completely: it has {len(key)} characters, and a key has {SECRET_CHARACTERS}. "
            "Copy the whole key; if it is lost, rotate it."
        )
    if len(key) > SECRET_CHARACTERS:
        return (
            f"Before or after this API key there is other text: a key has {SECRET_CHARACTERS} characters. "
            "Send the key alone."
        )
    return "This API key was mistyped: its checksum does not match. Copy the key again."


def _leak(env: Mapping[str, Any]) -> str:
    """Return a sentence about a key in the URL or in the body; an empty text if there is none."""
    if _is_in_url(env):
        return "There is an API key in the URL. URLs are stored in logs and histories, so the key is leaked: rotate it."
    if _is_in_body(env):
        return "There is an API key in the body. Bodies are stored, so the key is leaked: rotate it."
    return ""


def _other_header(env: Mapping[str, Any]) -> str:
    """Return a sentence about a key in a header other than Authorization; an empty text if there is none."""
    for name in _OTHER_HEADERS.split():
        if env.get(f"HTTP_{name.upper().replace('-', '_')}"):
            return f"The key is in the header {name}, which this API does not read."
    if any(has_prefix(str(value)) for name, value in env.items() if name.startswith("HTTP_")):
        return "The key is in a header other than Authorization."
    return ""


def _is_in_url(env: Mapping[str, Any]) -> bool:
    query = env.get("QUERY_STRING", "")
    if has_prefix(unquote_plus(query)) or has_prefix(env.get("PATH_INFO", "")):
        return True
    return any(is_misplaced_key(unquote_plus(pair.partition("=")[0]), "") for pair in query.split("&"))


def _is_in_body(env: Mapping[str, Any]) -> bool:
    """Return whether a key is in the body. This function does not wait for a body that has not arrived yet."""
    return ARRIVED in env and has_prefix(env["wsgi.input"].read(_MAX_PEEKED).decode("latin-1"))


def _text(header: str) -> str:
    """Return the header as its sender typed it. WSGI decodes all headers as Latin-1, but clients send UTF-8."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")
