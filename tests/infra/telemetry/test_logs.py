"""The log: one JSON line per request, which says what happened and repeats nothing that the client sent."""

import json
import logging
import socket

import pytest
from gunicorn.config import Config

from infra.telemetry.logs import JsonLines
from infra.telemetry.server_log import ServerLog
from tests.support.cases import all_cases
from tests.support.client import Api
from tests.support.console import SESSION, Console, new_user, open_session
from tests.support.organization import Organization
from tests.support.program_log import ProgramLog
from tests.support.service import Service
from tests.support.waiting import wait_until

FACTS = {"method", "route", "status", "durationMs", "org", "key", "user", "requestId"}
FIELDS = {"at", "level", "logger", "message", *FACTS}


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return ProgramLog(tmp_path_factory.mktemp("log") / "stderr")


@pytest.fixture(scope="module")
def service(shared_database, log):
    with Service(shared_database, log=log.path) as running:
        yield running


def test_a_request_is_one_line(log, api, organization):
    response = api.post("invoices", json={"clientId": "x"})
    shown = api.get("invoices/inv_none", headers={"X-Request-Id": "mine-1"})
    assert response.status_code == 422
    assert shown.status_code == 404
    line = log.of(shown)
    assert set(line) == FIELDS
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/invoices/{id}", 404)
    assert (line["level"], line["org"], line["requestId"]) == ("info", organization.id, "mine-1")
    assert line["key"] == api.read("me")["key"]["id"]
    assert 0 < line["durationMs"] < 30_000
    assert log.of(response)["status"] == 422
    assert len([line for line in log.requests() if line["requestId"] == "mine-1"]) == 1


def test_a_head_request_is_logged_with_its_method(log, api):
    assert log.of(api.head("me"))["method"] == "HEAD"


def test_unknown_paths_and_methods_are_not_logged(log, api):
    assert log.of(api.get("secret-of-acme"))["route"] is None
    assert log.of(api.get("invoices/a%00b"))["route"] is None
    line = log.of(api.request("ACME-SECRET", "me"))
    assert (line["method"], line["route"], line["status"]) == ("OTHER", "/api/v1/me", 405)
    assert "secret" not in log.text().lower()


def test_a_request_without_a_key_has_no_organization(log, service):
    with Api(service.url, None) as nobody:
        line = log.of(nobody.get("me"))
    assert (line["status"], line["org"], line["key"]) == (401, None, None)


def test_no_key_body_or_query_value_is_logged(log, api, service):
    key = api.key
    with Api(service.url, None) as nobody:
        for response in (
            nobody.get("me", params={"api_key": key}),
            nobody.get(f"invoices/{key}"),
            nobody.get("me", headers={"X-Request-Id": key}),
            nobody.get("me", headers={"Authorization": f"Basic {key}"}),
            api.get("invoices", params={"clientId": "query-value"}),
            api.post("invoices", json={"clientName": "body-value", key: key}),
        ):
            assert log.of(response)
    host, port = service.url.removeprefix("http://").split(":")
    for bad in (
        f"GET /{key} HTTP/9.9\r\n\r\n",
        f"GET / HTTP/1.1\r\nAutho rization: Bearer {key}\r\n\r\n",
        f"{key}\r\n\r\n",
    ):
        with socket.create_connection((host, int(port)), timeout=10) as raw:
            raw.sendall(bad.encode())
            assert b" 400 " in raw.recv(1000)
    wait_until(lambda: "invalid request" in log.text())
    for secret in (key, key[8:], "query-value", "body-value"):
        assert secret not in log.text()


def test_every_line_is_json_with_a_time_and_a_level(log, api):
    api.read("me")
    for line in log.lines():
        assert {"at", "level", "logger", "message"} <= set(line)


@pytest.mark.parametrize("env", [{"SMARTDHANDHA_ACCESS_LOG": "false"}, {"SMARTDHANDHA_LOG_LEVEL": "warning"}])
def test_requests_are_not_logged_when_a_setting_turns_that_off(shared_database, owner, tmp_path, env):
    quiet = ProgramLog(tmp_path / "stderr")
    with Service(shared_database, "--workers", "1", log=quiet.path, **env) as running:
        organization = Organization(running.url, owner)
        organization.api().read("me")
        organization.close()
    assert quiet.requests() == []


@all_cases("text", ["a\nb", "\x1b[2J", "\x9b2J", "\x7f", "a\u202eb", "\u2066a", "a\u2028b\u2029", "\u061ca\u200f"])
def test_a_text_of_others_in_a_line_moves_no_cursor_and_turns_nothing_round(text):
    line = JsonLines().format(logging.LogRecord("x", logging.INFO, "", 0, text, None, None))
    assert line.isascii() and line.isprintable() and json.loads(line)["message"] == text


def test_a_request_to_the_console_names_the_user(log, organization, owner):
    user = new_user(owner, organization.id).user
    with Console(organization.url) as browser:
        browser.cookies.set(SESSION, open_session(owner, user.id), domain="127.0.0.1")
        line = log.of(browser.get("/home"))
    assert (line["status"], line["org"], line["user"], line["key"]) == (200, organization.id, user.id, None)


def test_a_line_about_an_invalid_request_names_the_address_that_sent_it(log, service):
    with socket.create_connection(("127.0.0.1", int(service.url.rpartition(":")[2])), timeout=10) as raw:
        raw.sendall(b"GET / HTTP/9.9\r\n\r\n")
        assert b" 400 " in raw.recv(1000)
    wait_until(lambda: "invalid request" in log.text())
    assert {line["ip"] for line in log.lines() if line["message"] == "invalid request"} == {"127.0.0.1"}


@pytest.mark.parametrize(
    "said",
    [
        ("Invalid request from ip=192.0.2.7: Invalid HTTP Version: 'sd_live_x'",),
        ("Invalid request from ip=%s: %s", "192.0.2.7", "Invalid HTTP Version: 'sd_live_x'"),
    ],
)
def test_the_servers_own_line_about_an_invalid_request_names_the_address_and_quotes_nothing(said, caplog):
    server_log = ServerLog(Config())
    server_log.error_log.propagate = True
    server_log.warning(*said)
    (record,) = caplog.records
    line = json.loads(JsonLines().format(record))
    assert (line["message"], line["ip"]) == ("invalid request", "192.0.2.7")
    assert "Invalid HTTP" not in str(line)
