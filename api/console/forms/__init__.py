"""Reads the forms of the console. It checks the size of a form, its CSRF token and the site that sent it."""

from __future__ import annotations

import hashlib
import hmac
from io import BytesIO
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from falcon import MediaMalformedError
from falcon.media import MultipartFormHandler
from falcon.media.multipart import MultipartParseOptions

from api.http.errors import ApiError
from api.http.form import Form
from api.http.request import Request
from api.pages.translation import gettext as _

_FORM, _FORM_WITH_FILE = "application/x-www-form-urlencoded", "multipart/form-data"


class FormLimits(NamedTuple):
    """What a form may have."""

    max_fields: int
    max_bytes: int
    file_field: str = ""
    """The field that may hold a file; empty if none may."""


def read_form(req: Request, origin: str, csrf: str, limits: FormLimits) -> Form:
    """Return the form of a request. Raises ApiError if another site sent it, or if its CSRF token is not `csrf`.

    Also raises ApiError for a form beyond the limits.
    """
    _check_origin(req, origin)
    form = _read_fields(req, limits)
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


def _read_fields(req: Request, limits: FormLimits) -> Form:
    media_type = (req.content_type or "").partition(";")[0].strip().lower()
    has_file = media_type == _FORM_WITH_FILE and limits.file_field
    if media_type != _FORM and not has_file:
        raise ApiError(415, "unsupported_media_type", _("Send the form as %(type)s.", type=_FORM))
    body = req.env["wsgi.input"].read(limits.max_bytes + 1)
    if len(body) > limits.max_bytes:
        too_large = _("The file is too large.") if has_file else _("The form is too large. Enter shorter texts.")
        raise ApiError(413, "payload_too_large", too_large)
    if has_file:
        return _read_parts(req.content_type or "", body, limits)
    try:
        return Form(parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=limits.max_fields))
    except ValueError:
        message = _("The form has more than %(most)d fields.", most=limits.max_fields)
        raise ApiError(400, "invalid_parameter", message) from None


def _read_parts(content_type: str, body: bytes, limits: FormLimits) -> Form:
    """Return a form that may hold a file. Each part is a field, as Falcon reads it."""
    options = MultipartParseOptions()
    options.max_body_part_count, options.max_body_part_buffer_size = limits.max_fields, limits.max_bytes
    handler = MultipartFormHandler(options)
    fields, files = dict[str, list[str]](), dict[str, bytes]()
    try:
        for part in handler.deserialize(BytesIO(body), content_type, len(body)):
            content = part.get_data()
            if part.name == limits.file_field:
                files[part.name] = content
            else:
                fields.setdefault(part.name or "", []).append(content.decode("utf-8", "replace"))
    except (MediaMalformedError, ValueError):
        message = _("The form cannot be read. Reload the page and send it again.")
        raise ApiError(400, "invalid_parameter", message) from None
    return Form(fields, files)
