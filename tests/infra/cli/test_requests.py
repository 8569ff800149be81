"""`smartdhandha requests`: a request is found by its id, with its cause, with a key or without one."""

import json

import pytest

from tests.support.client import Api
from tests.support.command_line import environment, run, without_log
from tests.support.ports import free_address
from tests.support.postgres import database_settings
from tests.support.scenarios import draft_invoice
from tests.support.waiting import wait_until


@pytest.fixture
def key(organization):
    return organization.new_key(["billing:read"], limit=2)


@pytest.fixture
def api(organization, key):
    with Api(organization.url, key.raw) as client:
        yield client


@pytest.fixture
def with_key(service, key):
    return environment(SMARTDHANDHA_API_KEY=key.raw, SMARTDHANDHA_URL=service.url)


@pytest.fixture
def on_machine(shared_database):
    return environment(**database_settings(shared_database))


@pytest.fixture
def refused(api):
    """The id of a request that was refused, which is stored."""
    id = api.post("invoices", json={}).headers["X-Request-Id"]
    wait_until(lambda: api.read("requests", requestId=id))
    return id


def ids(done):
    return [json.loads(line)["requestId"] for line in done.out.splitlines()]


def test_an_error_is_found_by_its_id_with_its_cause(refused, organization, key, with_key, on_machine):
    options = ("--org", organization.id)
    for found in (run("requests", refused, env=with_key), run("requests", refused, *options, env=on_machine)):
        head, row = found.out.splitlines()
        assert head.split() == ["at", "method", "route", "status", "errorCode", "durationMs", "requestId", "keyId"]
        assert row.split()[1:5] == ["POST", "/api/v1/invoices", "403", "insufficient_scope"]
        assert row.split()[6:] == [refused, key.row["id"]]
        assert "insufficient_scope: The key is valid, but it lacks the scope" in without_log(found.err)


def test_filters_and_both_sources_give_the_same_requests(api, refused, organization, key, with_key, on_machine):
    sent = [api.get("invoices").headers["X-Request-Id"], api.get("invoices").headers["X-Request-Id"]]
    wait_until(lambda: api.read("requests", requestId=sent[-1]))
    options = ("--org", organization.id, "--key", key.row["id"])

    def both(*filters):
        of_key = ids(run("requests", "--json", "--limit", "1000", *filters, env=with_key))
        stored = ids(run("requests", "--json", "--limit", "1000", *filters, *options, env=on_machine))
        assert set(of_key) <= set(stored)
        return [each for each in stored if each in (refused, *sent)]

    assert both() == both("--since", "1h") == [*sent[::-1], refused]
    assert both("--status", "4xx") == [sent[1], refused]
    assert both("--error-code", "rate_limited") == both("--status", "429") == [sent[1]]
    assert both("--method", "POST,DELETE") == [refused]
    assert both("--until", "2026-01-01") == both("--since", "2100-01-01") == []


def test_more_than_a_page_is_read_page_by_page(organization, on_machine, owner):
    key = organization.new_key()
    entries = [
        {"org": organization.id, "key": key.row["id"], "age": n, "request": f"r{n}", "method": "GET", "status": 200}
        for n in range(250)
    ]
    batch = json.dumps([{**entry, "us": 1, "kept": True} for entry in entries])
    owner.execute("SELECT record_requests(%s)", (batch,))
    found = ids(run("requests", "--org", organization.id, "--limit", "240", "--json", env=on_machine))
    assert found == [f"r{n}" for n in range(240)]


def test_requests_of_test_mode_are_those_of_the_sibling(sibling, organization, on_machine):
    tester = sibling.api()
    draft_invoice(tester)
    options = ("--org", organization.id, "--test", "--method", "POST", "--json")
    wait_until(lambda: ids(run("requests", *options, env=on_machine)))
    assert run("requests", "--org", organization.id, env=on_machine).out == "No such requests.\n"


@pytest.mark.parametrize(
    ("options", "settings", "message", "status"),
    [
        ((), {}, "Set SMARTDHANDHA_API_KEY to an API key.", 2),
        (("--key", "key_1"), {}, "--key and --test need --org.", 2),
        (("--since", "yesterday"), {}, "must be a day (2027-03-31)", 2),
        (("--org", "org_unknown"), {}, "There is no organization 'org_unknown'.", 2),
        (("--limit", "0"), {}, "range", 2),
        (("--url", "http://" + free_address()), {"SMARTDHANDHA_API_KEY": "sd_live_x"}, "cannot be reached", 1),
    ],
)
def test_wrong_input_is_refused(on_machine, options, settings, message, status):
    done = run("requests", *options, env=on_machine | settings, status=status)
    assert message in without_log(done.err)


def test_a_wrong_filter_is_named_by_both_sources(organization, with_key, on_machine):
    for env, options in ((with_key, ()), (on_machine, ("--org", organization.id))):
        done = run("requests", "--status", "4x", *options, env=env, status=1)
        assert "status must be one or more HTTP statuses" in without_log(done.err)
