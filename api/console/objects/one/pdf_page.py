"""The address `/home/invoices/{id}/pdf`: the PDF of an object."""

from __future__ import annotations

import falcon

from api.console.access.rights import check_readable
from api.console.objects.kinds import ObjectKind
from api.console.objects.one.stored import read_stored, read_version_of
from api.console.page import ConsolePage
from api.http.pdf import write_pdf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.ports.dependencies import Dependencies


class ObjectPdf(ConsolePage):
    """The PDF of an object, or with `?version=` of an earlier state."""

    def __init__(self, pages: PageFactory, kind: ObjectKind, dependencies: Dependencies) -> None:
        super().__init__(pages)
        self._kind, self._reads, self._printing = kind, dependencies.member_reads, dependencies.printing

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        member = req.context.signed_in_member
        check_readable(member, self._kind.kind)
        stored, _present = read_stored(self._reads, member.org_id, self._kind, id, read_version_of(req))
        write_pdf(req, resp, self._printing.print(member.org_id, self._kind.kind, stored))
