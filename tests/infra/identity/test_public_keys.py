"""The public keys of those who report leaked keys: when they are loaded, and what is refused."""

import pytest

from commands.unit_of_work import Unavailable
from infra.identity.leaks import public_keys as module
from infra.identity.leaks.public_keys import KEEP_SECONDS, MAX_BYTES, RETRY_SECONDS, PublicKeys
from tests.support.github import KeyServer, new_signing_key, public_keys

FIRST, SECOND = new_signing_key(), new_signing_key()
pytestmark = pytest.mark.process


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server():
    with KeyServer(public_keys(one=FIRST)) as running:
        yield running


def test_a_list_is_loaded_once_for_many_look_ups(server, clock):
    keys = PublicKeys(server.url, clock)
    assert all(keys.find("one") is not None for _ in range(5))
    assert server.asked == 1


def test_a_key_that_is_not_in_the_list_loads_it_again_but_at_most_once_a_minute(server, clock):
    keys = PublicKeys(server.url, clock)
    assert keys.find("two") is None and keys.find("two") is None
    server.body = public_keys(one=FIRST, two=SECOND)
    clock.now += RETRY_SECONDS
    assert keys.find("two") is None and server.asked == 1
    clock.now += 1
    assert keys.find("two") is not None and server.asked == 2


def test_an_old_list_is_loaded_again_while_it_is_used(server, clock):
    keys = PublicKeys(server.url, clock)
    assert keys.find("one") is not None
    server.body = public_keys(two=SECOND)
    clock.now += KEEP_SECONDS + 1
    assert keys.find("one") is not None
    keys.load().result()
    assert keys.find("one") is None


def test_while_the_list_loads_for_long_a_request_waits_once_and_then_others_are_told_to_come_back(
    server, clock, monkeypatch
):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.01)
    server.held.clear()
    keys = PublicKeys(server.url, clock)
    for _ in range(2):
        with pytest.raises(Unavailable):
            keys.find("one")
    server.held.set()
    keys.load().result()
    assert keys.find("one") is not None and server.asked == 1


NO_KEY = b'{"public_keys": [{"key_identifier": "one", "key": "x"}]}'


@pytest.mark.parametrize("body", [b"", b"{}", public_keys(two=SECOND) + b" " * MAX_BYTES, NO_KEY])
def test_a_wrong_list_leaves_the_present_keys(server, clock, body):
    keys = PublicKeys(server.url, clock)
    assert keys.find("one") is not None
    server.body = body
    keys.load().result()
    assert keys.find("one") is not None and server.asked == 2


def test_without_any_list_nothing_can_be_checked(server, clock):
    server.status = 500
    with pytest.raises(Unavailable):
        PublicKeys(server.url, clock).find("one")


def test_a_list_can_be_a_file(tmp_path, clock):
    file = tmp_path / "keys.json"
    file.write_bytes(public_keys(one=FIRST))
    assert PublicKeys(str(file), clock).find("one") is not None
