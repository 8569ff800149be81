"""A folder for the bundled PostgreSQL of one test."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support import servers


@pytest.fixture
def data():
    """A data folder of its own, in a parent that is open to the server's user; nothing is left running in it."""
    parent = Path(tempfile.mkdtemp(prefix="sd-"))
    parent.chmod(0o711)
    yield parent / "data"
    for process in servers(parent):
        process.kill()
    shutil.rmtree(parent)
