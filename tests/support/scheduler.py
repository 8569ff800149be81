"""Deals out the tests to the workers of pytest-xdist as its own scheduler does, in less processor time.

At the end of each test, its own scheduler looks at all tests that the worker has ever got, and searches the list of all
tests for the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, SupportsIndex

from xdist.scheduler import LoadGroupScheduling  # type: ignore[import-untyped]

from tests.support.alone import GROUP


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

    def _assign_work_unit(self, node: Any) -> None:
        """Give the worker the next group. The tests that must run alone come last: others would wait for their end."""
        if GROUP in self.workqueue:
            self.workqueue.move_to_end(GROUP)
        super()._assign_work_unit(node)

    def mark_test_complete(self, node: Any, item_index: int, duration: float = 0) -> None:
        """Note that a test has ended, and forget its group when that is done."""
        super().mark_test_complete(node, item_index, duration)
        work = self.assigned_work[node]
        group = self._split_scope(self.registered_collections[node][item_index])
        if all(work[group].values()):
            del work[group]
