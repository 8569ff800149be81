"""Reports of leaked keys: only GitHub sends them, a real key is revoked and people are told, others learn nothing."""

import json
import secrets
from datetime import timedelta

import pytest

from domain.accounts.key_secret import hash_secret, new_secret
from infra.audit.security_events import SecurityEventFilter, list_security_events
from infra.identity.keys import revoke_key, rotate_key
from tests.support.client import Api, error_of
from tests.support.github import new_signing_key, public_keys, report, signed
from tests.support.service import Service

GITHUB, STRANGER = new_signing_key(), new_signing_key()
URL = "https://github.com/octocat/Hello-World/blob/1234/foo/bar.txt"


@pytest.fixture(scope="module")
def reporting(shared_database, tmp_path_factory):
    """A service that takes reports which GITHUB has signed."""
    file = tmp_path_factory.mktemp("github") / "keys.json"
    file.write_bytes(public_keys(github=GITHUB))
    with Service(shared_database, "--workers", "1", SMARTDHANDHA_GITHUB_KEYS_URL=str(file)) as service:
        yield service


@pytest.fixture
def github(reporting):
    with Api(reporting.url, None) as client:
        yield client


def send(github, body, identifier="github", key=GITHUB):
    return github.post("leaks/github", content=body, headers=signed(body, identifier, key))


def verdict_of(token, label):
    return {"token_hash": hash_secret(token).hex(), "token_type": "smartdhandha_key", "label": label}


def is_active(reporting, raw):
    with Api(reporting.url, raw) as client:
        return client.get("me").status_code == 200


def test_a_reported_key_is_revoked_at_once_and_its_organization_is_told(reporting, github, organization, owner):
    leaked, other = organization.new_key(), organization.new_key()
    assert is_active(reporting, leaked.raw)
    response = send(github, report(leaked.raw))
    assert (response.status_code, response.json()) == (200, [verdict_of(leaked.raw, "true_positive")])
    assert response.headers["Cache-Control"] == "no-store"
    with Api(reporting.url, leaked.raw) as client:
        error_of(client.get("me"), 401, "api_key_revoked")
    assert is_active(reporting, other.raw)
    stored = [
        (each.kind, each.actor_type, each.actor, each.object)
        for each in list_security_events(owner, SecurityEventFilter(org_id=organization.id))
        if each.actor_type == "secret_scanning"
    ]
    id = leaked.row["id"]
    who = ("secret_scanning", "github", id)
    assert stored == [("key.leaked", *who), ("key.revoked", *who)]
    sql = "SELECT state::json ->> 'foundAt' FROM events WHERE org_id = %s AND originator_id = %s AND name = %s"
    assert owner.execute(sql, (organization.id, id, "api_key.revoked")).fetchall() == [(URL,)]
    assert send(github, report(leaked.raw)).json() == response.json()  # again: nothing more to do
    assert owner.execute(sql, (organization.id, id, "api_key.revoked")).fetchall() == [(URL,)]


def test_a_managing_key_and_a_secret_within_its_overlap_are_revoked_too(reporting, github, organization, owner):
    manager, rotated = organization.managing_api().key, organization.new_key()
    newer = rotate_key(owner, rotated.row["id"], timedelta(hours=1))
    response = send(github, report(manager, rotated.raw, "sd_live_mistyped"))
    assert [each["label"] for each in response.json()] == ["true_positive", "true_positive", "false_positive"]
    assert not any(is_active(reporting, raw) for raw in (manager, rotated.raw, newer.raw))


def test_a_secret_that_no_longer_works_does_not_revoke_its_key(reporting, github, organization, owner):
    key = organization.new_key()
    newer = rotate_key(owner, key.row["id"], timedelta(hours=0))
    send(github, report(key.raw))
    assert is_active(reporting, newer.raw)


def test_known_and_unknown_keys_are_answered_alike(github, organization, owner):
    revoked = organization.new_key()
    revoke_key(owner, revoked.row["id"])
    unknown = new_secret(secrets.choice)
    answers = [send(github, report(token)) for token in (organization.new_key().raw, revoked.raw, unknown)]
    assert {(each.status_code, each.json()[0]["label"]) for each in answers} == {(200, "true_positive")}
    headers = [sorted(set(each.headers) - {"x-request-id", "date"}) for each in answers]
    assert headers[0] == headers[1] == headers[2] and len({len(each.content) for each in answers}) == 1


def test_only_a_signature_of_github_over_these_bytes_counts(reporting, github, organization):
    raw = organization.new_key().raw
    body = report(raw)
    good = signed(body, "github", GITHUB)
    attempts = [
        (body, signed(body, "github", STRANGER)),
        (body, signed(body, "stranger", STRANGER)),
        (body, signed(body, "stranger", GITHUB)),
        (body, signed(body + b" ", "github", GITHUB)),
        (body + b" ", good),
        (body, good | {"Github-Public-Key-Signature": "not base64!"}),
        (body, good | {"Github-Public-Key-Signature": good["Github-Public-Key-Signature"][:-8]}),
        (body, good | {"Github-Public-Key-Signature": ""}),
        (body, good | {"Github-Public-Key-Identifier": ""}),
        (body, {"Content-Type": "application/json"}),
        (body, {"Content-Type": "application/json", "Authorization": f"Bearer {raw}"}),
    ]
    for content, headers in attempts:
        error_of(github.post("leaks/github", content=content, headers=headers), 400, "invalid_parameter")
    assert is_active(reporting, raw)


@pytest.mark.parametrize("body", [b"{}", b"[1]", b'[{"token": 1, "type": "x"}]', b"[", b"\xff", b"[" * 100_000])
def test_a_signed_body_of_another_form_is_malformed(github, body):
    error_of(send(github, body), 400, "malformed_json")


def test_a_report_of_more_than_a_mebibyte_is_refused_and_one_of_many_tokens_is_not(github):
    error_of(send(github, b"[" + b" " * 1024 * 1024 + b"]"), 413, "payload_too_large")
    many = send(github, report(*(new_secret(secrets.choice) for _ in range(4000))))
    assert many.status_code == 200 and len(many.json()) == 4000


def test_texts_of_the_report_are_stored_without_keys(github, organization, owner):
    key = organization.new_key()
    send(github, report(key.raw, url=f"https://github.com/x?key={key.raw}\0{'y' * 2000}"))
    sql = "SELECT found_at FROM api_keys WHERE id = %s"
    ((place,),) = owner.execute(sql, (key.row["id"],)).fetchall()
    assert key.raw not in place and place.startswith("https://github.com/x?key=sd_live_…") and len(place) <= 500


def test_without_the_setting_there_is_no_such_route(service):
    body = report("x")
    with Api(service.url, None) as client:
        response = client.post("leaks/github", content=body, headers=signed(body, "github", GITHUB))
    assert response.status_code == 404 and json.loads(response.content)["error"]["code"] == "not_found"
