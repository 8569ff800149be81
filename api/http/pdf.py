"""Writes the PDF of an object into a response."""

from __future__ import annotations

import falcon

from api.http.preconditions import is_etag_sent
from api.http.request import Request
from api.ports.reads import PrintedObject

PDF = "application/pdf"


def write_pdf(req: Request, resp: falcon.Response, printed: PrintedObject) -> None:
    """Write a PDF into the response; a 304 if the client has it."""
    resp.set_header("ETag", printed.etag)
    if is_etag_sent(req.env.get("HTTP_IF_NONE_MATCH"), printed.etag):
        resp.status = falcon.HTTP_304
        return
    resp.content_type = PDF
    resp.downloadable_as = printed.file_name
    resp.data = printed.content()
