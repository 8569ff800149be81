"""API keys in a URL or in a body, where no key belongs. Such a request is refused, and its key counts as leaked."""

from __future__ import annotations

from domain.accounts.key_secret import contains_secret, has_prefix
from domain.reading import InvalidValue

_ADVICE = "rotate the key, and send the new secret in the header Authorization: Bearer sd_live_…"
IN_URL = f"an API key in a URL is leaked, because URLs are stored in logs and histories; {_ADVICE}"
IN_BODY = f"an API key in a body is leaked, because bodies are stored; {_ADVICE}"
IN_TEXT = f"an API key in a name or text is leaked, because it is stored; {_ADVICE}"
_NAMES = (
    "accesskey accesstoken apikey apisecret apitoken appkey auth authkey authorization authtoken bearer bearertoken "
    "key sdkey secret secretkey token xapikey"
)
"""The names of fields and parameters in which other products expect an API key: in lower case, without separators."""
_NAME_SET = frozenset(_NAMES.split())


def is_misplaced_key(name: str, value: object) -> bool:
    """Return whether an unknown field or parameter with this name and value seems to hold an API key."""
    own = name[:40].replace("_", "").replace("-", "").lower()
    return own in _NAME_SET or has_prefix(name) or (isinstance(value, str) and has_prefix(value))


def unknown_name(noun: str, problem: str) -> str:
    """Return the message about an unknown field or parameter (`noun`) that seems to hold an API key.

    `problem` is IN_URL or IN_BODY.
    """
    return f"is not a {noun} of this request: {problem}"


def refuse_secret(text: str, problem: str) -> None:
    """Raise InvalidValue if the text contains the secret of an API key. `problem` is IN_URL, IN_BODY or IN_TEXT."""
    if has_prefix(text) and contains_secret(text):
        raise InvalidValue(f"must not contain an API key: {problem}")
