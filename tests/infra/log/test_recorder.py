"""The log behind the contracts of the event sourcing library: its repository, store and subscriptions work on it."""

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import EventStore
from psycopg.errors import UniqueViolation

from domain.invoice import Invoice
from domain.registry import aggregate_of
from infra.log.mapper import MAPPER
from infra.log.recorder import OrganizationRecorder
from infra.log.records import Head
from infra.postgres.database import connect_as_table_owner
from tests.support.scenarios import draft_invoice, sent_invoice
from tests.support.waiting import run_at_once


@pytest.fixture
def recorder(shared_database, organization):
    with connect_as_table_owner(shared_database) as conn:
        yield OrganizationRecorder(conn, organization.id)


@pytest.fixture
def store(recorder):
    return EventStore(MAPPER, recorder)


@pytest.fixture
def invoice_id(api):
    """An invoice with four events: drafted, updated twice, sent."""
    id = draft_invoice(api)["id"]
    for changes in ({"notes": "one"}, {"notes": "two"}, {"status": "sent"}):
        api.update(f"invoices/{id}", changes)
    return id


def project(aggregate, events):
    for event in events:
        aggregate = aggregate or aggregate_of(event.topic).empty(event.originator_id)
        event.mutate(aggregate)
    return aggregate


def positions(notifications):
    return [notification.id for notification in notifications]


def test_the_librarys_repository_loads_an_aggregate(store, invoice_id):
    invoice = Repository(store).get(invoice_id, projector_func=project)
    assert isinstance(invoice, Invoice)
    assert (invoice.id, invoice.version, invoice.status, invoice.notes) == (invoice_id, 4, "sent", "two")


def test_the_librarys_repository_loads_an_earlier_version(store, invoice_id):
    invoice = Repository(store).get(invoice_id, version=2, projector_func=project)
    assert (invoice.version, invoice.status, invoice.notes) == (2, "draft", "one")


def test_the_librarys_repository_misses_what_was_never_there(store, invoice_id):
    with pytest.raises(AggregateNotFoundError):
        Repository(store).get("inv_none", projector_func=project)


@pytest.mark.parametrize(
    ("arguments", "versions"),
    [
        ({}, [1, 2, 3, 4]),
        ({"gt": 2}, [3, 4]),
        ({"lte": 2}, [1, 2]),
        ({"gt": 1, "lte": 3}, [2, 3]),
        ({"gt": 4}, []),
        ({"desc": True}, [4, 3, 2, 1]),
        ({"limit": 2}, [1, 2]),
        ({"desc": True, "limit": 1}, [4]),
        ({"gt": 1, "lte": 3, "desc": True, "limit": 1}, [3]),
    ],
)
def test_events_are_selected_by_version(store, invoice_id, arguments, versions):
    assert [event.originator_version for event in store.get(invoice_id, **arguments)] == versions


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"start": None, "limit": 9}, [1, 2, 3, 4, 5]),
        ({"start": 2, "limit": 9}, [2, 3, 4, 5]),
        ({"start": 2, "limit": 9, "inclusive_of_start": False}, [3, 4, 5]),
        ({"start": 2, "limit": 2}, [2, 3]),
        ({"start": 2, "stop": 3, "limit": 9}, [2, 3]),
        ({"start": 1, "limit": 9, "topics": ["invoice.updated"]}, [3, 4]),
        ({"start": 1, "limit": 2, "topics": ["invoice.sent", "api_key.issued"]}, [1, 5]),
        ({"start": 6, "limit": 9}, []),
    ],
)
def test_notifications_are_selected_by_position(recorder, invoice_id, arguments, expected):
    assert positions(recorder.select_notifications(**arguments)) == expected


def test_the_highest_position_is_that_of_the_last_event(recorder, invoice_id):
    assert recorder.max_notification_id() == 5


def test_an_empty_log_has_no_highest_position(recorder):
    assert recorder.max_notification_id() is None


def test_the_log_of_one_organization_knows_nothing_of_anothers(recorder, other_organization):
    theirs = sent_invoice(other_organization.api())
    assert recorder.select_events(theirs["id"]) == []
    assert recorder.select_notifications(None, 100) == []


def test_an_appended_event_gets_the_next_position_and_a_taken_version_is_refused(store, recorder, invoice_id):
    void = Repository(store).get(invoice_id, projector_func=project)
    void.record(Invoice.Voided, datetime.now(UTC), status="void", voided_at="2026-01-10T00:00:00.000000Z")
    (event,) = void.collect_events()
    after = {"head": Head(5, b""), "metadata": "{}", "at": datetime.now(UTC)}
    (recording,) = store.put([event], **after)
    assert recording.notification.id == 6
    with pytest.raises(UniqueViolation):
        store.put([event], head=Head(6, b""), metadata="{}", at=datetime.now(UTC))


def test_a_subscription_sees_each_event_once_and_in_order_while_writers_write(recorder, api):
    writers, each = 8, 10
    writing = threading.Thread(target=run_at_once, args=(writers, lambda _: [draft_invoice(api) for _ in range(each)]))
    wanted = writers * each + 1  # and the key
    seen = []
    with recorder.subscribe() as subscription:
        timeout = threading.Timer(60, subscription.stop)
        timeout.start()
        writing.start()
        for notification in subscription:
            seen.append(notification)
            if len(seen) == wanted:
                break
        timeout.cancel()
    writing.join()
    assert positions(seen) == list(range(1, wanted + 1))
    assert Counter(notification.topic for notification in seen) == {"api_key.issued": 1, "invoice.drafted": 80}


def test_a_subscription_begins_after_a_position_and_takes_the_wanted_topics_only(recorder, invoice_id):
    with recorder.subscribe(gt=3, topics=["invoice.updated", "invoice.drafted"]) as subscription:
        assert next(subscription).id == 4


def test_a_stopped_subscription_ends(recorder, invoice_id):
    with recorder.subscribe(gt=5) as subscription:
        subscription.stop()
        assert list(subscription) == []
