"""A pytest plugin: what all workers of pytest-xdist need is done once, before they start or while they collect."""

from __future__ import annotations

import pytest

from tests.support.bytecode import compile_modules
from tests.support.prepared import share_folder


def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Compile the modules. Prepare a data folder, unless only fast tests are to run, which need no database."""
    compile_modules(config)
    share_folder(config, in_advance=not str(config.getoption("markexpr")).startswith("fast"))
