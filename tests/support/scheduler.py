"""Deals out the tests to the workers of pytest-xdist as its own scheduler does, in less processor time.

At the end of each test, its own scheduler looks at all tests that the worker has ever got, and searches the list of all
tests for the next one.

It also mixes tests that mostly wait with tests that need processors: in the order of their names, all those of `chaos/`
come at the same time, when processors have nothing to do, and later all others wait for processors.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, SupportsIndex

from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

from tests.support.alone import GROUP, QUIET_GROUPS

MOSTLY_WAIT = ("tests/chaos/", "tests/infra/webhooks/", "tests/infra/reads/test_standby.py")
"""The beginnings of the ids and groups of tests that wait most of the time."""


class Ids(list[str]):
    """The ids of the tests that a worker has collected. `index` finds an id without a search."""

    def __init__(self, ids: Iterable[str]) -> None:
        super().__init__(ids)
        self._places = {id: place for place, id in enumerate(self)}

    def index(self, value: str, start: SupportsIndex = 0, stop: SupportsIndex = -1, /) -> int:
        """Return the place of the id."""
        return self._places[value]


class Scheduler(LoadGroupScheduling):  # type: ignore[misc]
    """Deals out tests, those of a group to the same worker."""

    def add_node_collection(self, node: Any, collection: Any) -> None:
        """Keep the ids that a worker has collected."""
        super().add_node_collection(node, collection)
        if node in self.registered_collections:
            self.registered_collections[node] = Ids(collection)

    def schedule(self) -> None:
        """Deal out the first tests, or give the rest to a worker that replaces one that crashed.

        A worker begins its last test only after it was told that no other will come, or which one. pytest-xdist gives a
        new worker one group, perhaps of a single test, and would then wait for it forever.
        """
        self._waiting: deque[str] | None = None
        super().schedule()
        for node in self.nodes:
            self._reschedule(node)

    def remove_node(self, node: Any) -> str | None:
        """Take back the tests of a worker that has ended; return the one that it ran. That one has failed.

        pytest-xdist would run it again, and a test that crashed one worker or hung there would do so in the next one.
        """
        work = self.assigned_work[node]
        if began := next((tests for tests in work.values() if not all(tests.values())), None):
            test = next(test for test, is_done in began.items() if not is_done)
            began[test] = True
            if all(began.values()):
                del work[self._split_scope(test)]
            super().remove_node(node)
            return test
        return super().remove_node(node)

    def _assign_work_unit(self, node: Any) -> None:
        """Give the worker the next group. Half of the workers get those that mostly wait, while there are any."""
        if self._waiting is None:
            self._waiting = self._ordered()
        while self._waiting and self._waiting[0] not in self.workqueue:
            self._waiting.popleft()
        busy = [work for other, work in self.assigned_work.items() if other is not node and not _waits(work)]
        if self._waiting and len(busy) >= len(self.assigned_work) // 2:
            self.workqueue.move_to_end(self._waiting[0], last=False)
        super()._assign_work_unit(node)

    def _ordered(self) -> deque[str]:
        """Bring the groups into the order in which they are dealt out; return those that mostly wait.

        Tests that no ordinary test may accompany come last: others would wait for their end.
        """
        waiting = [group for group in self.workqueue if group.startswith(MOSTLY_WAIT)]
        quiet = [group for group in self.workqueue if group.startswith(QUIET_GROUPS)]
        for group in (*waiting, *quiet, *({GROUP} & self.workqueue.keys())):
            self.workqueue.move_to_end(group)
        return deque(waiting)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Note that a test has ended, and forget its group when that is done."""
        super().mark_test_complete(node, item_index, duration)
        work = self.assigned_work[node]
        group = self._split_scope(self.registered_collections[node][item_index])
        if all(work[group].values()):
            del work[group]


def _waits(work: Iterable[str]) -> bool:
    """Whether there is a group among the worker's that mostly waits."""
    return any(group.startswith(MOSTLY_WAIT) for group in work)
