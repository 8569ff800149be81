"""The address `/home/invoices/{id}/json` and those of bills and leaves: the object as the API has it."""

from __future__ import annotations

import falcon
import msgspec

from api.console.access.rights import check_readable
from api.console.objects.kinds import ObjectKind
from api.console.objects.one.stored import read_stored, read_version_of
from api.console.page import ConsolePage
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.responses import JSON
from api.ports.reads import MemberReads


class ObjectJson(ConsolePage):
    """The JSON of an object, or with `?version=` of an earlier state. It is too long for the page of the object."""

    def __init__(self, pages: PageFactory, kind: ObjectKind, reads: MemberReads) -> None:
        super().__init__(pages)
        self._kind, self._reads = kind, reads

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        member = req.context.signed_in_member
        check_readable(member, self._kind.kind)
        stored, _present = read_stored(self._reads, member.org_id, self._kind, id, read_version_of(req))
        resp.content_type = JSON
        resp.data = msgspec.json.format(stored.body, indent=2)
