"""The receivers of the guide take what a running service really posts, and refuse what was altered."""

from contextlib import ExitStack
from functools import partial

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from infra.postgres.database import connect_as_table_owner
from tests.support.guide_receivers import LANGUAGES, running_receiver, skip_without_runtimes
from tests.support.organization import Organization
from tests.support.ports import free_address
from tests.support.receiver import Receiver
from tests.support.scenarios import draft_invoice
from tests.support.service import Service
from tests.support.waiting import wait_until

SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")


@pytest.fixture
def api(own_database):
    """A client of a service with a sender."""
    with Service(own_database, SMARTDHANDHA_SENDERS="1") as service, connect_as_table_owner(own_database) as conn:
        organization = Organization(service.url, conn)
        yield organization.api()
        organization.close()


def signed_headers(delivered):
    return {name: delivered.headers[name] for name in SIGNED}


def lines_after(receiver, count):
    """Return what a receiver has printed, if that is more than `count` lines."""
    lines = receiver.lines()
    return lines if len(lines) > count else None


def test_the_receivers_of_the_guide_take_what_is_genuine_and_nothing_else(api, tmp_path):
    skip_without_runtimes()
    addresses = {language: free_address() for language in LANGUAGES}
    with ExitStack() as running, Receiver() as other:
        hooks = {each: api.create("webhooks", {"url": f"http://{addresses[each]}/hooks"}) for each in LANGUAGES}
        receivers = {
            each: running.enter_context(running_receiver(each, addresses[each], hooks[each]["secret"], tmp_path / each))
            for each in LANGUAGES
        }
        foreign_hook = api.create("webhooks", {"url": other.url})
        first = ["invoice.drafted", draft_invoice(api)["id"]]
        for language, receiver in receivers.items():
            assert wait_until(partial(lines_after, receiver, 0)) == [first], language

        (foreign,) = wait_until(lambda: other.requests)
        for language, receiver in receivers.items():
            assert receiver.answer(foreign.body, signed_headers(foreign)) == 400, language

        for hook in hooks.values():
            api.create(f"webhooks/{hook['id']}/rotate", {"overlap": "1h"})
        rotated = api.create(f"webhooks/{foreign_hook['id']}/rotate", {"overlap": "1h"})
        second = ["invoice.drafted", draft_invoice(api)["id"]]
        for language, receiver in receivers.items():
            assert wait_until(partial(lines_after, receiver, 1)) == [first, second], language

        delivered = wait_until(lambda: other.requests[1:])[0]
        for secret in (foreign_hook["secret"], rotated["secret"]):
            assert Webhook(secret).verify(delivered.body, signed_headers(delivered)) == delivered.payload
        altered = delivered.body.replace(b"invoice.drafted", b"invoice.voided")
        with pytest.raises(WebhookVerificationError):
            Webhook(rotated["secret"]).verify(altered, signed_headers(delivered))
