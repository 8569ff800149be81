"""`make watch`: the service starts again after a change of code, and reads a template again by itself."""

import json
import signal
import subprocess
import sys

import httpx
import pytest

from tests.architecture.toy_tree import ToyTree, copy_tree
from tests.support.command_line import environment
from tests.support.waiting import wait_until

TITLE, NEW_TITLE = "Your invoices, bills and leave, one request away", "Another title"


@pytest.fixture
def tree(tmp_path):
    copy_tree(tmp_path)
    return ToyTree(tmp_path)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "watch.log"


@pytest.fixture
def watch(tree, log, own_database):
    """`make watch` on a copy of the code; afterwards it is stopped as Ctrl-C does, and must end without an error."""
    command = [sys.executable, "-m", "infra.cli.watch", "--bind", "127.0.0.1:0", "--no-demo", "--json"]
    options = {"cwd": tree.root, "env": environment(DATABASE_URL=own_database), "text": True}
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, **options) as process,
    ):
        try:
            yield process
            process.send_signal(signal.SIGINT)
            assert process.wait(40) == 0
        finally:
            process.kill()


def next_url(watch):
    """Return the address that the service prints when it has started."""
    return json.loads(watch.stdout.readline())["url"]


def test_a_change_of_code_starts_the_service_again(tree, watch):
    first = next_url(watch)
    tree.replace("api/service/health.py", '"ok"', '"changed"')
    second = next_url(watch)
    assert "changed" in httpx.get(f"{second}/healthz", trust_env=False).text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{first}/healthz", trust_env=False)


def test_after_an_error_in_the_code_it_starts_with_the_next_change(tree, watch, log):
    next_url(watch)
    tree.append("api/service/health.py", "\nnonsense nonsense\n")
    wait_until(lambda: "SyntaxError" in log.read_text())
    tree.replace("api/service/health.py", "\nnonsense nonsense\n", "")
    assert next_url(watch)


def test_a_changed_template_is_shown_without_a_new_start(tree, watch):
    url = next_url(watch)
    assert TITLE in httpx.get(url, trust_env=False).text
    tree.replace("api/docs/templates/landing_hero.html", TITLE, NEW_TITLE)
    wait_until(lambda: NEW_TITLE in httpx.get(url, trust_env=False).text)
