"""Whose request it probably is: the organization of a key that was admitted, as long as the key is valid."""

from api.http.authentication import ORGANIZATION
from infra.server.senders import KnownSenders

REQUEST = {"HTTP_AUTHORIZATION": "Bearer sd_live_1"}


def name_of(senders):
    sender = senders.of(REQUEST)
    assert sender is not None
    return sender.name


def test_the_organization_of_an_admitted_key_is_remembered():
    senders = KnownSenders()
    senders.learn({**REQUEST, ORGANIZATION: "org_1"}, "200 OK")
    assert name_of(senders) == "org_1"


def test_a_key_that_is_refused_has_no_share_in_the_threads_of_its_organization():
    senders = KnownSenders()
    senders.learn({**REQUEST, ORGANIZATION: "org_1"}, "200 OK")
    senders.learn(REQUEST, "401 Unauthorized")
    assert name_of(senders) != "org_1"


def test_a_failure_of_the_database_does_not_make_a_known_key_unknown():
    senders = KnownSenders()
    senders.learn({**REQUEST, ORGANIZATION: "org_1"}, "200 OK")
    senders.learn(REQUEST, "503 Service Unavailable")
    assert name_of(senders) == "org_1"
