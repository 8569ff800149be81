"""The records of requests that wait: the oldest are dropped and counted when there are too many."""

from itertools import islice

from api.ports.request.observer import RequestRecord
from infra.telemetry.requests.backlog import Backlog, Waiting


def waiting(number):
    return Waiting(float(number), RequestRecord("GET", None, 200, 0.1, "org_1", "key_1", None, f"req_{number}"))


def numbers(taken):
    return [int(each.since) for each in taken]


def test_records_are_taken_in_the_order_in_which_they_came():
    backlog = Backlog()
    for number in range(5):
        backlog.add(waiting(number))
    assert [numbers(backlog.take(3)), numbers(backlog.take(3)), backlog.take(3)] == [[0, 1, 2], [3, 4], []]


def test_what_comes_while_a_batch_is_written_waits_for_the_next_batches():
    backlog = Backlog()
    for number in range(4):
        backlog.add(waiting(number))
    written = []
    for taken in islice(backlog.batches(3), 4):
        written.append(numbers(taken))
        backlog.add(waiting(10 + len(written)))
    assert written == [[0, 1, 2], [3, 11]]
    assert numbers(backlog.take(9)) == [12]


def test_when_it_is_full_the_oldest_are_dropped_and_counted():
    dropped: list[int] = []
    backlog = Backlog(dropped.append, size=3)
    for number in range(5):
        backlog.add(waiting(number))
    assert (numbers(backlog.take(9)), sum(dropped)) == ([2, 3, 4], 2)


def test_what_could_not_be_written_waits_before_the_others_as_far_as_there_is_room():
    dropped: list[int] = []
    backlog = Backlog(dropped.append, size=4)
    for number in range(3):
        backlog.add(waiting(number))
    taken = backlog.take(3)
    for number in range(3, 5):
        backlog.add(waiting(number))
    backlog.put_back(taken)
    assert (numbers(backlog.take(9)), sum(dropped)) == ([1, 2, 3, 4], 1)
