"""Which request waits for its turn, and which one is refused because too many wait."""

from types import SimpleNamespace

import pytest

from infra.server.senders import Sender
from infra.server.turns import Turns

THREADS, MAX_WAITING = 4, 3
BUSY, OTHER = (Sender(name, is_organization=True) for name in ("org_busy", "org_other"))


def request(sender):
    return SimpleNamespace(sender=sender)


@pytest.fixture
def turns():
    """Turns in which an organization uses half of the threads, and as many of its requests wait as may wait."""
    made = Turns(THREADS, MAX_WAITING)
    for _ in range(THREADS // 2):
        assert made.add(request(BUSY)) and made.next() is not None
    assert all(made.add(request(BUSY)) for _ in range(MAX_WAITING))
    return made


def test_an_organization_whose_queue_is_full_is_refused_alone(turns):
    assert not turns.add(request(BUSY))
    others = [request(OTHER), request(None)]
    assert all(turns.add(other) for other in others)
    assert [turns.next() for _ in others] == others and turns.next() is None


def test_the_next_request_of_an_organization_begins_when_one_has_ended(turns):
    turns.ended(BUSY)
    begun = turns.next()
    assert begun is not None and begun.sender == BUSY
    assert turns.next() is None
    assert turns.add(request(BUSY))


def test_requests_beyond_those_that_may_wait_are_refused():
    turns = Turns(THREADS, MAX_WAITING)
    assert [turns.add(request(None)) for _ in range(MAX_WAITING + 1)] == [True] * MAX_WAITING + [False]
