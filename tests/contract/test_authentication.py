"""Which keys are accepted: as sent, revoked, expired and rotated; and the scopes that they need."""

from datetime import timedelta

import pytest

from domain.accounts.key_secret import checksum, new_secret
from infra.identity.keys import revoke_key, rotate_key
from tests.support.cases import all_cases
from tests.support.client import Api, data_of, error_of
from tests.support.scenarios import invoice_body
from tests.support.waiting import run_at_once

WELL_FORMED = new_secret(lambda alphabet: alphabet[7])


def ask(url, header):
    """The answer to a request with this Authorization header, on a connection of its own."""
    with Api(url, None) as api:
        return api.get("invoices", headers={} if header is None else {"Authorization": header})


def answers(organization, raw):
    """The statuses, and codes of refusals, that sixteen new connections get: more than enough to meet both workers."""
    responses = run_at_once(16, lambda _: ask(organization.url, f"Bearer {raw}"))
    return {(response.status_code, response.json().get("error", {}).get("code")) for response in responses}


@pytest.fixture
def key(organization):
    return organization.new_key()


REFUSED = {
    "nothing": (None, "missing_credentials"),
    "an empty header": ("", "missing_credentials"),
    "a scheme alone": ("Bearer", "missing_credentials"),
    "another scheme": (f"Basic {WELL_FORMED}", "missing_credentials"),
    "the key alone": (WELL_FORMED, "missing_credentials"),
    "a mistyped key": (f"Bearer {WELL_FORMED[:20]}X{WELL_FORMED[21:]}", "invalid_api_key"),
    "a truncated key": (f"Bearer {WELL_FORMED[:-1]}", "invalid_api_key"),
    "a key and more": (f"Bearer {WELL_FORMED}0", "invalid_api_key"),
    "two keys": (f"Bearer {WELL_FORMED} {WELL_FORMED}", "invalid_api_key"),
    "another prefix": (f"Bearer sk{WELL_FORMED[2:-6]}{checksum('sk' + WELL_FORMED[2:-6])}", "invalid_api_key"),
    "bytes beyond ASCII": ("Bearer sd_live_é".encode().decode("latin-1"), "invalid_api_key"),
    "a key that nobody has": (f"Bearer {WELL_FORMED}", "invalid_api_key"),
}


@all_cases("case", REFUSED)
def test_a_header_without_a_valid_key_gets_a_401_with_a_challenge(service, case):
    header, code = REFUSED[case]
    response = ask(service.url, header and header.encode("latin-1"))
    error_of(response, 401, code)
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER   {}"])
def test_the_scheme_ignores_case_and_extra_blanks(organization, key, header):
    assert ask(organization.url, header.format(key.raw)).status_code == 200


def test_a_revoked_key_stops_at_once_on_every_worker(organization, key, owner):
    assert answers(organization, key.raw) == {(200, None)}
    revoke_key(owner, key.row["id"])
    assert answers(organization, key.raw) == {(401, "api_key_revoked")}


def test_an_expired_key_stops_at_once_on_every_worker(organization, key, owner):
    assert answers(organization, key.raw) == {(200, None)}
    owner.execute("UPDATE api_keys SET expires_at = clock_timestamp() WHERE id = %s", (key.row["id"],))
    assert answers(organization, key.raw) == {(401, "api_key_expired")}


def test_a_refused_key_gets_a_challenge_and_spends_no_credit(organization, key, owner):
    revoke_key(owner, key.row["id"])
    assert ask(organization.url, f"Bearer {key.raw}").headers["WWW-Authenticate"] == "Bearer"
    assert not owner.execute("SELECT FROM credits WHERE key_id = %s", (key.row["id"],)).fetchall()


def test_both_secrets_of_a_rotated_key_work_during_the_overlap(organization, key, owner):
    newer = rotate_key(owner, key.row["id"], timedelta(hours=24))
    assert newer.raw != key.raw
    assert answers(organization, key.raw) == answers(organization, newer.raw) == {(200, None)}


def test_after_the_overlap_only_the_new_secret_works(organization, key, owner):
    newer = rotate_key(owner, key.row["id"], timedelta(hours=24))
    owner.execute(
        "UPDATE api_key_hashes SET valid_until = clock_timestamp() WHERE key_id = %s AND valid_until IS NOT NULL",
        (key.row["id"],),
    )
    assert answers(organization, key.raw) == {(401, "api_key_expired")}
    assert answers(organization, newer.raw) == {(200, None)}


def test_a_rotation_without_overlap_stops_the_old_secret_at_once(organization, key, owner):
    newer = rotate_key(owner, key.row["id"], timedelta(0))
    assert answers(organization, key.raw) == {(401, "api_key_expired")}
    assert answers(organization, newer.raw) == {(200, None)}


def test_revoking_stops_both_secrets_of_a_rotated_key(organization, key, owner):
    newer = rotate_key(owner, key.row["id"], timedelta(hours=24))
    revoke_key(owner, key.row["id"])
    assert answers(organization, key.raw) == answers(organization, newer.raw) == {(401, "api_key_revoked")}


def test_a_rotated_key_keeps_its_id_and_its_window(organization, owner):
    key = organization.new_key(limit=3)
    ask(organization.url, f"Bearer {key.raw}")
    newer = rotate_key(owner, key.row["id"], timedelta(hours=24))
    assert newer.row["id"] == key.row["id"]
    assert ask(organization.url, f"Bearer {newer.raw}").headers["X-RateLimit-Remaining"] == "1"


@pytest.mark.parametrize(
    ("scope", "status_of_get", "status_of_post"),
    [("billing:read", 200, 403), ("billing:write", 403, 201), ("leaves:read", 403, 403), ("leaves:write", 403, 403)],
)
def test_a_scope_allows_only_its_own_operations(organization, scope, status_of_get, status_of_post):
    api = organization.api(scopes=[scope])
    assert api.get("invoices").status_code == status_of_get
    assert api.post("invoices", json=invoice_body()).status_code == status_of_post
    assert api.get("me").status_code == 200


def test_a_403_names_the_missing_scope_and_the_key_s_scopes(organization):
    api = organization.api(scopes=["leaves:read", "billing:read"])
    error = error_of(api.post("invoices", json=invoice_body()), 403, "insufficient_scope")
    assert error["requiredScope"] == "billing:write"
    assert sorted(error["keyScopes"]) == ["billing:read", "leaves:read"]


def test_the_scope_is_checked_before_the_body(organization):
    api = organization.api(scopes=["billing:read"])
    error_of(api.post("invoices", content=b"{"), 403, "insufficient_scope")


def test_me_shows_the_key_s_owner_and_no_secret(organization, key):
    with Api(organization.url, key.raw) as api:
        response = api.get("me")
    account = data_of(response, 200)
    assert account["organization"] == {"id": organization.id, "name": "Test Traders", "timeZone": "Asia/Kolkata"}
    assert (account["key"]["id"], account["key"]["lastFour"]) == (key.row["id"], key.raw[-4:])
    assert key.raw not in response.text and "hash" not in response.text.lower()


def test_the_caller_s_request_id_is_returned(api):
    assert api.get("me", headers={"X-Request-Id": "my.id-1_2"}).headers["X-Request-Id"] == "my.id-1_2"


@pytest.mark.parametrize("own", [None, "", "with space", "x" * 129, "ü"])
def test_without_a_valid_request_id_a_new_one_is_made(api, own):
    headers = {} if own is None else {"X-Request-Id": own.encode("latin-1")}
    assert api.get("me", headers=headers).headers["X-Request-Id"].startswith("req_")
