"""Erasures by the console: look a person up, ask, and let the worker do it."""

from __future__ import annotations

import html
import re
from typing import Any

from infra.worker.erasures import TASK, erase_persons
from infra.worker.leader import run_tasks
from infra.worker.task import Task
from tests.support.console import PASSWORD
from tests.support.privacy import CLIENT

PRIVACY = "/settings/privacy"


def look_up(client: Any, **fields: str) -> Any:
    """Send the form that looks somebody up, as a browser without script does."""
    csrf = client.token_on(PRIVACY)
    return client.post(PRIVACY, data={"csrf": csrf, "action": "look", "kind": "party", "id": CLIENT, **fields})


def ask(client: Any, **fields: str) -> Any:
    """Look somebody up, and send the form that the answer has."""
    chosen = {name: value for name, value in fields.items() if name in ("kind", "id", "left")}
    page = look_up(client, **chosen).text
    form = page.partition('id="erase"')[2].partition("</form>")[0]
    hidden = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    }
    assert "form_token" in hidden, page
    answers = {"again": hidden["id"], "password": PASSWORD, "action": "erase"}
    return client.post(PRIVACY, data={**hidden, **answers, **fields})


def carry_out(owner: Any) -> dict[str, int]:
    """Let the worker do what waits, as one of its rounds does."""
    return run_tasks(owner, tasks=(Task(TASK, erase_persons),))


def shown(client: Any) -> str:
    """Return the page as text."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", client.get(PRIVACY).text)).split())
