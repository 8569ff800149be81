"""The common parts of the pages for people: their path, finding somebody, and what a user may do with somebody."""

from __future__ import annotations

from api.console.access.cookies import SESSION, cookie
from api.console.access.factors.base import ask_for_proof
from api.console.commands import CommandPage
from api.console.forms import forbidden
from api.http.address import ClientOf
from api.http.errors import ApiError
from api.http.origin import Origin
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked
from api.ports.dependencies import Dependencies
from api.ports.people import PersonRow
from api.ports.users import Member
from commands.accounts.people import PeopleCommand
from commands.command import Retry
from commands.unit_of_work import CommandResult
from domain.accounts.people import NotAllowed
from domain.accounts.user import ROLES
from domain.errors import NotFound

PATH = "/settings/people"
LIVE_MODE_ONLY = marked("People belong to both modes. Switch to live mode to invite, change or remove somebody.")
CLOSED = marked(
    "On this installation, nobody can be invited. Its operator adds people, with the command smartdhandha user create."
)
_OWNER = "owner"


class PeopleCommandPage(CommandPage):
    """The base of the pages on which owners and admins invite, change or remove somebody."""

    def __init__(self, pages: PageFactory, dependencies: Dependencies, origin: Origin, client: ClientOf) -> None:
        super().__init__(pages, dependencies.command_bus, client)
        self._origin, self._factors = origin, dependencies.factors
        self._people, self._takes_invitations = dependencies.people, dependencies.takes_invitations

    def require_invitations(self) -> None:
        """Raise ApiError if the installation takes nobody new through invitations."""
        if not self._takes_invitations:
            raise forbidden(CLOSED)

    def token(self, req: Request) -> str:
        """Return the secret of the session."""
        return cookie(req, SESSION, self._origin(req)) or ""

    def require_proof(self, req: Request, back: str) -> None:
        """Ask for the second factor, or without one for the password, unless it was given in the last minutes.

        What follows lets somebody in who can do as much, or keeps somebody out who could end it, so an open browser
        must not be enough. Afterwards, the page `back` is opened.
        """
        state = self._factors.find(self.token(req))
        if state is None or not state.is_proved:
            raise ask_for_proof(req, back)

    def person(self, req: Request, id: str) -> PersonRow:
        """Return somebody of the organization. Raises NotFound."""
        people = self._people.list_people(req.context.signed_in_member.org_id)
        found = next((each for each in people if each.id == id), None)
        if found is None:
            raise NotFound("user", id)
        return found

    def change(self, req: Request, command: PeopleCommand, retry: Retry | None = None) -> CommandResult:
        """Execute a command on the people of the organization. Raises ApiError if the user's role does not allow it."""
        require_live_mode(req.context.signed_in_member)
        try:
            return self.execute(req, command, retry)
        except NotAllowed as error:
            raise forbidden(str(error)) from None


def require_live_mode(member: Member) -> None:
    """Raise ApiError in test mode, whose organization has no people of its own."""
    if not member.livemode:
        raise forbidden(LIVE_MODE_ONLY)


def assignable_roles(member: Member) -> tuple[str, ...]:
    """Return the roles that the user may give: only owners make owners."""
    return ROLES if member.role == _OWNER else tuple(role for role in ROLES if role != _OWNER)


def may_change(member: Member, person: PersonRow) -> bool:
    """Return whether the user may change somebody's role or remove somebody: only owners may change owners."""
    return member.is_manager and member.livemode and (member.role == _OWNER or person.role != _OWNER)


def refused(message: str) -> ApiError:
    """Return a refusal with the status 409."""
    return ApiError(409, "conflict", message)
