"""Which request waits for its turn, and which one is refused because too many wait."""

from itertools import count
from types import SimpleNamespace

import pytest

from infra.server.senders import Sender
from infra.server.turns import Turns

THREADS, MAX_WAITING = 4, 3
BUSY, OTHER = (Sender(name, is_organization=True) for name in ("org_busy", "org_other"))
TEST_MODE = Sender("org_test_busy", is_organization=True, live_id=BUSY.name)
ARRIVALS = count()


def request(sender):
    return SimpleNamespace(sender=sender, arrived=next(ARRIVALS))


def begin_all(turns):
    """Let all requests begin that may; return their senders."""
    return [begun.sender for begun in iter(turns.next, None)]


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


@pytest.mark.parametrize(("threads", "of_test_mode", "of_both"), [(8, 2, 4), (4, 1, 2), (2, 1, 1), (1, 1, 1)])
def test_test_mode_uses_half_of_what_its_organization_may_use(threads, of_test_mode, of_both):
    """Seen red with the id of a test organization as the account: both modes together used all threads."""
    turns = Turns(threads, 20)
    assert all(turns.add(request(TEST_MODE)) for _ in range(8))
    assert begin_all(turns) == [TEST_MODE] * of_test_mode
    assert all(turns.add(request(BUSY)) for _ in range(8))
    assert begin_all(turns) == [BUSY] * (of_both - of_test_mode)
    assert turns.add(request(OTHER)) and begin_all(turns) == [OTHER]


def test_when_a_request_has_ended_the_oldest_one_of_both_modes_begins_that_may():
    turns = Turns(8, 20)
    for sender in [TEST_MODE] * 3 + [BUSY] * 3 + [TEST_MODE]:
        assert turns.add(request(sender))
    assert begin_all(turns) == [TEST_MODE] * 2 + [BUSY] * 2
    turns.ended(BUSY)  # the oldest one is of test mode, which has no thread left
    assert begin_all(turns) == [BUSY]
    turns.ended(TEST_MODE)
    assert begin_all(turns) == [TEST_MODE]
    turns.ended(BUSY)
    turns.ended(BUSY)
    assert begin_all(turns) == []
    turns.ended(TEST_MODE)
    assert begin_all(turns) == [TEST_MODE]
