"""The page of one person, and its forms: another role, a new link, removal."""

from __future__ import annotations

import falcon

from api.console.page import see_other
from api.console.people.base import PATH, PeopleCommandPage, assignable_roles, may_change, refused, require_live_mode
from api.console.people.invite import CHOOSE_ROLE, LinkPage
from api.http.request import Request
from api.pages.translation import marked
from commands.accounts.people import ChangeRole, RemovePerson
from domain.accounts.people import INVITED, LastOwner, OtherRole, people_id
from domain.accounts.user import MANAGER_ROLES, ROLE_NAMES
from domain.errors import NotFound

_OWN_PASSWORD = marked("You change your own password in your profile, with the present one.")
_NO_LINK = marked(
    "You cannot make a password link for this person. Only owners make links for owners, and nobody makes one for a "
    "person who belongs to another organization, too: it would open that one. Ask the operator of this service."
)


class PersonPage(LinkPage):
    """`GET` shows somebody. `POST` gives another role."""

    managers_only = False

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, id, "")

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        member, form = req.context.signed_in_member, req.context.sent_form
        role, earlier = form.text("role"), form.text("earlier")
        if role not in assignable_roles(member) or earlier not in ROLE_NAMES:
            self._show(req, resp, id, CHOOSE_ROLE, 422)
            return
        if role in MANAGER_ROLES or earlier in MANAGER_ROLES:  # the command refuses another role than `earlier`
            self.require_proof(req, req.path)
        try:
            self.change(req, ChangeRole(id=people_id(member.org_id), user_id=id, role=role, earlier_role=earlier))
        except (LastOwner, OtherRole) as error:
            self._show(req, resp, id, str(error), 409)
        else:
            raise see_other(f"{PATH}/{id}")

    def _show(self, req: Request, resp: falcon.Response, id: str, problem: str, status: int = 200) -> None:
        member, person = req.context.signed_in_member, self.person(req, id)
        resp.status = status
        self.render(
            req,
            resp,
            "people/person.html",
            person=person,
            problem=problem,
            role_names=ROLE_NAMES,
            roles=[(each, ROLE_NAMES[each]) for each in assignable_roles(member)],
            may_change=may_change(member, person),
            is_self=person.id == member.user_id,
            is_sent="sent" in req.params,
            is_unsent="unsent" in req.params,
            mail=self._people.get_invitation_mail(member.org_id, id) if person.status == INVITED else None,
            by_mail_alone=person.status == INVITED and self.invites_by_mail_alone(),
            base=PATH,
        )


class PersonLink(LinkPage):
    """`POST` to `/settings/people/{id}/link` shows a new link: for an invitation, or to set a password.

    Where anybody can sign up, it sends an invitation again.
    """

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        member, person = req.context.signed_in_member, self.person(req, id)
        if not may_change(member, person):
            raise refused(_NO_LINK)
        if person.status != INVITED or person.role in MANAGER_ROLES:
            self.require_proof(req, f"{PATH}/{id}")
        if person.status == INVITED:
            self._invite_again(req, resp, id)
            return
        if id == member.user_id:
            raise refused(_OWN_PASSWORD)
        access = self._people.create_password_link(member.org_id, id, member.user_id, self._client(req))
        if access is None:
            raise refused(_NO_LINK)
        self.show_link(req, resp, person, access, is_invitation=False)

    def _invite_again(self, req: Request, resp: falcon.Response, id: str) -> None:
        if not self.invites_by_mail_alone():
            self.show_invitation(req, resp, id)
            return
        self.require_invitations()
        self.require_mails()
        org_id = req.context.signed_in_member.org_id
        mail = self._people.get_invitation_mail(org_id, id)
        self._people.send_invitation(org_id, id)
        raise see_other(self.sent_path(id, mail))


class RemovePage(PeopleCommandPage):
    """`GET` asks whether somebody is to be removed. `POST` removes. Everybody may leave."""

    managers_only = False
    managers_post = False

    def on_get(self, req: Request, resp: falcon.Response, id: str) -> None:
        self._show(req, resp, id, "")

    def on_post(self, req: Request, resp: falcon.Response, id: str) -> None:
        member = req.context.signed_in_member
        require_live_mode(member)
        if member.is_manager and self._is_manager(req, id):
            self.require_proof(req, req.path)
        try:
            self.change(req, RemovePerson(id=people_id(member.org_id), user_id=id))
        except LastOwner as error:
            self._show(req, resp, id, str(error), 409)
        except NotFound:
            raise see_other(PATH) from None  # sent twice, or somebody else was faster
        else:
            raise see_other("/login" if id == member.user_id else PATH)

    def _is_manager(self, req: Request, id: str) -> bool:
        """Return whether somebody of the organization is an owner or admin."""
        people = self._people.list_people(req.context.signed_in_member.org_id)
        return any(each.id == id and each.role in MANAGER_ROLES for each in people)

    def _show(self, req: Request, resp: falcon.Response, id: str, problem: str, status: int = 200) -> None:
        member, person = req.context.signed_in_member, self.person(req, id)
        resp.status = status
        is_self = person.id == member.user_id
        self.render(req, resp, "people/remove.html", person=person, problem=problem, is_self=is_self, base=PATH)
