"""Whose request it probably is: the organization of a valid key or session, as long as it is valid."""

import math
import secrets

import pytest
from falcon.testing import create_environ

from api.console.access.cookies import token_hash
from api.ports.request.deadline import ANSWER_SECONDS, ARRIVED, deadline
from api.ports.request.sender import SENDER, ProvenSender
from commands.unit_of_work import Unavailable
from domain.accounts.key_secret import hash_secret, new_secret
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
    known = KnownSenders(None)
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


class Lookup:
    """Knows one key, and that `org_test_1` is the test mode of `org_1`. It notes the deadlines of its calls."""

    def __init__(self, key_hash, org_id, error=None):
        self._known, self._error, self.deadlines = {key_hash: org_id}, error, []

    def live_sibling_of(self, org_id):
        self.deadlines.append(deadline())
        if self._error is not None:
            raise self._error
        return {"org_test_1": "org_1"}[org_id]

    def organization_of(self, key_hash):
        self.deadlines.append(deadline())
        if self._error is not None:
            raise self._error
        return self._known.get(key_hash)


def key_request(raw):
    return request({"Authorization": f"Bearer {raw}"})


def test_the_organization_of_a_new_key_is_looked_up_within_the_time_of_its_request():
    raw, other = new_secret(secrets.choice), new_secret(secrets.choice)
    lookup = Lookup(hash_secret(raw), "org_1")
    senders = KnownSenders(lookup)
    assert senders.find(key_request(raw), 100.0) == OF_ORGANIZATION == senders.of(key_request(raw))
    assert senders.find(key_request(other), 100.0) is None
    assert senders.of(key_request(other)) != OF_ORGANIZATION
    assert lookup.deadlines == [100.0 + ANSWER_SECONDS] * 2
    assert deadline() == math.inf


@pytest.mark.parametrize("headers", [{}, KEY, SESSION, {"Authorization": "Basic b3Blbg=="}])
def test_nothing_is_looked_up_for_a_request_without_a_well_formed_key(headers):
    lookup = Lookup(HASHES["key"], "org_1")
    assert KnownSenders(lookup).find(request(headers), 100.0) is None
    assert lookup.deadlines == []


def test_a_key_stays_a_sender_of_its_own_while_the_database_is_away():
    raw = new_secret(secrets.choice)
    senders = KnownSenders(Lookup(hash_secret(raw), "org_1", Unavailable("away")))
    assert senders.find(key_request(raw), 100.0) is None
    assert senders.of(key_request(raw)) != OF_ORGANIZATION


OF_TEST_MODE = Sender("org_test_1", is_organization=True, live_id="org_1")


def test_a_key_or_session_of_test_mode_counts_for_the_organization_whose_test_mode_it_is():
    raw = new_secret(secrets.choice)
    lookup = Lookup(hash_secret(raw), "org_test_1")
    senders = KnownSenders(lookup)
    assert senders.find(key_request(raw), 100.0) == OF_TEST_MODE == senders.of(key_request(raw))
    assert OF_TEST_MODE.account == OF_ORGANIZATION.account
    in_session = {**request(SESSION), SENDER: ProvenSender(HASHES["session"], "org_test_1")}
    senders.learn(in_session, "200 OK")
    assert senders.of(request(SESSION)) == OF_TEST_MODE
    senders.learn({**in_session, SENDER: ProvenSender(HASHES["session"], "org_1")}, "200 OK")  # switched to live data
    assert senders.of(request(SESSION)) == OF_ORGANIZATION
    assert lookup.deadlines == [100.0 + ANSWER_SECONDS] * 2  # the sibling is looked up once
    assert deadline() == math.inf


def test_a_session_of_test_mode_stays_a_sender_of_its_own_while_its_organization_cannot_be_looked_up():
    senders = KnownSenders(Lookup(None, None, Unavailable("away")))
    in_session = {**request(SESSION), ARRIVED: 100.0, SENDER: ProvenSender(HASHES["session"], "org_test_1")}
    senders.learn(in_session, "200 OK")
    assert senders.of(request(SESSION)) == Sender(HASHES["session"].hex(), is_organization=False)
    assert deadline() == math.inf
