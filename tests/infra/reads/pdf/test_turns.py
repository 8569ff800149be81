"""Organizations take turns in a printing process: the documents of one do not hold those of another back."""

import threading
from contextlib import ExitStack
from functools import partial

import pytest

from api.ports.reads import PrintingTimedOut
from infra.reads.objects.pdf import turns as module
from infra.reads.objects.pdf.turns import Turns
from tests.support.waiting import wait_until

LATER = float("inf")


@pytest.fixture
def turns(monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 60.0)
    return Turns()


@pytest.fixture
def wait_for(turns):
    """Return a function that lets documents of these organizations wait, one after the other; it returns the turns."""
    printed: list[str] = []
    with ExitStack() as stack:

        def begin(*organizations):
            for org_id in organizations:
                before = len(turns.waiting)
                thread = threading.Thread(target=print_one, args=(org_id,))
                thread.start()
                stack.callback(thread.join)
                wait_until(partial(has_more_than, before))
            return printed

        def has_more_than(before):
            return len(turns.waiting) > before

        def print_one(org_id):
            with turns.turn(org_id, LATER):
                printed.append(org_id)

        yield begin


def test_an_organization_waits_for_one_document_of_another_at_most(turns, wait_for):
    with turns.turn("busy", LATER):
        printed = wait_for("busy", "other")
    wait_until(lambda: len(printed) == 2)
    assert printed == ["other", "busy"]


def test_only_one_document_of_an_organization_waits_while_another_organization_does(turns, wait_for):
    with turns.turn("first", LATER):
        printed = wait_for("busy", "other")
        with pytest.raises(PrintingTimedOut, match="waits already"), turns.turn("busy", LATER):
            pass
        wait_for("third")
        assert turns.waiting == ["busy", "other", "third"]
    wait_until(lambda: len(printed) == 3)
    assert printed == ["busy", "other", "third"]


def test_alone_an_organization_may_let_several_documents_wait(turns, wait_for):
    with turns.turn("busy", LATER):
        printed = wait_for("busy", "busy", "busy")
    wait_until(lambda: len(printed) == 3)


def test_a_document_does_not_wait_long_and_leaves_the_queue_then(turns, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.0)
    with turns.turn("busy", LATER), pytest.raises(PrintingTimedOut, match="other documents"), turns.turn("x", LATER):
        pass
    assert turns.waiting == []
    with turns.turn("x", LATER):
        pass


def test_a_document_that_fails_gives_its_turn_back(turns):
    with pytest.raises(ValueError, match="layout"), turns.turn("busy", LATER):
        raise ValueError("layout")
    with turns.turn("busy", LATER):
        pass
