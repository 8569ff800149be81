"""The page `/settings/webhooks/new` with the form for a new webhook. Only the response to the form shows the secret."""

from __future__ import annotations

from typing import ClassVar

import falcon
import msgspec

from api.console.commands import EXPIRED_FORM
from api.console.forms.tokens import new_form_token, retry_of
from api.console.webhooks.base import PATH, WebhookCommandPage
from api.console.webhooks.form import NewWebhookForm, problems_of, read_new_webhook_form, types_by_kind
from api.http.request import Request
from api.openapi.texts import SCOPE_TEXTS
from api.pages.translation import gettext as _
from api.pages.translation import marked
from api.ports.webhooks import SecretsUnavailable
from commands.accounts.webhook import CreateWebhook
from commands.body import parse_command
from commands.command import Retry
from domain.errors import Invalid
from domain.errors.webhook import DuplicateWebhook, TooManyWebhooks, TypeOutsideScopes
from domain.registry import READ_SCOPES
from projections.accounts.webhook import WebhookRow

_NO_SECRETS = marked(
    "This service has no key for secrets of webhooks, so it cannot make one. Its operator must set "
    "SMARTDHANDHA_SECRET_KEY."
)
_DUPLICATE = marked("There is a webhook with this URL and these types already. Change it, or choose other types.")


class NewWebhook(WebhookCommandPage):
    """`GET` shows the form for a new webhook. `POST` creates the webhook and shows its secret."""

    needs_proof: ClassVar[bool] = True

    def on_get(self, req: Request, resp: falcon.Response) -> None:
        self._show(req, resp, NewWebhookForm())

    def on_post(self, req: Request, resp: falcon.Response) -> None:
        new, retry = read_new_webhook_form(req.context.sent_form), retry_of(req)
        if new.problems or retry is None:
            self._show(req, resp, new, notice="" if new.problems else EXPIRED_FORM)
            return
        try:
            self._create(req, resp, new, retry)
        except Invalid as error:
            new.problems = problems_of(error.violations)
            self._show(req, resp, new)
        except TypeOutsideScopes as error:
            needed = _(
                "%(type)s needs the scope %(scope)s: choose this scope, or leave the event out.",
                type=error.type,
                scope=error.scope,
            )
            new.problems = {"type": needed}
            self._show(req, resp, new)
        except DuplicateWebhook:
            self._show(req, resp, new, notice=_DUPLICATE)
        except TooManyWebhooks as error:
            self._show(req, resp, new, notice=str(error))
        except SecretsUnavailable:
            self._show(req, resp, new, notice=_NO_SECRETS)

    def _create(self, req: Request, resp: falcon.Response, new: NewWebhookForm, retry: Retry) -> None:
        """Create the webhook. Raises Invalid, DuplicateWebhook, TooManyWebhooks and SecretsUnavailable."""
        command = parse_command(CreateWebhook, new.fields())
        assert isinstance(command, CreateWebhook)
        self._webhooks.check_address(command.url)
        made = self._webhooks.make_secret(req.context.signed_in_member.org_id)
        command = msgspec.structs.replace(command, scopes=new.scopes, secret_id=made.id)
        result = self.execute(req, command, retry)
        row = msgspec.json.decode(result.body, type=WebhookRow)
        self.show_secret(req, resp, row, None if result.is_replay else made.secret, is_rotation=False)

    def _show(self, req: Request, resp: falcon.Response, new: NewWebhookForm, notice: str = "") -> None:
        if new.problems or notice:
            resp.status = 422
        facts = {
            "new": new,
            "scopes": {scope: SCOPE_TEXTS[scope] for scope in READ_SCOPES},
            "kinds": types_by_kind(),
            "notice": notice,
            "form_token": new_form_token(req.context.signed_in_member.now),
        }
        self.render(req, resp, "webhooks/new.html", **facts, base=PATH)
