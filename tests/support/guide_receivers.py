"""The receivers of webhooks in the guide, each run as a reader of the guide would run it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from api.docs.guides import guides
from api.pages.markdown import parser
from tests.support.command_line import environment
from tests.support.conformance import NODE_MODULES, require_packages
from tests.support.waiting import wait_until

LANGUAGES = {"py": "receiver.py", "javascript": "receiver.mjs", "php": "receiver.php", "go": "receiver.go"}
"""The languages of the guide, and the file that holds the receiver."""


class GuideReceiver(NamedTuple):
    """A receiver that runs at `url`."""

    url: str
    written: Path

    def lines(self) -> list[list[str]]:
        """Return what it has printed: the words of each line."""
        return [line.split() for line in self.written.read_text(encoding="utf-8").splitlines()]

    def answer(self, body: bytes, headers: dict[str, str]) -> int:
        """Return the status with which it answers a request."""
        return httpx.post(self.url, content=body, headers=headers, trust_env=False).status_code


def skip_without_runtimes() -> None:
    """Skip the test if a language of the guide is missing here."""
    require_packages()
    if missing := [name for name in ("node", "php", "go") if shutil.which(name) is None]:
        pytest.skip(f"not installed here: {', '.join(missing)}")


@contextmanager
def running_receiver(language: str, address: str, secret: str, folder: Path) -> Iterator[GuideReceiver]:
    """Run the receiver of the guide in this language until the end of the block."""
    folder.mkdir()
    receiver = GuideReceiver(f"http://{address}/hooks", folder / "written")
    env = environment(WEBHOOK_SECRET=secret, PORT=address.rpartition(":")[2])
    command = _command(language, address, folder)
    with (
        receiver.written.open("wb") as written,
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, env=env, stdout=written, stderr=log) as process,
    ):
        try:
            wait_until(lambda: _is_up(receiver))
            yield receiver
        finally:
            process.terminate()


def _command(language: str, address: str, folder: Path) -> list[str]:
    """Return the command that runs the receiver, after preparing its folder."""
    file = folder / LANGUAGES[language]
    file.write_text(_source(language), encoding="utf-8")
    match language:
        case "py":
            return [sys.executable, str(file)]
        case "javascript":
            (folder / "node_modules").symlink_to(NODE_MODULES)
            return ["node", str(file)]
        case "php":
            return ["php", "-S", address, str(file)]
    subprocess.run(["go", "build", "-o", "receiver", str(file)], cwd=folder, env=environment(), check=True)
    return [str(folder / "receiver")]


def _source(language: str) -> str:
    guide = next(guide for guide in guides() if guide.slug == "receiving-webhooks")
    (source,) = (each.content for each in parser().parse(guide.markdown) if each.info == language)
    return source


def _is_up(receiver: GuideReceiver) -> bool:
    try:
        return receiver.answer(b"", {}) == 400
    except httpx.TransportError:
        return False
