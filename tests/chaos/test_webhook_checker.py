"""The checker of `make chaos-webhooks`: it finds nothing in what is right, and finds each thing that is made wrong."""

from tests.chaos.webhooks.checker import EARLY, GHOSTS, LOST, RENAMED, Event, Hook, check_arrivals
from tests.chaos.webhooks.receiver import SILENT, TAKEN, Arrival
from tests.support.cases import all_cases

EVENTS = [
    Event(f"evt_{place}", type, place) for place, type in enumerate(("invoice.sent", "bill.paid", "invoice.paid"), 1)
]
ORDERED = Hook("/1", "whk_1", "org_1", "key", None, ordered=True)
INVOICES = Hook("/2", "whk_2", "org_1", "key", ("invoice.*",), ordered=False)


def arrival(path, position, answer=TAKEN, **changes):
    event = EVENTS[position - 1]
    return Arrival(path, event.id, event.type, event.id, position, answer)._replace(**changes)


RIGHT = [
    arrival("/1", 1, 500),
    arrival("/1", 1),
    arrival("/2", 3),
    arrival("/1", 2),
    arrival("/1", 1),  # once more, from a sender that was killed before it could record the answer
    arrival("/1", 3, SILENT),
    arrival("/2", 1),
    arrival("/1", 3),
]


def broken(arrivals):
    findings = check_arrivals([ORDERED, INVOICES], {"org_1": EVENTS}, arrivals)
    return {finding.what for finding in findings if not finding.is_kept}


def test_nothing_is_wrong_with_failures_doubles_and_passing_events():
    assert broken(RIGHT) == set()


@all_cases(
    ("arrivals", "what"),
    [
        (RIGHT[:-1], LOST),
        ([*RIGHT, arrival("/2", 2)], GHOSTS),
        ([*RIGHT, arrival("/2", 1, type="invoice.paid")], GHOSTS),
        ([*RIGHT, arrival("/3", 1)], GHOSTS),
        ([*RIGHT, arrival("/2", 1, id="evt_other")], RENAMED),
        ([arrival("/1", 1, 500), arrival("/1", 2), *RIGHT], EARLY),
        ([arrival("/1", 2), *RIGHT], EARLY),
    ],
    ids=["lost", "another type", "another event", "another webhook", "renamed", "after a failure", "out of order"],
)
def test_what_is_wrong_is_found(arrivals, what):
    assert broken(arrivals) == {what}
