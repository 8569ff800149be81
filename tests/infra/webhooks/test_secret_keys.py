"""Of two processes with different keys for secrets, the later one is not ready, sends nothing and pauses no webhook."""

import httpx
import pytest
from cryptography.fernet import Fernet

from infra.postgres.pool import open_pool
from infra.postgres.readiness.health import DatabaseHealth
from infra.postgres.readiness.secret_keys import OTHER_KEY
from tests.support.client import error_of
from tests.support.console import SESSION, Console, new_user, open_session
from tests.support.organization import Organization
from tests.support.postgres import logins_of
from tests.support.scenarios import draft_invoice as draft_over_http
from tests.support.senders import KEY, RunningSender, draft_invoice, is_sender, new_webhook, shown
from tests.support.service import Service
from tests.support.waiting import wait_until

OTHER = Fernet.generate_key().decode()


def key_is_used(conn):
    return conn.execute("SELECT FROM secret_keys").rowcount == 1


def problem(pool, *keys):
    return DatabaseHealth(pool, keys).problem()


@pytest.fixture
def own_pool(own_database):
    with open_pool(logins_of(own_database), 2) as opened:
        yield opened


def test_a_later_process_with_another_key_is_not_ready_while_the_first_one_lives(conn, own_pool):
    assert problem(own_pool, KEY) is None
    assert problem(own_pool, OTHER) == OTHER_KEY
    assert problem(own_pool, KEY) is None
    assert problem(own_pool, OTHER, KEY) is None
    assert problem(own_pool, KEY) == OTHER_KEY
    conn.execute("UPDATE secret_keys SET used_at = used_at - interval '2 minutes'")
    assert problem(own_pool, KEY) is None


def test_a_later_sender_with_another_key_sends_nothing_and_pauses_nothing(conn, books, receiver, own_database, caplog):
    with RunningSender(own_database):
        wait_until(lambda: key_is_used(conn))
    new_webhook(conn, books.id, receiver.url)
    draft_invoice(books)

    with RunningSender(own_database, key=OTHER):
        wait_until(lambda: "delivers nothing" in caplog.text)
    assert shown(conn, books.id)["status"] == "active" and receiver.requests == []

    with RunningSender(own_database):
        wait_until(lambda: receiver.requests)


def test_a_service_is_not_ready_while_another_process_has_another_key(conn, own_database):
    with Service(own_database, SMARTDHANDHA_SECRET_KEY=KEY, SMARTDHANDHA_SENDERS="0") as service:
        assert ready(service).status_code == 200
        conn.execute("INSERT INTO secret_keys VALUES ('another', clock_timestamp())")
        refused = wait_until(lambda: (found := ready(service)).status_code == 503 and found)
        assert "SMARTDHANDHA_SECRET_KEY" in refused.text
        assert not any(is_sender(each) for each in service.children())  # with SMARTDHANDHA_SENDERS=0, there is none


def test_a_hash_that_is_null_stands_for_no_key_of_another_process(conn, own_pool):
    """Seen red with the function of migration 19: SQL as the application could keep all processes from being ready."""
    assert problem(own_pool, KEY) is None
    with own_pool.connection() as app:
        assert app.execute("SELECT use_secret_key(ARRAY['x', NULL])").fetchone() == (False,)
    assert key_is_used(conn)


def test_without_a_key_and_a_folder_for_one_all_but_webhooks_is_served(conn, own_database, tmp_path):
    """Seen red with a start that does not catch the error of the file."""
    log = tmp_path / "log"
    with Service(
        own_database,
        "--workers",
        "1",
        log=log,
        SMARTDHANDHA_SECRET_KEY="",
        SMARTDHANDHA_DATA="/dev/null/data",
        SMARTDHANDHA_SENDERS="1",
    ) as service:
        organization = Organization(service.url, conn)
        draft_over_http(organization.api())
        refused = organization.api().post("webhooks", json={"url": "https://127.0.0.1/hooks"})
        assert "SMARTDHANDHA_SECRET_KEY" in error_of(refused, 503, "unavailable")["message"]
        with Console(service.url) as browser:
            session = open_session(conn, new_user(conn, organization.id).user.id)
            browser.cookies.set(SESSION, session, domain="127.0.0.1")
            form = {"url": "https://127.0.0.1/hooks", "scope": "billing:read"}
            page = browser.fill("/settings/webhooks/new", form)
            assert page.status_code == 422 and "must set SMARTDHANDHA_SECRET_KEY" in page.text
        assert ready(service).status_code == 200
        assert not any(is_sender(child) for child in service.children())
        organization.close()
    assert "webhooks cannot be created and get no events" in log.read_text()


def ready(service):
    return httpx.get(f"{service.url}/readyz", trust_env=False)
