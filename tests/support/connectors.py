"""Runs the tests of a connector in `integrations/`, which are written in JavaScript, against a live service."""

import shutil
import subprocess

import pytest

from tests.architecture.tree import ROOT
from tests.support.command_line import environment
from tests.support.senders import RunningSender


def run_tests_of(connector, organization, database, command=("npm", "test", "--silent")):
    """Run the tests of a connector with a key of the organization, and deliver to its webhooks meanwhile.

    The output explains a failure. `database` is that of the service.
    """
    folder = ROOT / "integrations" / connector
    if shutil.which("npm") is None or not (folder / "node_modules/.installed").exists():
        pytest.skip("set-up could not install the connector's packages: no npm, or no network")
    env = environment(SD_URL=organization.url, SD_KEY=organization.new_key().raw)
    with RunningSender(database):
        ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
