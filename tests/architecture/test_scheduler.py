"""In which order and to which workers of pytest-xdist tests are dealt out: see tests/support/scheduler.py."""

from types import SimpleNamespace

import pytest

from tests.support.scheduler import Scheduler

WAITING = [f"tests/chaos/test_{number}.py::test_x" for number in range(8)]
ORDINARY = [f"tests/contract/test_{number}.py::test_x" for number in range(12)]
LAST = ["tests/chaos/test_quiet.py::test_x@quiet tests/chaos/test_quiet.py", "tests/infra/test_alone.py::test_x@alone"]
IDS = [*LAST[::-1], *WAITING, *ORDINARY]


class Worker:
    """A worker that notes what it gets."""

    shutting_down = False

    def __init__(self, number, everything):
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.got, self.everything = [], everything

    def send_runtest_some(self, indexes):
        self.got += indexes
        self.everything += indexes

    def shutdown(self):
        self.shutting_down = True

    def can_begin(self, turn):
        """Whether the test of this turn can begin. The worker must know which one comes next, or that none does."""
        return turn + 1 < len(self.got) or (turn < len(self.got) and self.shutting_down)


@pytest.fixture
def scheduler():
    options = {"tx": ["4*popen"]}
    config = SimpleNamespace(option=SimpleNamespace(loadscopereorder=True), getvalue=options.__getitem__)
    return Scheduler(config, None)


@pytest.fixture
def workers(scheduler):
    """Four workers that have collected all tests."""
    everything = list[int]()
    workers = [Worker(number, everything) for number in range(4)]
    for worker in workers:
        scheduler.add_node(worker)
        scheduler.add_node_collection(worker, IDS)
    return workers


@pytest.fixture
def dealt(scheduler, workers):
    """Deal out all tests to four workers, each of which does one test in turn.

    Return the tests of each, and all in the order in which they were dealt out.
    """
    scheduler.schedule()
    for turn in range(len(IDS)):
        for worker in workers:
            if turn < len(worker.got):
                scheduler.mark_test_complete(worker, worker.got[turn])
    everything = workers[0].everything
    return [[IDS[index] for index in worker.got] for worker in workers], [IDS[index] for index in everything]


def test_every_test_is_dealt_out_once(dealt):
    _, everything = dealt
    assert sorted(everything) == sorted(IDS)


def test_half_of_the_workers_begin_with_tests_that_mostly_wait_and_the_others_with_ordinary_ones(dealt):
    of_workers, _ = dealt
    begins = [[id in WAITING for id in tests[:3]] for tests in of_workers]
    assert begins.count([True] * 3) == 2 and begins.count([False] * 3) == 2


def test_those_that_no_ordinary_test_may_accompany_come_last(dealt):
    _, everything = dealt
    assert everything[-2:] == LAST


@pytest.mark.parametrize("crash", IDS)
def test_a_test_that_crashes_its_worker_runs_once_and_all_others_run(scheduler, workers, crash):
    """Another worker takes the place of the one that crashed, as pytest-xdist does it."""
    ran = []
    turns = dict.fromkeys(workers, 0)
    scheduler.schedule()
    while able := [worker for worker, turn in turns.items() if worker.can_begin(turn)]:
        for worker in able:
            ran.append(IDS[worker.got[turns[worker]]])
            if ran[-1] != crash:
                scheduler.mark_test_complete(worker, worker.got[turns[worker]])
                turns[worker] += 1
                continue
            del turns[worker]
            assert scheduler.remove_node(worker) == crash
            new = Worker(len(workers), worker.everything)
            turns[new] = 0
            scheduler.add_node(new)
            scheduler.add_node_collection(new, IDS)
            scheduler.schedule()
    assert sorted(ran) == sorted(IDS)
