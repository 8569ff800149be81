"""schemathesis sends generated requests to the running service, and checks all responses against the OpenAPI document.

`make test` tries two examples of each operation, and `make test-long` six. `make fuzz` sets FUZZ_EXAMPLES,
for more of them, in all phases.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import environment

HERE = Path(__file__).parent
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
PHASES = "examples,coverage,fuzzing,stateful" if EXAMPLES else "examples,fuzzing,stateful"


@pytest.mark.parametrize("examples", [EXAMPLES or 2, pytest.param(6, marks=pytest.mark.long)], ids=["few", "more"])
def test_schemathesis_finds_no_failure(organization, service, tmp_path, examples):
    key = organization.new_key().raw
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
    options = ["--checks", "all", "--no-color", "--phases", PHASES, "--max-examples", str(examples)]
    options += ["--generation-database", "none", "--header", f"Authorization: Bearer {key}"]
    options += [] if EXAMPLES else ["--seed", "1"]
    done = subprocess.run(
        [*command, f"{service.url}/api/v1/openapi.json", *options],
        capture_output=True,
        text=True,
        check=False,
        env=environment(SCHEMATHESIS_HOOKS="tests.fuzz.hooks", PYTHONPATH=str(HERE.parent.parent)),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
