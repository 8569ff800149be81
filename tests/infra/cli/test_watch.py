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


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the code, which the tests change in turn."""
    folder = tmp_path_factory.mktemp("tree")
    copy_tree(folder)
    return ToyTree(folder)


class Watched:
    """The service that `make watch` runs: its address now, and its log."""

    def __init__(self, process, log):
        self._process, self._log = process, log
        self.start()

    def start(self):
        """Wait until the service has started, and remember the address that it prints."""
        self.url = json.loads(self._process.stdout.readline())["url"]

    def get(self, path=""):
        return httpx.get(f"{self.url}{path}", timeout=30, trust_env=False)

    def has_logged(self, text):
        return text in self._log.read_text()


@pytest.fixture(scope="module")
def watched(tree, new_database):
    """`make watch` on the copy; afterwards it is stopped as Ctrl-C does, and must end without an error."""
    command = [sys.executable, "-m", "infra.cli.watch", "--bind", "127.0.0.1:0", "--no-demo", "--json"]
    options = {"cwd": tree.root, "env": environment(DATABASE_URL=new_database()), "text": True}
    log = tree.root / "watch.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, **options) as process,
    ):
        try:
            yield Watched(process, log)
            process.send_signal(signal.SIGINT)
            assert process.wait(40) == 0
        finally:
            process.kill()


def test_a_changed_template_is_shown_without_a_new_start(tree, watched):
    assert TITLE in watched.get().text
    tree.replace("api/docs/templates/landing/hero.html", TITLE, NEW_TITLE)
    wait_until(lambda: NEW_TITLE in watched.get().text)


def test_a_change_of_code_starts_the_service_again(tree, watched):
    first = watched.url
    tree.replace("api/service/health.py", '"ok"', '"changed"')
    watched.start()
    assert "changed" in watched.get("/healthz").text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{first}/healthz", trust_env=False)


def test_after_an_error_in_the_code_it_starts_with_the_next_change(tree, watched):
    tree.append("api/service/health.py", "\nnonsense nonsense\n")
    wait_until(lambda: watched.has_logged("SyntaxError"))
    tree.replace("api/service/health.py", "\nnonsense nonsense\n", "")
    watched.start()
    assert watched.get("/healthz").status_code == 200
