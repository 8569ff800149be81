"""`/mcp` as the suite of the Model Context Protocol judges it, in the newest revision and in the one before it.

The suite calls example tools, prompts and resources of its own. This service has none, so these checks cannot pass.
Scenarios in which a server asks the user or the model for something do not apply: this service never asks.
"""

import json
import re

import pytest
import yaml

from tests.support.conformance import SUITE, run_suite
from tests.support.key_proxy import KeyProxy

JUDGED = {
    "2026-07-28": ["server-stateless", "tools-list", "caching", "dns-rebinding-protection", "http-header-validation"],
    "2025-11-25": ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"],
}
"""The scenarios that judge this service, for each revision."""
ABSENT = re.compile(
    r"There is no method (completion/complete|logging/setLevel|(prompts|resources)/[a-z/]+) in this revision"
    r"|Unknown tool: test_\w+|does not list the diagnostic tool 'test_\w+'"
)
"""How the suite says that it did not find what only its own example server has."""
ASKING = "input-required-result-"
"""The beginning of the names of the scenarios in which a server asks for something."""


def required_scenarios(revision):
    """Return what the suite requires of a server of this revision."""
    listed = yaml.safe_load((SUITE / f"requirements/{revision}.yaml").read_text(encoding="utf-8"))["server"]
    return [name for name in listed if not name.startswith(ASKING)]


@pytest.mark.parametrize("revision", JUDGED)
def test_the_suite_of_the_protocol_finds_no_fault(organization, tmp_path, revision):
    with KeyProxy(organization.url, organization.new_key().raw) as proxy:
        checks = run_suite(f"{proxy.url}/mcp", revision, tmp_path)

    assert {*required_scenarios(revision), *JUDGED[revision]} <= set(checks)
    failed = [
        (scenario, check["id"], check.get("errorMessage"))
        for scenario in {*required_scenarios(revision), *JUDGED[revision]}
        for check in checks[scenario]
        if check["status"] == "FAILURE" and not ABSENT.search(check.get("errorMessage", ""))
    ]
    assert failed == [], json.dumps(failed, indent=1)
    passed = {name: {each["id"] for each in checks[name] if each["status"] == "SUCCESS"} for name in JUDGED[revision]}
    assert [name for name, ids in passed.items() if not ids - {"wire-schema-valid"}] == []
