"""No secret is in a command line, in the environment of a child process, or in a log.

Seen red with a password as an option of PostgreSQL (`-o` of `pg_ctl start`), with the environment of the service passed
on (`env=os.environ` in `OsUser.run`), and with statements and their values in PostgreSQL's log (`log_statement = all`).
"""

from pathlib import Path

import psutil
import pytest

from infra.postgres.embedded.os_user import find_os_user
from tests.support.bundled import Bundled
from tests.support.client import Api
from tests.support.postgres import folder_for_servers, server_processes
from tests.support.scenarios import sent_invoice

pytestmark = pytest.mark.process
MODEL_KEY = "key-of-the-language-model"


@pytest.fixture(scope="module")
def bundled():
    """A service on its own PostgreSQL, whose settings have secrets; an API key was made."""
    with folder_for_servers() as folder:
        made = Bundled(
            folder, may_fork=False, SMARTDHANDHA_LLM_KEY=MODEL_KEY, SMARTDHANDHA_LLM_URL="http://127.0.0.1:1"
        )
        with made.service:
            yield made


@pytest.fixture(scope="module")
def secrets(bundled):
    """What nobody but its owner may read."""
    key = bundled.new_key()
    with Api(bundled.service.url, key) as api:
        sent_invoice(api)
        api.get("invoices", params={"search": key})
        api.post("invoices", content=key)
    with Api(bundled.service.url, f"{key}x") as api:
        assert api.get("invoices").status_code == 401
    passwords = [(bundled.data / name).read_text().strip() for name in ("password", "password-application")]
    return [key, MODEL_KEY, *passwords]


def processes(bundled):
    """Return every process of the service and of its PostgreSQL."""
    serve = psutil.Process(bundled.service.process.pid)
    postgres = server_processes(bundled.data.parent)
    assert len(postgres) > 3
    return [serve, *serve.children(recursive=True), *postgres]


def found(secrets, text):
    return [secret for secret in secrets if secret in text]


def test_no_command_line_has_a_secret(bundled, secrets):
    for process in processes(bundled):
        assert found(secrets, " ".join(process.cmdline())) == []


def test_the_programs_of_postgresql_get_no_variable_of_the_service(monkeypatch):
    """PostgreSQL overwrites its environment, so another program that is started in the same way says what it got."""
    monkeypatch.setenv("SMARTDHANDHA_LLM_KEY", MODEL_KEY)
    monkeypatch.setenv("PGPASSWORD", MODEL_KEY)
    done = find_os_user().run(["/usr/bin/env"], Path("/"))
    assert {line.partition("=")[0] for line in done.stdout.splitlines()} == {"PATH", "LC_ALL", "TZ"}


def test_the_logs_have_no_secret(bundled, secrets):
    files = [bundled.log, *(bundled.data / "log").iterdir()]
    assert len(files) > 1
    for file in files:
        assert found(secrets, file.read_text(errors="replace")) == [], file
