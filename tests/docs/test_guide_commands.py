"""Every command of every guide runs, in the order of the guide, and its response is as shown.

All guides use one key of one organization. Each runs with curl, and more than once, as readers may do it: a guide with
tabs runs again in each other language, and there a command that has no tabs runs in the shell; any other guide runs
twice, as those with tabs do in `make test-long`. One process runs all tabs of a language.
PowerShell is not tried: nobody has it here.
"""

from __future__ import annotations

import re
import shutil
import sys
import time as clock
from contextlib import closing
from itertools import takewhile
from pathlib import Path

import pytest

from api.docs.guide_commands import request_of
from api.docs.guide_tabs import tabs_of
from api.docs.guides import guides
from api.samples.languages import LANGUAGES
from domain.registry import SCOPES
from infra.identity.keys import create_key
from infra.identity.organizations import create_organization, get_test_organization
from infra.identity.settings import update_organization
from tests.support.cases import all_cases
from tests.support.command_line import environment
from tests.support.guide_blocks import answers, differences, fill_placeholders, read, steps
from tests.support.guide_shell import Shell
from tests.support.organization import Organization
from tests.support.sample_programs import printed_json
from tests.support.scenarios import paid_invoice
from tests.support.waiting import wait_until

INTERPRETERS = {"sh": "bash", "python": "python3", "js": "node", "php": "php"}
"""By language of a program in a guide: the command that runs it."""
PROGRAMS = {"python": "python3", "javascript": "node", "php": "php"}
"""By language of a tab: the program that runs its files."""
GUIDES = {guide.slug: guide for guide in guides()}
SLUGS = [*GUIDES]
OF_SERVERS = {"receiving-webhooks"}
"""Guides whose programs are servers. They have a test of their own, such as test_receiving_webhooks.py."""
COLLECTING, PAID = {"python", "node", "php"}, re.compile(r"INV-\S+ paid 82600\.00\n")
"""The guides with a program that drafts, sends and collects an invoice, and what it prints at the end."""
WITH_TABS = [slug for slug, guide in GUIDES.items() if any(request_of(each.source) for each in steps(guide))]
RUNS = [
    *((slug, "curl") for slug in SLUGS),
    *((slug, "curl") for slug in SLUGS if slug not in WITH_TABS),
    *(pytest.param(slug, "curl", marks=pytest.mark.long) for slug in WITH_TABS * 2),
    *((slug, each) for each in PROGRAMS for slug in WITH_TABS),
]


@pytest.fixture(scope="module")
def keys(service, owner):
    """Keys of test mode as the guides describe them, by slug; nearly all guides use the one of the empty slug.

    One of the organization's invoices is paid. The guide to test mode has an organization of its own, because it
    moves the clock and empties the log, and that to GST invoices has one with a GSTIN.
    """
    found = {}
    for slug in ("", "test-mode", "gst-invoices"):
        live = create_organization(owner, "Sharma Textiles").id
        if slug == "gst-invoices":
            update_organization(owner, live, gstin="27AAPFU0939F1ZV", address="12 MG Road, Pune")
        organization = Organization(service.url, owner, id=get_test_organization(owner, live))
        paid_invoice(organization.api())
        found[slug] = create_key(owner, organization.id, "My integration", SCOPES, 1000, None).raw
        organization.close()
    return found


@pytest.fixture
def reader(keys, request, interpreters, tmp_path):
    """Runs the commands of one guide, in its own shell and folder."""
    if shutil.which("curl") is None:
        pytest.skip("no curl is installed here")
    with closing(
        Reader(keys.get(request.node.callspec.params.get("slug"), keys[""]), tmp_path, interpreters)
    ) as reader:
        yield reader


@pytest.fixture(scope="module")
def left():
    """The second at which each guide ended. Guides use the current second in numbers, which must be unique."""
    return {}


def skip_without(*programs):
    if missing := sorted({program for program in programs if shutil.which(program) is None}):
        pytest.skip(f"not installed here: {', '.join(missing)}")


def tab_of(step, language):
    """Return the program of the command's tab for this language; None if it has no such tab."""
    choice, tabs = tabs_of(step.source) or ("", [])
    return next((tab.source for tab in tabs if choice == "language" and tab.id == language), None)


class Reader:
    """Runs the commands of one guide in one shell."""

    def __init__(self, key, folder, interpreters):
        self._key, self._folder, self._interpreters, self.seen = key, folder, interpreters, ""
        env = environment(no_proxy="*")
        self._shell = Shell(folder, {**env, "PATH": f"{Path(sys.executable).parent}:{env['PATH']}"})
        self.close = self._shell.close

    def run_in(self, language, step):
        """Run the request of the command as the tab of this language sends it. Return None if it has no such tab."""
        if language == "curl" or (source := tab_of(step, language)) is None:
            return None
        file = self._folder / LANGUAGES[language].file
        file.write_text(source)
        self.seen += (output := self._interpreters.run(language, file, self._shell.environment()))
        return output

    def run_by_command(self, language, step):
        """Run the same as a reader does: with the command that belongs to the language."""
        (self._folder / LANGUAGES[language].file).write_text(tab_of(step, language))
        return self._execute(LANGUAGES[language].command)

    def run(self, step):
        """Return the output of the command; an exit status other than 0 fails the test."""
        source = fill_placeholders(step.source, self._key, self.seen)
        if step.language == "sh":
            return self._execute(source)
        (self._folder / step.file).write_text(source)
        return self._execute(f"{INTERPRETERS[step.language]} {step.file}")

    def _execute(self, source):
        output = self._shell.run(f"{source}\n")
        self.seen += output
        return output


@pytest.mark.parametrize(("slug", "language"), RUNS)
def test_every_command_runs_and_its_response_is_as_shown(slug, language, reader, left, service):
    guide = next(guide for guide in guides(service.url) if guide.slug == slug)
    skip_without(PROGRAMS.get(language, "curl"), *(INTERPRETERS[step.language] for step in steps(guide)))
    wait_until(lambda: int(clock.time()) > left.get(slug, 0))
    outputs = []
    for step in steps(guide):
        outputs.append(output := reader.run_in(language, step) or reader.run(step))
        if step.answer is not None:
            assert differences(read(step.answer), printed_json(output)) == [], step.source
    assert slug not in COLLECTING or any(map(PAID.fullmatch, outputs)), outputs
    left[slug] = int(clock.time())


@pytest.mark.parametrize(("slug", "language"), [("quickstart", language) for language in PROGRAMS])
def test_the_file_of_a_tab_runs_with_the_command_of_its_language(slug, language, reader, service):
    skip_without(PROGRAMS[language])
    guide = next(guide for guide in guides(service.url) if guide.slug == slug)
    before = list(takewhile(lambda step: tab_of(step, language) is None, steps(guide)))
    for step in before:
        reader.run(step)
    assert printed_json(reader.run_by_command(language, steps(guide)[len(before)]))["success"]


@all_cases("slug", SLUGS)
def test_every_shown_response_is_json(slug):
    guide = GUIDES[slug]
    assert all(read(answer) is not None for answer in answers(guide))


@all_cases("slug", [slug for slug, guide in GUIDES.items() if not guide.is_for_operators and slug not in OF_SERVERS])
def test_every_guide_for_users_has_commands(slug):
    assert steps(GUIDES[slug])


@pytest.mark.parametrize(
    "real",
    [
        {"id": "bill_1", "used": 3, "items": [{"a": 1}]},
        {"id": "inv_1", "used": 3, "items": [{"a": 2}]},
        {"id": "inv_1", "used": 3, "items": []},
        {"id": "inv_1", "items": [{"a": 1}]},
        {"id": "inv_1", "used": 3, "items": [{"a": 1}], "new": 1},
    ],
)
def test_a_response_that_differs_would_be_found(real):
    shown = read('{"id": "inv_…", "used": …, "items": [{"a": 1, …}, …]}')
    assert differences(shown, {"id": "inv_1", "used": 3, "items": [{"a": 1, "b": 2}, {}]}) == []
    assert len(differences(shown, real)) == 1
