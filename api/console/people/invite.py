"""The page `/settings/people/invite` with the form that invites somebody. The response to the form shows the link."""

from __future__ import annotations

from urllib.parse import urlencode

import falcon

from api.console.commands import EXPIRED_FORM
from api.console.forms.problems import sentence_about
from api.console.forms.tokens import new_form_token, retry_of
from api.console.page import see_other
from api.console.people.base import (
    LIVE_MODE_ONLY,
    PATH,
    PeopleCommandPage,
    assignable_roles,
    refused,
    require_live_mode,
)
from api.http.address import ClientOf
from api.http.errors import ApiError
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.people import InvitationMail, NewAccess, PersonRow
from commands.accounts.people import InvitePerson
from domain.accounts.people import AlreadyMember, people_id
from domain.accounts.user import MANAGER_ROLES, ROLE_NAMES
from domain.reading import InvalidValue

CHOOSE_ROLE = marked("Choose a role from the list.")
_NO_MAILS = marked(
    "Nobody can be invited now: here, invitations go by mail alone, and this installation sends no mails at the "
    "moment. Try again later, or tell its operator."
)
_DEFAULT_ROLE = "viewer"
_MAX_ADDRESS = 254  # characters that the field takes


class LinkPage(PeopleCommandPage):
    """The base of the pages that show a new link. Only this response shows it."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages, dependencies, origin, client)
        self._mails, self._takes_sign_ups = dependencies.mails, dependencies.sign_ups is not None

    def invites_by_mail_alone(self) -> bool:
        """Return whether no page shows the link of an invitation.

        Where anybody can sign up, an owner is a stranger, who must not set the password of the invited person.
        """
        return self._takes_sign_ups

    def require_mails(self) -> None:
        """Raise ApiError if invitations go by mail alone, and no mails are sent now."""
        if self.invites_by_mail_alone() and not self._mails.are_sent():
            raise ApiError(503, "unavailable", _NO_MAILS)

    def sent_path(self, user_id: str, mail: InvitationMail) -> str:
        """Return the page of an invited person, which says whether a mail was sent. `mail` was read before."""
        return f"{PATH}/{user_id}?{'sent' if mail.free_at is None else 'unsent'}=1"

    def show_invitation(self, req: Request, resp: falcon.Response, user_id: str) -> None:
        """Show a new link that accepts an invitation."""
        self.require_invitations()
        if self.invites_by_mail_alone():
            raise ApiError(503, "unavailable", _NO_MAILS)
        member, person = req.context.signed_in_member, self.person(req, user_id)
        if person.role in MANAGER_ROLES:  # perhaps only since the form was opened that is sent again now
            self.require_proof(req, f"{PATH}/{user_id}")
        access = self._people.create_invitation(member.org_id, user_id, member.user_id, self._client(req))
        if access is None:
            raise refused(marked("This invitation was accepted or withdrawn meanwhile. Go back to the people."))
        self.show_link(req, resp, person, access, is_invitation=True)

    def show_link(
        self, req: Request, resp: falcon.Response, person: PersonRow, access: NewAccess, *, is_invitation: bool
    ) -> None:
        """Show a new link of a person."""
        link = f"{self._origin(req)}{access.path}"
        facts = {"person": person, "link": link, "expires_at": access.expires_at, "is_invitation": is_invitation}
        self.render(req, resp, "people/link.html", **facts, base=PATH)


class InvitePage(LinkPage):
    """`GET` shows the form, filled in with the parameters `email` and `role`, so nothing is typed again after a proof.

    `POST` invites somebody, by mail or with a link that it shows.
    """

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self.require_invitations()
        member = req.context.signed_in_member
        email, role = (str(req.params.get(name, "")) for name in ("email", "role"))
        role = role if role in assignable_roles(member) else _DEFAULT_ROLE
        self._show(req, resp, email, role, {}, "" if member.livemode else LIVE_MODE_ONLY, status=200)

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        self.require_invitations()
        self.require_mails()
        member, form = req.context.signed_in_member, req.context.sent_form
        email, role = form.text("email").strip(), form.text("role")
        retry = retry_of(req, email.lower(), role)  # a form that is sent again with other fields is another invitation
        if role not in assignable_roles(member):
            self._show(req, resp, email, _DEFAULT_ROLE, {"role": CHOOSE_ROLE})
        elif retry is None:
            self._show(req, resp, email, role, {}, EXPIRED_FORM)
        else:
            if role in MANAGER_ROLES:
                self.require_proof(req, f"{req.path}?{urlencode({'email': email[:_MAX_ADDRESS], 'role': role})}")
            try:
                require_live_mode(member)
                user_id = self._people.find_or_add_user(member.org_id, email)
                mail = self._people.get_invitation_mail(member.org_id, user_id)
                self.change(req, InvitePerson(id=people_id(member.org_id), user_id=user_id, role=role), retry)
                if self._mails.are_sent():  # the event has caused one
                    raise see_other(self.sent_path(user_id, mail))
                self.show_invitation(req, resp, user_id)
            except InvalidValue as error:
                self._show(req, resp, email, role, {"email": sentence_about(marked("The e-mail address"), error)})
            except AlreadyMember as error:
                self._show(req, resp, email, role, {"email": str(error)})

    def _show(
        self,
        req: Request,
        resp: falcon.Response,
        email: str,
        role: str,
        problems: dict[str, str],
        notice: str = "",
        status: int = 422,
    ) -> None:
        resp.status = status
        member = req.context.signed_in_member
        roles = [(each, ROLE_NAMES[each]) for each in assignable_roles(member)]
        facts = {"email": email, "role": role, "roles": roles, "problems": problems, "notice": notice}
        self.render(req, resp, "people/invite.html", **facts, form_token=new_form_token(member.now), base=PATH)
