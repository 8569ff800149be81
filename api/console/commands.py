"""The base of the pages on which people change something: it executes commands as the signed-in user."""

from __future__ import annotations

from typing import ClassVar

from api.console.page import ConsolePage
from api.http.address import ClientOf
from api.http.request import Request
from api.pages.factory import PageFactory
from api.pages.translation import marked
from api.ports.commands import CommandBus
from commands.command import Actor, Command, Context, Person, Retry
from commands.unit_of_work import CommandResult

EXPIRED_FORM = marked("This page was open for too long, so nothing was changed. Check the form and send it again.")


class CommandPage(ConsolePage):
    """The base of the pages that execute a command."""

    managers_only: ClassVar[bool] = True

    def __init__(self, pages: PageFactory, command_bus: CommandBus, client: ClientOf) -> None:
        super().__init__(pages)
        self._command_bus, self._client = command_bus, client

    def execute(
        self,
        req: Request,
        command: Command,
        retry: Retry | None = None,
        version: int | None = None,
        org_id: str | None = None,
    ) -> CommandResult:
        """Execute a command as the signed-in user, and store its security events.

        With `version`, raise StaleVersion if the object has another version by now. `org_id` is the live organization
        if the command is on it in both modes; by default the one that the session shows.
        """
        member = req.context.signed_in_member
        context = Context(
            org_id=org_id or member.org_id,
            actor=Actor("user", member.user_id),
            request_id=req.context.request_id,
            if_match=None if version is None else frozenset((version,)),
            retry=retry,
            person=Person("user", member.user_id, self._client(req).address),
        )
        return self._command_bus.execute(command, context)
