"""The page `/home/invoices/files`, which asks the background worker for a list that is too long to be sent at once."""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar

import falcon
from falcon.uri import parse_query_string

from api.console.access.rights import check_readable
from api.console.commands import EXPIRED_FORM
from api.console.forms.tokens import new_form_token, retry_of
from api.console.objects.downloads.filter_words import words_of
from api.console.objects.filters import Sent, filters_of, query_of, query_text, read_sent
from api.console.objects.kinds import ObjectKind
from api.console.page import ConsolePage, see_other
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import gettext as _
from api.pages.translation import language, marked
from api.ports.dependencies import Dependencies
from api.ports.users import Member
from api.ports.users.files import (
    KEPT_HOURS,
    MAX_FILES,
    MAX_FILES_OF_USER,
    FileOwner,
    FileRequest,
    TooManyFiles,
)
from projections.query.refusals import InvalidQuery

FILES = "/home/files"
"""The page with the files of the user."""
_TOO_MANY_OWN = marked("You have %(count)s files already. Remove one of them, then ask again.")
_TOO_MANY = marked(
    "The users of your organization have %(count)s files already. Ask again when some of them are gone: each is kept "
    "for %(hours)s hours."
)
_WRONG_FILTERS = marked("The list does not know these filters. Go back to it, filter again, and download it then.")


class AskForFile(ConsolePage):
    """`GET` says what will be made, and `POST` asks for it. Everybody who may read the list may ask."""

    managers_post: ClassVar[bool] = False

    def __init__(self, pages: PageFactory, kind: ObjectKind, dependencies: Dependencies) -> None:
        super().__init__(pages)
        self._kind, self._files = kind, dependencies.list_files

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        check_readable(req.context.signed_in_member, self._kind.kind)
        self._show(req, resp, filters_of(read_sent(req.params)))

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        member, text = req.context.signed_in_member, req.context.sent_form.text("query")
        check_readable(member, self._kind.kind)
        sent, retry = filters_of(read_sent(parse_query_string(text, keep_blank=False))), retry_of(req)
        if retry is None:
            self._show(req, resp, sent, _(EXPIRED_FORM), 422)
            return
        try:
            id = f"file_{sha256(retry.key.encode()).hexdigest()[:32]}"
            self._files.ask(owner_of(member), self._request(id, sent, member))
        except InvalidQuery:
            self._show(req, resp, sent, _(_WRONG_FILTERS), 422)
        except TooManyFiles as many:
            self._show(req, resp, sent, refusal_of(many), 409)
        else:
            raise see_other(FILES)

    def _request(self, id: str, sent: Sent, member: Member) -> FileRequest:
        """Return what the worker needs to know. Raises InvalidQuery."""
        filters = query_of(sent, member.time_zone, member.now)
        self._kind.type.listing.query(member.org_id, filters)
        return FileRequest(id, self._kind.kind, filters, language(), member.time_zone)

    def _show(self, req: Request, resp: falcon.Response, sent: Sent, problem: str = "", status: int = 200) -> None:
        member, resp.status = req.context.signed_in_member, status
        self.render(
            req,
            resp,
            "objects/ask_for_file.html",
            kind=self._kind,
            filter_words=words_of(self._kind, sent, member.time_zone),
            query=query_text(sent),
            problem=problem,
            files_path=FILES,
            hours=KEPT_HOURS,
            form_token=new_form_token(member.now),
        )


def owner_of(member: Member) -> FileOwner:
    """Return whose files the user sees."""
    return FileOwner(member.org_id, member.user_id)


def refusal_of(many: TooManyFiles) -> str:
    """Return what to tell a user who can have no more files."""
    if many.are_own:
        return _(_TOO_MANY_OWN, count=MAX_FILES_OF_USER)
    return _(_TOO_MANY, count=MAX_FILES, hours=KEPT_HOURS)
