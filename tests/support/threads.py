"""Threads that run until the end of a block."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Self


class Threads:
    """Runs each of these functions in a thread of its own. They end soon after `ended` is set."""

    def __init__(self, *works: Callable[[], object]) -> None:
        self.ended = threading.Event()
        self._threads = [threading.Thread(target=work) for work in works]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self._threads:
            thread.join()
