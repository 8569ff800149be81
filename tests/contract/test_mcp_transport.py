"""`/mcp`: what is a message, which revision it speaks, and which website may send it."""

import pytest

from tests.support.mcp import ask, headers_for, message, post, refusal
from tests.support.scenarios import LINE, draft_invoice
from tests.support.service import Service

NEWEST = "2026-07-28"
OLDER = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]


def older(method, id=1, **params):
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": params}


@pytest.fixture
def url(organization):
    return f"{organization.url}/mcp"


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_only_post_is_served(api, url, method):
    response = api.request(method, url)
    assert (response.status_code, response.headers["Allow"]) == (405, "POST, OPTIONS")


@pytest.mark.parametrize("revision", OLDER)
def test_an_older_client_agrees_on_its_own_revision(api, revision):
    result = post(api, older("initialize", protocolVersion=revision, capabilities={})).json()["result"]
    assert result["protocolVersion"] == revision
    assert result["capabilities"] == {"tools": {}}
    assert "Mcp-Session-Id" not in post(api, older("ping")).headers


@pytest.mark.parametrize("asked", [NEWEST, "2030-01-01", None])
def test_any_other_client_is_offered_the_newest_revision_with_a_handshake(api, asked):
    result = post(api, older("initialize", protocolVersion=asked)).json()["result"]
    assert result["protocolVersion"] == "2025-11-25"


@pytest.mark.parametrize("revision", OLDER)
def test_an_older_client_lists_and_calls_tools(api, revision):
    headers = {"MCP-Protocol-Version": revision}
    listed = post(api, older("tools/list"), headers).json()["result"]
    assert set(listed) == {"tools"}
    called = post(api, older("tools/call", name="getAccount", arguments={}), headers).json()["result"]
    assert set(called) == {"content", "structuredContent", "isError"}


def test_results_of_the_newest_revision_say_that_they_are_complete_and_who_made_them(api):
    discovered, listed = ask(api, "server/discover"), ask(api, "tools/list")
    assert discovered["supportedVersions"] == [NEWEST, *OLDER]
    for result in (discovered, listed):
        assert (result["resultType"], result["cacheScope"]) == ("complete", "private")
        assert result["ttlMs"] > 0
        assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "smartdhandha"


def test_a_notification_is_accepted_without_a_body(api):
    response = post(api, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (response.status_code, response.content) == (202, b"")


@pytest.mark.parametrize("method", ["initialize", "ping", "resources/list", "subscriptions/listen", "logging/setLevel"])
def test_a_method_that_the_newest_revision_does_not_have_is_404(api, method):
    body = message(method)
    refusal(post(api, body, headers_for(body)), 404, -32601)


@pytest.mark.parametrize("method", ["server/discover", "resources/list", "prompts/list"])
def test_an_older_client_learns_of_an_unknown_method_with_200(api, method):
    refusal(post(api, older(method)), 200, -32601)


def test_an_unknown_tool_is_an_error_of_the_protocol(api):
    body = message("tools/call", name="dropTables")
    assert "dropTables" in refusal(post(api, body, headers_for(body)), 400, -32602)["message"]
    refusal(post(api, older("tools/call", name="dropTables")), 200, -32602)


def test_a_key_in_the_name_of_a_tool_is_not_repeated(api):
    body = message("tools/call", name=api.key)
    assert api.key not in post(api, body, headers_for(body)).text


def test_an_unknown_revision_is_told_which_are_known(api):
    error = refusal(post(api, older("tools/list"), {"MCP-Protocol-Version": "1900-01-01"}), 400, -32022)
    assert error["data"] == {"supported": [NEWEST, *OLDER], "requested": "1900-01-01"}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", -32700), (b"7", -32600), (b'{"jsonrpc": "2.0", "id": 7}', -32600), (b"[]", -32600), (b"\xff", -32700)],
)
def test_a_malformed_body_is_refused_with_its_id_if_it_has_one(api, url, content, code):
    response = api.post(url, content=content, headers={"Content-Type": "application/json"})
    refusal(response, 400, code)
    assert response.json()["id"] == (7 if b"id" in content else None)


def test_a_body_of_another_type_is_refused(api, url):
    refusal(api.post(url, content=b"{}", headers={"Content-Type": "text/plain"}), 415, 415)
    refusal(api.post(url, content=b" " * (1024 * 1024 + 1), headers={"Content-Type": "application/json"}), 413, 413)


def test_several_messages_in_one_body_are_answered_in_the_revision_that_had_them(api):
    batch = [older("ping", 1), {"jsonrpc": "2.0", "method": "notifications/initialized"}, older("nothing", 2), 7]
    answers = post(api, batch).json()
    assert [(each["id"], "error" in each) for each in answers] == [(1, False), (2, True), (None, True)]
    refusal(post(api, batch, {"MCP-Protocol-Version": "2025-06-18"}), 400, -32600)
    assert post(api, batch[1:2]).status_code == 202


def test_a_batch_calls_no_further_operation_after_4_mebibytes(api):
    """Seen red without the limit: 20 pages of 4 MiB, each as text and as JSON, were in memory at once."""
    for _ in range(14):
        draft_invoice(api, items=[{**LINE, "description": "\u20b9" * 480}] * 200)
    used = api.read("me")["credits"]["used"]
    page = {"name": "listInvoices", "arguments": {"include": ["items"], "limit": 100}}
    answers = post(api, [older("tools/call", number, **page) for number in range(20)]).json()
    assert [each["id"] for each in answers if "result" in each] == [0, 1]
    assert {each["error"]["code"] for each in answers[2:]} == {-32600}
    assert api.read("me")["credits"]["used"] == used + 2


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://evil.example:8000", "http://["])
def test_scripts_of_other_websites_are_refused(api, origin):
    body = message("tools/list")
    error = refusal(post(api, body, {**headers_for(body), "Origin": origin}), 403, 403)
    assert "SMARTDHANDHA_CORS_ORIGINS" in error["message"]


def test_a_name_that_leads_to_this_machine_does_not_make_a_website_its_own(api):
    body = message("tools/list")
    headers = {**headers_for(body), "Origin": "http://evil.example", "Host": "evil.example"}
    refusal(post(api, body, headers), 403, 403)


def test_a_page_of_this_service_on_this_machine_may_call_it(api, organization):
    body = message("tools/list")
    assert post(api, body, {**headers_for(body), "Origin": organization.url}).status_code == 200


def test_websites_that_the_operator_allows_may_call_it(shared_database, organization):
    allowed, own = "https://app.example.in", "https://api.example.in"
    with Service(shared_database, SMARTDHANDHA_CORS_ORIGINS=allowed, SMARTDHANDHA_PUBLIC_URL=own) as service:
        api, body = organization.api(), message("tools/list")
        api.base_url = f"{service.url}/api/v1/"
        for origin, status in [(allowed, 200), (own, 200), ("https://evil.example", 403)]:
            assert post(api, body, {**headers_for(body), "Origin": origin}).status_code == status
        response = post(api, body, {**headers_for(body), "Origin": allowed})
        assert response.headers["Access-Control-Allow-Origin"] == allowed
