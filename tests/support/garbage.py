"""A pytest plugin: Python does not search for garbage while it collects the tests, nor later in what it collected.

Thousands of tests are millions of objects that stay until the end. Each search for garbage looked at all of them, which
took a fifth of the processor time of the fast tests. What tests leave behind is found as before.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

gc.disable()  # when this plugin is loaded, before the modules of the tests are imported


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()
