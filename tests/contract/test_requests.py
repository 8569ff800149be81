"""`/requests`: each request with a key is found by its id, with its cause, by this key alone, and free of credits."""

import secrets
from functools import partial

import pytest

from domain.accounts.key_secret import new_secret
from infra.identity.keys import revoke_key
from tests.support.client import Api, error_of
from tests.support.scenarios import draft_invoice
from tests.support.waiting import wait_until


def find(api, response):
    """Return the entry of the request that was answered so, as soon as there is one."""
    (entry,) = wait_until(lambda: api.read("requests", requestId=response.headers["X-Request-Id"]))
    return entry


def facts(entry):
    return entry["method"], entry["route"], entry["status"], entry["errorCode"]


def rows_of(owner, key):
    sql = "SELECT method, route, status, error_code FROM request_records WHERE key_id = %s ORDER BY at"
    return owner.execute(sql, (key.row["id"],)).fetchall()


def counts_of(owner, key):
    sql = "SELECT sum(answered), sum(refused), sum(limited) FROM request_counts WHERE key_id = %s"
    return owner.execute(sql, (key.row["id"],)).fetchone()


def test_each_end_of_a_request_is_found_by_its_id_with_its_cause(organization):
    api = organization.api(["billing:read"], limit=4)
    ends = {
        ("GET", "/api/v1/invoices", 200, None): api.get("invoices"),
        ("POST", "/api/v1/invoices", 403, "insufficient_scope"): api.post("invoices", json={}),
        ("GET", "/api/v1/invoices/{id}", 404, "not_found"): api.get("invoices/inv_1"),
        ("GET", "/api/v1/invoices", 400, "unknown_parameter"): api.get("invoices?state=paid"),
        ("GET", "/api/v1/invoices", 429, "rate_limited"): api.get("invoices"),
        ("GET", "/api/v1/me", 200, None): api.get("me"),
        ("DELETE", "/api/v1/invoices", 405, "method_not_allowed"): api.request("DELETE", "invoices"),
        ("GET", None, 404, "not_found"): api.get("invoice"),
        ("HEAD", "/api/v1/me", 200, None): api.request("HEAD", "me"),
    }
    assert {facts(find(api, response)) for response in ends.values()} == {*ends}


def test_an_entry_has_these_fields_and_nothing_of_paths_queries_and_bodies(api):
    invoice = draft_invoice(api)["id"]
    entry = find(api, api.get(f"invoices/{invoice}?asOf=2026-01-01T00:00:00Z"))
    key = api.read("me")["key"]["id"]
    assert set(entry) == {"requestId", "keyId", "at", "method", "route", "status", "errorCode", "durationMs"}
    assert (entry["keyId"], entry["route"]) == (key, "/api/v1/invoices/{id}")
    assert 0 < entry["durationMs"] < 30_000


def test_a_retry_and_its_first_request_are_two_requests(api):
    sent = {"headers": {"Idempotency-Key": secrets.token_hex(8), "X-Request-Id": f"mine.{secrets.token_hex(8)}"}}
    body = {"employeeId": "e", "type": "earned", "startDate": "2027-01-04", "endDate": "2027-01-05"}
    first, again = (api.post("leaves", json=body, **sent) for _ in range(2))
    assert again.headers["Idempotent-Replayed"] == "true"
    id = first.headers["X-Request-Id"]
    found = wait_until(lambda: len(each := api.read("requests", requestId=id)) == 2 and each)
    assert {each["status"] for each in found} == {201}


def test_a_key_sees_its_own_requests_and_those_of_no_other(organization, other_organization):
    one, two, stranger = organization.api(), organization.api(), other_organization.api()
    response = one.get("invoices")
    find(one, response)
    for other in (two, stranger):
        assert other.read("requests", requestId=response.headers["X-Request-Id"]) == []
        keys = {each["keyId"] for each in wait_until(partial(other.read, "requests"))}
        assert keys == {other.read("me")["key"]["id"]}


def test_reading_requests_costs_nothing_and_works_without_credit_or_scope(organization):
    api = organization.api(["leaves:read"], limit=1)
    api.read("leaves")
    assert facts(find(api, api.get("leaves")))[2:] == (429, "rate_limited")
    assert api.read("me")["credits"]["used"] == 1


def test_filters_select_by_status_code_method_and_time(api):
    created, refused, missing = api.post("invoices", json={}), api.get("bills?x=1"), api.get("leaves/leave_1")
    first, *_, last = [find(api, each) for each in (created, refused, missing)]

    def ids(**params):
        return [each["requestId"] for each in api.read("requests", **params) if each["route"] != "/api/v1/requests"]

    a, b, c = (each.headers["X-Request-Id"] for each in (created, refused, missing))
    assert ids(status="4xx") == ids(status="422,404,400") == ids(status="400,4xx,5xx") == [c, b, a]
    assert ids(status="422") == ids(errorCode="validation_failed") == ids(method="POST") == [a]
    assert ids(errorCode="not_found,unknown_parameter") == [c, b]
    assert ids(**{"from": first["at"], "to": last["at"]}) == [c, b, a]
    assert ids(sort="at", to=first["at"]) == [a]
    assert ids(status="3xx") == []


def test_pages_follow_each_other_without_gaps_while_requests_are_added(api):
    sent = [api.get("invoices").headers["X-Request-Id"] for _ in range(7)]
    wait_until(lambda: len(api.read("requests", status="200", requestId=sent[-1])) == 1)
    found, url = [], "requests?limit=3&method=GET"
    while url:
        page = api.get(url).json()
        found += [each["requestId"] for each in page["data"] if each["route"] == "/api/v1/invoices"]
        url = page["pagination"]["nextUrl"]
    assert found == sent[::-1]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("status=4x", "invalid_parameter"),
        ("status=600", "invalid_parameter"),
        ("status=", "invalid_parameter"),
        ("errorCode=none", "invalid_parameter"),
        ("method=get", "invalid_parameter"),
        ("from=yesterday", "invalid_parameter"),
        ("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "invalid_parameter"),
        ("key=key_1", "unknown_parameter"),
    ],
)
def test_a_wrong_filter_is_refused(api, query, code):
    error_of(api.get(f"requests?{query}"), 400, code)


def test_requests_of_a_revoked_key_are_kept_and_those_of_unknown_keys_are_not(organization, owner):
    key = organization.new_key()
    revoke_key(owner, key.row["id"])
    total = "SELECT count(*) FROM request_records"
    with Api(organization.url, key.raw) as late, Api(organization.url, new_secret(secrets.choice)) as stranger:
        for client in (stranger, late):
            assert client.get("invoices").status_code == 401
            assert client.get("nowhere").status_code == 404
    wait_until(lambda: len(rows_of(owner, key)) == 2)
    assert rows_of(owner, key) == [
        ("GET", "/api/v1/invoices", 401, "api_key_revoked"),
        ("GET", None, 404, "not_found"),
    ]
    assert owner.execute(f"{total} WHERE error_code = 'invalid_api_key'").fetchone() == (0,)


def test_requests_without_a_credit_are_counted_all_but_kept_only_so_many_a_minute(organization, owner):
    key = organization.new_key(limit=5)
    with Api(organization.url, key.raw) as api:
        for _ in range(5):
            assert api.get("invoices?limit=1").status_code == 200
        for _ in range(300):
            assert api.get("invoices").status_code == 429
    wait_until(lambda: counts_of(owner, key) == (5, 0, 300))
    kept = [status for _, _, status, _ in rows_of(owner, key)]
    assert kept.count(200) == 5
    assert 60 <= kept.count(429) <= 240
