"""Whose request it probably is: the organization of a valid key or session, as long as it is valid."""

import pytest
from falcon.testing import create_environ

from api.console.cookies import token_hash
from api.ports.sender import SENDER, ProvenSender
from domain.accounts.key_secret import hash_secret
from infra.server.senders import KnownSenders, Sender

KEY = {"Authorization": "Bearer sd_live_1"}
SESSION = {"Cookie": "smartdhandha_browser=b; smartdhandha_session=token"}
HASHES = {"key": hash_secret("sd_live_1"), "session": token_hash("token")}
OF_ORGANIZATION = Sender("org_1", is_organization=True)


def request(headers):
    return create_environ(headers=headers)


@pytest.fixture
def senders():
    """Senders of which a key and a session are known."""
    known = KnownSenders()
    for credential in HASHES.values():
        known.learn({**request({}), SENDER: ProvenSender(credential, "org_1")}, "200 OK")
    return known


@pytest.mark.parametrize(
    "headers",
    [
        KEY,
        SESSION,
        {"Authorization": "BEARER \t sd_live_1 "},
        {"Cookie": "__Host-session=token"},
        {"Cookie": 'smartdhandha_session="\\164oken"'},
        {"Cookie": "__Host-session=other; smartdhandha_session=token"},
        {"Authorization": "Bearer other", **SESSION},
    ],
)
def test_the_organization_of_a_valid_key_or_session_is_remembered_however_it_is_written(senders, headers):
    assert senders.of(request(headers)) == OF_ORGANIZATION


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer other"}, {"Cookie": "smartdhandha_session=other"}])
def test_a_key_or_session_that_is_not_known_is_a_sender_of_its_own(senders, headers):
    sender = senders.of(request(headers))
    assert sender is not None
    assert not sender.is_organization


@pytest.mark.parametrize("headers", [{}, {"Cookie": "smartdhandha_visit=v; smartdhandha_browser=b"}])
def test_a_request_without_a_key_and_a_session_has_no_sender(senders, headers):
    assert senders.of(request(headers)) is None


def test_a_key_that_is_refused_has_no_share_in_the_threads_of_its_organization(senders):
    senders.learn(request(KEY), "401 Unauthorized")
    assert senders.of(request(KEY)) != OF_ORGANIZATION
    assert senders.of(request(SESSION)) == OF_ORGANIZATION


def test_a_session_that_has_ended_has_no_share_in_the_threads_of_its_organization(senders):
    senders.learn({**request(SESSION), SENDER: ProvenSender(HASHES["session"], None)}, "303 See Other")
    assert senders.of(request(SESSION)) != OF_ORGANIZATION
    assert senders.of(request(KEY)) == OF_ORGANIZATION


def test_a_failure_of_the_database_does_not_make_a_known_key_or_session_unknown(senders):
    senders.learn(request({**KEY, **SESSION}), "503 Service Unavailable")
    assert senders.of(request(KEY)) == senders.of(request(SESSION)) == OF_ORGANIZATION
