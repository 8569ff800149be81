"""A key in the wrong place: refused, called leaked, repeated nowhere, stored nowhere, and in no line of the log."""

import pytest

from domain.accounts.key_secret import new_secret
from tests.support.client import Api, data_of, error_of
from tests.support.command_line import environment, run
from tests.support.postgres import database_settings, tables_containing
from tests.support.program_log import ProgramLog
from tests.support.scenarios import INVOICES, invoice_body, leave_body
from tests.support.service import Service

UNKNOWN_KEY = new_secret(lambda alphabet: alphabet[7])


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    return ProgramLog(tmp_path_factory.mktemp("log") / "stderr")


@pytest.fixture(scope="module")
def service(shared_database, log):
    """A service whose standard error goes to a file."""
    with Service(shared_database, log=log.path) as running_service:
        yield running_service


@pytest.fixture(params=["a key that exists", "a key that nobody has"])
def key(request, organization):
    return organization.new_key().raw if request.param == "a key that exists" else UNKNOWN_KEY


def misplaced(key):
    """Requests with this key in another place than the header Authorization: method, path, and other parts."""
    return {
        "in the query": ("GET", f"invoices?api_key={key}", {}),
        "in a filter": ("GET", f"invoices?search={key}", {}),
        "as the name of a parameter": ("GET", f"invoices?{key}=1", {}),
        "in the path": ("GET", f"invoices/{key}", {}),
        "in an unknown path": ("GET", f"{key}/invoices", {}),
        "in a header": ("GET", "invoices", {"headers": {"X-Api-Key": key}}),
        "as the request id": ("GET", "invoices", {"headers": {"X-Request-Id": key}}),
        "in the body": ("POST", "invoices", {"json": {"apiKey": key}}),
    }


@pytest.mark.parametrize("place", misplaced(""))
def test_without_the_header_the_answer_does_not_depend_on_whether_the_key_exists(organization, key, place, log):
    method, path, options = misplaced(key)[place]
    with Api(organization.url, None) as nobody:
        response = nobody.request(method, path, **options)
        other_method, other_path, other_options = misplaced(UNKNOWN_KEY)[place]
        other = nobody.request(other_method, other_path, **other_options)
    assert response.status_code == (404 if place == "in an unknown path" else 401)
    ours, others = response.json()["error"], other.json()["error"]
    assert {**ours, "requestId": ""} == {**others, "requestId": ""}
    assert "leaked" in ours["message"] or "header" in place or "request id" in place
    assert key not in response.text + str(response.headers) + log.text()


@pytest.mark.parametrize("place", ["in the query", "in a filter", "as the name of a parameter"])
def test_with_a_valid_key_a_key_in_the_query_is_refused_and_called_leaked(api, key, place, log):
    method, path, _ = misplaced(key)[place]
    response = api.request(method, path)
    error = error_of(response, 400, "invalid_parameter" if place == "in a filter" else "unknown_parameter")
    assert "leaked" in error["message"] and "rotate the key" in error["message"]
    assert key not in response.text + log.text()


def test_with_a_valid_key_a_key_in_the_path_is_not_repeated(api, key, log):
    response = api.get(f"invoices/{key}")
    error_of(response, 404, "not_found")
    assert key not in response.text + log.text()


BODIES = {
    "in a field of its own": ("invoices", lambda key: invoice_body(api_key=key)),
    "in the notes": ("invoices", lambda key: invoice_body(notes=f"My key is {key}.")),
    "in the name of the client": ("invoices", lambda key: invoice_body(clientName=key)),
    "in a line": ("invoices", lambda key: invoice_body(items=[{**invoice_body()["items"][0], "description": key}])),
    "in the metadata": ("invoices", lambda key: invoice_body(metadata={"key": key})),
    "in the reason": ("leaves", lambda key: leave_body(reason=f"{key}{key}")),
}


@pytest.mark.parametrize("place", BODIES)
def test_a_key_in_a_body_is_refused_and_stored_nowhere(api, key, place, log):
    path, body_of = BODIES[place]
    response = api.post(path, json=body_of(key))
    error = error_of(response, 422, "unknown_field" if place == "in a field of its own" else "validation_failed")
    assert "leaked" in error["details"][0]["message"]
    assert key not in response.text + log.text()
    assert api.read(path) == []


def test_a_key_in_a_form_of_the_console_is_refused_and_stored_nowhere(console, organization, key, owner, log):
    browser = console()
    own = organization.new_key().row["id"]
    for path in ("/settings/developer/new", f"/settings/developer/keys/{own}/edit"):
        response = browser.fill(path, {"name": f"for {key}", "scope": "billing:read", "limit": "10"})
        assert response.status_code == 422 and "must not contain an API key" in response.text
    for field in ("url", "description"):
        fields = {"url": f"{organization.url}/hooks", "scope": "billing:read", field: f"{organization.url}/{key}"}
        response = browser.fill("/settings/webhooks/new", fields)
        assert response.status_code == 422 and "must not contain an API key" in response.text
    assert tables_containing(owner, key) == set() and key not in log.text()


def test_a_key_on_the_command_line_is_refused_and_stored_nowhere(organization, shared_database, key, owner):
    env = environment(**database_settings(shared_database))
    other = organization.new_key().row["id"]
    for words in (
        ("key", "create", "--org", organization.id, "--scope", "billing:read", "--name", key),
        ("key", "update", other, "--name", key),
        ("webhook", "create", "--org", organization.id, "--url", f"https://127.0.0.1/{key}"),
        ("webhook", "create", "--org", organization.id, "--url", "https://127.0.0.1/", "--description", key),
    ):
        assert "must not contain an API key" in run(*words, env=env, status=1).err, words
    assert tables_containing(owner, key) == set()


def test_a_key_as_idempotency_key_is_refused(api, key):
    response = api.post("invoices", json=invoice_body(), headers={"Idempotency-Key": key})
    error_of(response, 400, "invalid_parameter")
    assert key not in response.text and api.read("invoices") == []


def test_a_question_with_a_key_is_answered_with_a_warning(organization, key, log):
    question = f"Why is my key {key} refused with 401?"
    with Api(organization.url, None) as nobody:
        response = nobody.post("assistant", json={"question": question, "previous": [question]})
    answer = data_of(response, 200)["answer"]
    assert "revoke" in answer.lower() or "rotate" in answer.lower()
    assert key not in response.text + log.text()


@pytest.mark.parametrize("text", ["sd_live_…", "sd_live_abc", f"{UNKNOWN_KEY[:-1]}x"])
def test_a_text_about_keys_is_no_key(api, text):
    path = f"invoices/{INVOICES['draft'](api)['id']}"
    assert api.update(path, {"notes": text})["notes"] == text
