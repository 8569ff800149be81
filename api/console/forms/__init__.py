"""Reads the forms of the console. It checks the size of a form, its CSRF token and the site that sent it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from api.http.errors import ApiError
from api.http.form import Form
from api.http.request import Request
from api.pages.translation import gettext as _

_FORM = "application/x-www-form-urlencoded"


def read_form(req: Request, origin: str, csrf: str, max_fields: int, max_bytes: int) -> Form:
    """Return the form of a request. Raises ApiError if another site sent it, or if its CSRF token is not `csrf`.

    Also raises ApiError for a form with more than `max_fields` fields, or longer than `max_bytes`.
    """
    _check_origin(req, origin)
    form = Form(_read_fields(req, max_fields, max_bytes))
    if not hmac.compare_digest(form.text("csrf").encode(), csrf.encode()):
        raise forbidden(
            _(
                "This form has expired, belongs to another organization or mode, or cookies are off. Go back, reload "
                "the page, and send the form again."
            )
        )
    return form


def csrf_token(token: str, org_id: str = "") -> str:
    """Return the CSRF token for the forms of a session. The secret `token` of the session cannot be derived from it.

    Each organization that the session shows has its own, and so has its test mode: no form that was opened before a
    switch changes the other one after it. `org_id` is empty without a session.
    """
    return hashlib.sha256(f"csrf {org_id} {token}".encode()).hexdigest()


def forbidden(message: str) -> ApiError:
    """Return a refusal with the status 403."""
    return ApiError(403, "forbidden", message)


def _check_origin(req: Request, origin: str) -> None:
    """Refuse a form that another site sent, even if its CSRF token is correct.

    The browser sets the headers Sec-Fetch-Site and Origin, which name the sending site.
    """
    site = req.env.get("HTTP_SEC_FETCH_SITE", "same-origin")
    sender = req.env.get("HTTP_ORIGIN")
    # Behind a proxy that terminates TLS, the service does not know the scheme. Therefore only hosts are compared.
    is_own = sender is None or sender.partition("://")[2] == urlsplit(origin).netloc
    if site not in ("same-origin", "none") or not is_own:
        raise forbidden(_("This form was sent from another site. Open the page here and send it again."))


def _read_fields(req: Request, max_fields: int, max_bytes: int) -> Mapping[str, list[str]]:
    media_type = (req.content_type or "").partition(";")[0].strip().lower()
    if media_type != _FORM:
        raise ApiError(415, "unsupported_media_type", _("Send the form as %(type)s.", type=_FORM))
    body = req.env["wsgi.input"].read(max_bytes + 1)
    if len(body) > max_bytes:
        raise ApiError(413, "payload_too_large", _("The form is too large. Enter shorter texts."))
    try:
        return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=max_fields)
    except ValueError:
        message = _("The form has more than %(most)d fields.", most=max_fields)
        raise ApiError(400, "invalid_parameter", message) from None
