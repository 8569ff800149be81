"""The base of the pages that replace a secret, and the choice for how long the replaced secret still works."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import falcon

from api.console.commands import EXPIRED_FORM, CommandPage
from api.console.forms.tokens import new_form_token, retry_of
from api.http.request import Request
from api.pages.translation import marked
from commands.command import Retry
from domain.errors import Invalid
from domain.reading import InvalidValue, parse_whole_number

OVERLAPS: Mapping[str, str] = {
    "0": marked("no time"),
    "1": marked("1 hour"),
    "24": marked("24 hours"),
    "72": marked("3 days"),
    "168": marked("7 days"),
}
"""The overlaps that users can choose for a rotation: the number of hours, and the text that the page shows."""
_NOT_OFFERED = marked("The overlap must be one of the times in the list.")

_MANY_HOURS = 10**6
"""Larger numbers of hours are reduced to this number, because a timedelta cannot hold them. It is refused, too."""


def parse_overlap(hours: str, default: timedelta) -> timedelta:
    """Return the chosen overlap; the default for an empty text. Raises InvalidValue if it is not a number of hours."""
    return timedelta(hours=min(parse_whole_number(hours), _MANY_HOURS)) if hours else default


class RotationForm(CommandPage, ABC):
    """`GET` shows the form with the choice of the overlap. `POST` replaces the secret, and shows the new one."""

    needs_proof: ClassVar[bool] = True
    default_overlap: ClassVar[timedelta]
    template: ClassVar[str]
    base: ClassVar[str]
    """The path of the pages to which this one belongs."""

    @abstractmethod
    def subject(self, req: Request, id: str) -> dict[str, Any]:
        """Return what has the secret, under its name in the template. Raises NotFound."""

    @abstractmethod
    def replace_secret(self, req: Request, resp: falcon.Response, id: str, overlap: timedelta, retry: Retry) -> None:
        """Replace the secret, and write the page that shows the new one. Raises Invalid for too long an overlap."""

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self.show_form(req, resp, id, str(self.default_overlap // timedelta(hours=1)))

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        chosen, retry = req.context.sent_form.text("overlap"), retry_of(req)
        if retry is None:
            self.show_form(req, resp, id, chosen, EXPIRED_FORM)
            return
        try:
            self.replace_secret(req, resp, id, parse_overlap(chosen, self.default_overlap), retry)
        except (Invalid, InvalidValue):
            self.show_form(req, resp, id, chosen, _NOT_OFFERED)

    def show_form(self, req: Request, resp: falcon.Response, id: str, chosen: str, notice: str = "") -> None:
        """Write the page with the form. `chosen` is the overlap in hours, and `notice` says what is wrong with it."""
        if notice:
            resp.status = 422
        token = new_form_token(req.context.signed_in_member.now)
        facts = {"overlaps": OVERLAPS, "chosen": chosen, "notice": notice, "form_token": token}
        self.render(req, resp, self.template, **self.subject(req, id), **facts, base=self.base)
